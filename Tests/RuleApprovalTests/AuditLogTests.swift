internal import Crypto
internal import Foundation
internal import RuleApproval
internal import Testing

@Suite("Writing the audit log")
struct AuditLogTests {
  let rig: AuditRig

  init() throws { rig = try AuditRig() }

  @Test("A line is a JSON object with number, time, event, digests, reason and MAC")
  func line() throws {
    let log = try rig.open()
    let head = try log.append(.swap, digest: "new", before: "old", reason: "edited by \"ops\" \\ \u{1B}[31m\n")
    let object = try JSONSerialization.jsonObject(with: Data(rig.bytes())) as? [String: Any]
    #expect(object?["seq"] as? Int == 1)
    #expect(object?["time"] as? String == "2026-11-21T18:06:12.123Z")
    #expect(object?["event"] as? String == "swap")
    #expect(object?["digest"] as? String == "new" && object?["before"] as? String == "old")
    #expect(object?["reason"] as? String == "edited by \"ops\" \\ \\u{1b}[31m\\u{a}")
    #expect(object?["mac"] as? String == "\(head.mac)" && head.sequence == 1)
    #expect(try rig.folder.mode("log/audit.jsonl") == 0o600)
  }

  @Test("The MAC is the HMAC-SHA-256 over a domain, the MAC before and the line")
  func mac() throws {
    try rig.write(3)
    let key = SymmetricKey(data: (0..<32).map { UInt8($0) })
    var before = [UInt8](repeating: 0, count: 32)
    for line in try rig.lines() {
      let text = String(decoding: line, as: UTF8.self)
      let body = try #require(text.firstRange(of: ",\"mac\":\"")).lowerBound
      let input = Array("processor-host audit log 1\n".utf8) + before + Array(text[..<body].utf8)
      before = Array(HMAC<SHA256>.authenticationCode(for: input, using: key))
      #expect(text.hasSuffix(before.map { String(format: "%02x", $0) }.joined() + "\"}\n"))
    }
  }

  @Test("A log goes on across restarts, and its head is that of the file")
  func restarts() throws {
    #expect(try rig.open().opening.isNew)
    #expect(try rig.verify().head.sequence == 0)
    var heads: [AuditHead] = []
    for round in 1...5 {
      let log = try rig.open()
      #expect(log.opening.isNew == (round == 1) && !log.opening.isTorn && log.opening.faults.isEmpty)
      for _ in 0..<round { heads.append(try log.append(.swap, digest: "d", reason: "round \(round)")) }
      #expect(log.head == heads.last)
    }
    #expect(heads.map(\.sequence) == Array(1...15))
    let found = try rig.verify(heads: heads)
    #expect(found.faultCount == 0 && found.notes.isEmpty && found.recordCount == 15 && found.head == heads.last)
  }

  @Test("A reason of any length leaves a line that holds", arguments: ["x", "\u{1}", "\"", "é", "🙂", "\u{E0001}"])
  func longReasons(text: String) throws {
    let log = try rig.open()
    for count in [0, 1, 1999, 2000, 2001, 100_000] {
      try log.append(.refusal, reason: String(repeating: text, count: count))
    }
    #expect(try rig.verify(heads: [log.head]).faultCount == 0)
    for line in try rig.lines() {
      #expect(line.count < 8192)
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line)) }
    }
  }

  @Test("Two processes cannot write one log")
  func locked() throws {
    let log = try rig.open()
    try log.append(.start, reason: "first")
    let error = try #require(throws: ApprovalError.self) { try rig.open() }
    #expect(error.message.contains("another process"))
    #expect(log.head.sequence == 1)
  }

  @Test("Whoever adds, cuts off, removes or replaces the file of a running host stops the log")
  func changedWhileOpen() throws {
    let log = try rig.open()
    try log.append(.start, reason: "first")
    let whole = try rig.bytes()
    func expectFailure(_ said: String) throws {
      let error = try #require(throws: ApprovalError.self) { try log.append(.swap, reason: "second") }
      #expect(error.message.contains(said), "\(error.message)")
    }
    let file = try #require(FileHandle(forUpdatingAtPath: rig.path))
    try file.truncate(atOffset: UInt64(whole.count - 1))
    try expectFailure("something else changed it")
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data(whole + whole))
    try expectFailure("something else changed it")
    try file.truncate(atOffset: UInt64(whole.count))
    try log.append(.swap, reason: "second")
    try FileManager.default.moveItem(atPath: rig.path, toPath: rig.path + ".1")
    try expectFailure("removed or put elsewhere")
    try rig.replace(whole)
    try expectFailure("removed or put elsewhere")
    try FileManager.default.removeItem(atPath: rig.path)
    try FileManager.default.moveItem(atPath: rig.path + ".1", toPath: rig.path)
    #expect(try log.append(.swap, reason: "third").sequence == 3)
    #expect(try rig.verify(heads: [log.head]).faultCount == 0)
  }

  @Test("A log whose last line does not hold, or under another key, is not continued")
  func foreignEnd() throws {
    let whole = try rig.write(3)
    let other = try AuditKey([UInt8](repeating: 7, count: 32))
    var error = try #require(throws: ApprovalError.self) { try AuditLog(path: rig.path, key: other) }
    #expect(error.message.contains("does not hold under this key"))
    for index in whole.indices.suffix(120).dropLast() {
      var edited = whole
      edited[index] ^= 1
      try rig.replace(edited)
      error = try #require(throws: ApprovalError.self, "byte \(index)") { try rig.open() }
      #expect(try rig.bytes() == edited)
    }
    try rig.replace(whole + Array("a line\n".utf8))
    #expect(throws: ApprovalError.self) { try rig.open() }
  }

  @Test("A fault further up is told when the log is opened, and the log goes on")
  func faultFurtherUp() throws {
    var lines = try rig.write(4).split(separator: 0x0A).map { Array($0) + [0x0A] }
    lines[1][10] ^= 1
    try rig.replace(lines.joined())
    let log = try rig.open()
    #expect(log.opening.faults.map(\.line) == [2])
    try log.append(.start, reason: "again")
    #expect(try rig.verify().faults.map(\.line) == [2])
  }

  @Test("The key is refused in the log's directory, when too short, and when it is no hexadecimal digits")
  func keyFile() throws {
    let digits = String(repeating: "5ec2e7d0", count: 8)
    try rig.folder.write("keys/audit.key", digits + "\n")
    try rig.folder.setMode("keys/audit.key", 0o600)
    let log = try AuditLog(path: rig.path, keyFile: rig.folder("keys/audit.key"))
    try log.append(.start, reason: "started")
    try rig.folder.write("log/audit.key", digits)
    try rig.folder.link("keys/linked.key", to: "../log/audit.key")
    for path in ["log/audit.key", "keys/../log/audit.key", "keys/linked.key"] {
      let error = try #require(throws: ApprovalError.self) {
        try AuditKey(contentsOf: rig.folder(path), forLogAt: rig.path)
      }
      #expect(error.message.contains("in the audit log's directory"))
    }
    // A log that is a link stands in two directories.
    try rig.folder.write("elsewhere/audit.jsonl", "")
    try rig.folder.write("elsewhere/audit.key", digits)
    try rig.folder.link("log/linked.jsonl", to: "../elsewhere/audit.jsonl")
    #expect(throws: ApprovalError.self) {
      try AuditKey(contentsOf: rig.folder("elsewhere/audit.key"), forLogAt: rig.folder("log/linked.jsonl"))
    }
    let wrong = ["", "\n", String(digits.dropLast(2)), String(digits.dropLast()), digits + "g0", "\(digits) \(digits)"]
    for text in wrong {
      try rig.folder.write("keys/wrong.key", text)
      let error = try #require(throws: ApprovalError.self) { try AuditKey(contentsOf: rig.folder("keys/wrong.key")) }
      #expect(!error.description.contains("5ec2"))
    }
    #expect(throws: ApprovalError.self) { try AuditKey([UInt8](repeating: 1, count: 31)) }
    let key = try AuditKey(contentsOf: rig.folder("keys/audit.key"))
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains("5ec2") && key.warning == nil)
    try rig.folder.setMode("keys/audit.key", 0o644)
    #expect(try AuditKey(contentsOf: rig.folder("keys/audit.key")).warning?.contains("mode 0644") == true)
    #expect(try AuditVerification.verify(contentsOf: rig.path, key: key).faultCount == 0)
  }

  @Test("Lines that are added from many tasks at once are all there, in order")
  func concurrent() async throws {
    let log = try rig.open()
    try await withThrowingTaskGroup { group in
      for index in 0..<50 { group.addTask { try log.append(.swap, reason: "task \(index)") } }
      try await group.waitForAll()
    }
    let found = try rig.verify(heads: [log.head])
    #expect(found.faultCount == 0 && found.recordCount == 50)
  }
}
