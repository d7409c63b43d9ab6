#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Why bytes could not be written.
enum OutputFailure: Error, CustomStringConvertible {
  /// The task was cancelled while nobody took the bytes; so many had been written.
  case cancelled(written: Int)
  /// Nobody reads any more.
  case closed
  /// What the system says.
  case system(String)

  var description: String {
    switch self {
    case .cancelled: "nobody took the output in time"
    case .closed: "nobody reads the output any more"
    case .system(let reason): reason
    }
  }

  static func last() -> OutputFailure {
    let number = errno
    return number == EPIPE ? .closed : .system(String(cString: strerror(number)))
  }
}

/// Writes to a file, a pipe or a terminal that may make the writer wait.
///
/// To be used where a thread may wait. A pipe that nobody empties, or a terminal that was stopped, holds the writer
/// only until it is cancelled: it asks for room first, and writes no more at a time than there is room for.
struct DescriptorOutput: Sendable {
  let descriptor: Int32

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// What can be written without waiting once there is room: PIPE_BUF, as POSIX has it.
  private static let pieceSize = 512

  func write(_ bytes: some Collection<UInt8>, isCancelled: () -> Bool) throws(OutputFailure) {
    let bytes = Array(bytes)
    var written = 0
    while written < bytes.count {
      guard try hasRoom() else {
        if isCancelled() { throw .cancelled(written: written) }
        continue
      }
      let count = write(bytes, from: written)
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        throw .last()
      }
      written += count
    }
  }

  /// Waits for room, but not for longer than a tenth of a second.
  private func hasRoom() throws(OutputFailure) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    if poll(&request, 1, 100) < 0, errno != EINTR { throw .last() }
    // An error or an end shows itself in writing.
    return request.revents != 0
  }

  /// Memory safety: the pointer is used inside the closure only, and `from` is within the array.
  private func write(_ bytes: [UInt8], from start: Int) -> Int {
    bytes[start...].prefix(Self.pieceSize).withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
