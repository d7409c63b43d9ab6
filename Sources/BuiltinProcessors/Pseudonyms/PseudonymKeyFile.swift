internal import ProcessorHost

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file of keys, read.
public struct PseudonymKeyFile: Sendable {
  /// The most bytes of a file of keys.
  public static let maximumBytes = 65536

  /// The keys in it.
  public let ring: PseudonymKeyRing
  /// What whoever looks after the file should know: others than its owner may read it. That is no error, since mounted
  /// secrets often are so.
  public let warning: String?

  /// Reads a file, or a pipe to its end.
  /// - Throws: `PseudonymKeyError` where it cannot be read or its keys are not right.
  public init(path: String) throws(PseudonymKeyError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unreadable(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.unreadable(path) }
    let text = try Self.bytes(of: descriptor, path)
    ring = try PseudonymKeyRing(parsing: text, from: .file(path))
    let isShared = status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o077 != 0
    warning = isShared ? Self.warning(path, mode: Int(status.st_mode & 0o777)) : nil
  }

  private static func warning(_ path: String, mode: Int) -> String {
    let digits = "0" + String(mode, radix: 8)
    return
      "\(String.printable(path)): others than its owner may use this file of keys (mode \(digits)); chmod 600 ends that"
  }

  private static func bytes(of descriptor: Int32, _ path: String) throws(PseudonymKeyError) -> [UInt8] {
    var failure: PseudonymKeyError?
    // One byte more than is allowed, which tells a longer file.
    let text = [UInt8](unsafeUninitializedCapacity: maximumBytes + 1) { buffer, count in
      while count < buffer.count {
        let length = read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
        if length == 0 { break }
        if length > 0 {
          count += length
        } else if errno != EINTR {
          failure = unreadable(path)
          break
        }
      }
    }
    if let failure { throw failure }
    guard text.count <= maximumBytes else {
      throw PseudonymKeyError(source: .printable(path), message: "a file of keys has at most \(maximumBytes) bytes")
    }
    return text
  }

  private static func unreadable(_ path: String) -> PseudonymKeyError {
    let reason = String(cString: strerror(errno))
    return PseudonymKeyError(source: .printable(path), message: "the file of keys cannot be read: \(reason)")
  }
}
