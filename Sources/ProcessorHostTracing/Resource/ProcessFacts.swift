#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What a process can find out about itself without asking another, and without Foundation.
///
/// OpenTelemetry semantic conventions: Resource, for the names of architectures and systems.
enum ProcessFacts {
  /// A random UUID of version 4, the same as long as the process lives.
  static let instanceID: String = {
    var generator = SystemRandomNumberGenerator()
    return randomUUID(using: &generator)
  }()

  /// RFC 9562, UUID Version 4: 122 random bits, and the marks of version and variant.
  static func randomUUID(using generator: inout some RandomNumberGenerator) -> String {
    let high = generator.next() & ~0xF000 | 0x4000
    let low = generator.next() & ~(0xC0 << 56) | 0x80 << 56
    let digits = [high, low].map { word in
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text += "-" }
      text.append(digit)
    }
    return text
  }

  /// The name under which the machine or container knows itself.
  static var hostName: String? {
    text { start, count in gethostname(start, count - 1) == 0 ? strnlen(start, count) : 0 }
  }

  /// The file that runs, without its folders: of the command line nothing is looked at.
  static var executableName: String? {
    #if canImport(Darwin)
      return getprogname().flatMap { String(validatingCString: $0) }
    #else
      let path = text { start, count in readlink("/proc/self/exe", start, count) }
      // What was replaced while it ran, as a deployment does it.
      let mark = " (deleted)"
      let file = path?.split(separator: "/").last.map(String.init)
      return file.map { $0.hasSuffix(mark) ? String($0.dropLast(mark.count)) : $0 }
    #endif
  }

  /// The process's number.
  static var identifier: Int64 { Int64(getpid()) }

  /// The processor that the program was built for.
  static var architecture: String? {
    #if arch(x86_64)
      "amd64"
    #elseif arch(arm64)
      "arm64"
    #elseif arch(arm)
      "arm32"
    #elseif arch(i386)
      "x86"
    #elseif arch(s390x)
      "s390x"
    #elseif arch(powerpc64) || arch(powerpc64le)
      "ppc64"
    #else
      nil
    #endif
  }

  /// The kind of system.
  static var operatingSystem: String? {
    #if os(Linux)
      "linux"
    #elseif canImport(Darwin)
      "darwin"
    #else
      nil
    #endif
  }

  /// The Swift that the program was built with; nil for one that came later than this, since none can be asked.
  static var compilerVersion: String? {
    #if compiler(>=6.5)
      nil
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }

  /// What the system writes into a buffer; nil for nothing, for what is longer than a path, and for what is no UTF-8.
  /// - Parameter write: gets the start of the buffer, all zero, and its length, and says how much it wrote.
  private static func text(_ write: (UnsafeMutablePointer<CChar>, Int) -> Int) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      buffer.initialize(repeating: 0)
      guard let start = buffer.baseAddress else { return nil }
      let count = write(start, buffer.count)
      guard (1..<buffer.count).contains(count) else { return nil }
      return String(validating: buffer.prefix(count).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
