#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Where bytes go: standard output or a file.
final class OutputSink: Sendable {
  /// Nobody reads any more: the tool ends quietly.
  struct Closed: Error {}

  /// Writing failed.
  struct Failure: Error, CustomStringConvertible {
    var target: String
    var reason: String
    var description: String { "\(target) cannot be written: \(reason)" }
  }

  private let descriptor: Int32
  private let path: String?
  private let temporaryPath: String?

  static let standardOutput = OutputSink()

  private init() {
    descriptor = STDOUT_FILENO
    path = nil
    temporaryPath = nil
  }

  /// A file that appears whole when `finish` is called, and not before.
  init(path: String) throws(Failure) {
    let temporary = path + ".partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(target: path, reason: Self.reason()) }
    self.descriptor = descriptor
    self.path = path
    temporaryPath = temporary
  }

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// How many columns a terminal has; nil for anything else.
  var columns: Int? {
    var size = winsize()
    guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  func write(_ bytes: some Collection<UInt8>) throws {
    let run = Array(bytes)
    try run.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
        if written < 0 {
          if errno == EINTR { continue }
          if errno == EPIPE { throw Closed() }
          throw Failure(target: path ?? "standard output", reason: Self.reason())
        }
        rest = rest.dropFirst(written)
      }
    }
  }

  func finish() throws(Failure) {
    guard let path, let temporaryPath else { return }
    guard close(descriptor) == 0, rename(temporaryPath, path) == 0 else {
      throw Failure(target: path, reason: Self.reason())
    }
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}

/// Standard error, for what is said beside the output.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a line. That nobody reads it is no fault.
  static func write(_ line: String) { writeRaw(line + "\n") }

  static func writeRaw(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { systemWrite(STDERR_FILENO, $0) }
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
