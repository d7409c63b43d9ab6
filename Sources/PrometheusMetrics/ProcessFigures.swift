#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What the kernel tells of this process, under the names that Prometheus' client libraries use. Nothing where there
/// is no /proc.
public struct ProcessFigures: Sendable {
  private let root: String

  /// - Parameter root: where the kernel's files are; another place for tests.
  public init(root: String = "/proc") { self.root = root }

  /// The families of this moment.
  public func families() -> [MetricFamily] {
    guard let stat = Self.contents(of: root + "/self/stat"), let fields = Self.statFields(stat) else { return [] }
    let ticks = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
    let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))
    var families = [
      MetricFamily(
        "process_cpu_seconds_total", .counter, help: "CPU time of this process, in user mode and in the kernel.",
        value: (fields[.userTime] + fields[.systemTime]) / ticks),
      MetricFamily(
        "process_resident_memory_bytes", .gauge, help: "Memory of this process that is in RAM.",
        value: fields[.residentPages] * pageSize),
    ]
    if let boot = Self.contents(of: root + "/stat").flatMap(Self.bootTime) {
      families.append(
        MetricFamily(
          "process_start_time_seconds", .gauge, help: "When this process began, in seconds since 1970.",
          value: boot + fields[.startTime] / ticks))
    }
    if let open = Self.entries(of: root + "/self/fd") {
      families.append(
        MetricFamily("process_open_fds", .gauge, help: "File descriptors that are open.", value: Double(open)))
    }
    if let most = Self.contents(of: root + "/self/limits").flatMap(Self.maximumFiles) {
      families.append(
        MetricFamily("process_max_fds", .gauge, help: "File descriptors that may be open.", value: most))
    }
    return families
  }

  /// Fields of /proc/self/stat by their numbers in proc(5).
  enum StatField: Int {
    case userTime = 14
    case systemTime = 15
    case startTime = 22
    case residentPages = 24
  }

  struct StatFields {
    /// The fields behind the program's name, which is the second and can hold blanks and brackets.
    let values: [Double]

    subscript(_ field: StatField) -> Double { values[field.rawValue - 3] }
  }

  static func statFields(_ text: String) -> StatFields? {
    guard let bracket = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: bracket)...].split(whereSeparator: \.isWhitespace)
    let values = fields.map { Double($0) ?? 0 }
    return values.count > StatField.residentPages.rawValue - 3 ? StatFields(values: values) : nil
  }

  static func bootTime(_ text: String) -> Double? {
    for line in text.split(separator: "\n") where line.hasPrefix("btime ") { return Double(line.dropFirst(6)) }
    return nil
  }

  static func maximumFiles(_ text: String) -> Double? {
    for line in text.split(separator: "\n") where line.hasPrefix("Max open files") {
      let soft = line.dropFirst("Max open files".count).split(separator: " ").first
      return soft == "unlimited" ? .infinity : soft.flatMap { Double($0) }
    }
    return nil
  }

  private static func contents(of path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0 { return nil }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  /// How many names a directory holds.
  private static func entries(of path: String) -> Int? {
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      // `.` and `..`; no other name in it begins so.
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
    }
    // The descriptor that reads the directory is one of them.
    return count - 1
  }
}
