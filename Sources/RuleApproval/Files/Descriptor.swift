#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The system's word for what went wrong last.
func systemReason() -> String { String(cString: strerror(errno)) }

/// An open file, which is closed with the last reference to it.
final class Descriptor: Sendable {
  let number: Int32

  private init(number: Int32) { self.number = number }

  /// Opens a file; nil where it cannot be opened, and then `errno` says why.
  static func opened(_ path: String, _ flags: Int32, mode: mode_t = 0) -> Descriptor? {
    let number = open(path, flags | O_CLOEXEC, mode)
    return number < 0 ? nil : Descriptor(number: number)
  }

  deinit { close(number) }

  var status: stat? {
    var status = stat()
    return fstat(number, &status) == 0 ? status : nil
  }

  /// Reads up to `count` bytes, fewer only at the end; nil where reading failed.
  func read(_ count: Int) -> [UInt8]? {
    var isFailed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let length = systemRead(
          number, UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]))
        if length > 0 {
          filled += length
        } else if length == 0 {
          return
        } else if errno != EINTR {
          isFailed = true
          return
        }
      }
    }
    return isFailed ? nil : bytes
  }

  /// Writes the bytes; how many were written, fewer than all where it failed.
  func write(_ bytes: [UInt8]) -> Int {
    var written = 0
    bytes.withUnsafeBytes { buffer in
      while written < buffer.count {
        let length = systemWrite(number, UnsafeRawBufferPointer(rebasing: buffer[written...]))
        if length >= 0 {
          written += length
        } else if errno != EINTR {
          return
        }
      }
    }
    return written
  }

  /// Whether the file is on disk now, as far as the system tells.
  func synchronize() -> Bool { fsync(number) == 0 }
}

private func systemRead(_ number: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(number, buffer.baseAddress, buffer.count)
}

private func systemWrite(_ number: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
  write(number, buffer.baseAddress, buffer.count)
}
