internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Where lines of the log go.
package protocol LogOutput: Sendable {
  /// Writes a line, to which its end is added. Lines of several threads are not mixed.
  func write(line: String)
}

/// Standard error. A line that cannot be written is lost; there is no place to say so.
package final class StandardErrorOutput: LogOutput {
  private let lock = Mutex(())

  package init() {}

  /// Whether a person looks on.
  package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  package func write(line: String) {
    let bytes = Array((line + "\n").utf8)
    lock.withLock { _ in
      bytes.withUnsafeBytes { buffer in
        var rest = buffer[...]
        while !rest.isEmpty {
          #if canImport(Darwin)
            let count = Darwin.write(STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
          #elseif canImport(Musl)
            let count = Musl.write(STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
          #else
            let count = Glibc.write(STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
          #endif
          if count < 0 {
            if errno == EINTR { continue }
            return
          }
          rest = rest.dropFirst(count)
        }
      }
    }
  }
}
