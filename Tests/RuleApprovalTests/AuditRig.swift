internal import ProcessorHost
internal import RuleApproval

/// An audit log in a folder of its own, with a clock that stands.
struct AuditRig {
  let folder: TestFolder
  let key: AuditKey
  var path: String { folder("log/audit.jsonl") }

  init() throws {
    folder = try TestFolder()
    try folder.write("log/.keep", "")
    key = try AuditKey((0..<32).map { UInt8($0) })
  }

  func open() throws(ApprovalError) -> AuditLog {
    try AuditLog(path: path, key: key, now: { Timestamp(milliseconds: 1_795_284_372_123) })
  }

  /// Writes this many lines, of every kind; the log's bytes.
  @discardableResult
  func write(_ count: Int) throws -> [UInt8] {
    let log = try open()
    let kinds = AuditEvent.Kind.allCases
    for index in 0..<count {
      try log.append(
        kinds[index % kinds.count], digest: "digest\(index)", before: index == 0 ? nil : "digest\(index - 1)",
        reason: "reason \(index)")
    }
    return try bytes()
  }

  func bytes() throws -> [UInt8] { try folder.bytes("log/audit.jsonl") }

  func lines() throws -> [[UInt8]] {
    try bytes().split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map { Array($0) + [0x0A] }
  }

  func replace(_ bytes: some Sequence<UInt8>) throws { try folder.write("log/audit.jsonl", Array(bytes)) }

  func verify(heads: [AuditHead] = []) throws -> AuditVerification {
    try AuditVerification.verify(contentsOf: path, key: key, heads: heads)
  }
}
