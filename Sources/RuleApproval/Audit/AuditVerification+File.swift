#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension AuditVerification {
  /// Goes through a whole file.
  /// - Throws: `ApprovalError` where it cannot be read.
  package static func verify(
    contentsOf path: String, key: AuditKey, heads: [AuditHead] = []
  ) throws(ApprovalError) -> AuditVerification {
    guard let file = Descriptor.opened(path, O_RDONLY | O_NONBLOCK) else {
      throw ApprovalError(path: path, "the audit log cannot be read: \(systemReason())")
    }
    var verification = AuditVerification(key: key, heads: heads)
    try verification.add(file, path)
    verification.finish()
    return verification
  }

  /// Takes all lines of an open file, from where it stands; how many bytes they have.
  @discardableResult
  mutating func add(_ file: Descriptor, _ path: String) throws(ApprovalError) -> Int {
    guard let status = file.status, status.st_mode & S_IFMT == S_IFREG else {
      throw ApprovalError(path: path, "expected a file, found something else, such as a directory or a pipe")
    }
    var rest: [UInt8] = []
    var size = 0
    while true {
      guard let bytes = file.read(1 << 18) else {
        throw ApprovalError(path: path, "the audit log cannot be read: \(systemReason())")
      }
      size += bytes.count
      if bytes.isEmpty { break }
      rest += bytes
      var start = 0
      while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
        add(rest[start..<end])
        start = end + 1
      }
      rest.removeFirst(start)
      guard rest.count <= 1 << 20 else {
        throw ApprovalError(path: path, "this is no audit log: a line of it is longer than any that a log has")
      }
    }
    if !rest.isEmpty { addUnfinished(rest[...]) }
    return size
  }
}
