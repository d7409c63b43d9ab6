internal import BuiltinProcessors
internal import Crypto
internal import Foundation
internal import ProcessorHost
internal import RuleApproval
internal import Testing

private let digits = String(repeating: "ab", count: 32)

@Suite("rules.lock")
struct RuleLockTests {
  let folder: TestFolder
  let rules: String

  init() throws {
    folder = try TestFolder()
    rules = try folder.writeRules()
  }

  private func verdict() throws -> ApprovalVerdict {
    ApprovalCheck(.lock).verdict(of: try RuleDirectory(contentsOf: rules), at: rules)
  }

  private func lock() throws {
    try RuleLock(RuleDirectory(contentsOf: rules)).write(to: rules)
  }

  @Test("It names every file of the rules with its SHA-256, in order, and their digest")
  func text() throws {
    let directory = try RuleDirectory(contentsOf: rules)
    func line(_ name: String) throws -> String {
      let digest = SHA256.hash(data: try folder.bytes("rules/\(name)")).map { String(format: "%02x", $0) }.joined()
      return "file \(digest) \(name)\n"
    }
    let lines = try ["a.lua", "a.test.lua", "b.lua", "chain.lua", "lists/words.txt"].map(line).joined()
    #expect(try RuleLock(directory).text == "processor-host rules.lock 1\ndigest \(directory.digest)\n\(lines)")
  }

  @Test("What was written is read again, and nothing else is left in the directory")
  func roundTrip() throws {
    let before = try folder.names("rules")
    try lock()
    try lock()
    #expect(try folder.names("rules") == (before + ["rules.lock"]).sorted())
    #expect(try folder.mode("rules/rules.lock") == 0o644)
    let lock = try RuleLock(RuleDirectory(contentsOf: rules))
    #expect(try RuleLock(parsing: folder.bytes("rules/rules.lock"), path: "rules.lock") == lock)
  }

  @Test("Rules that are as they were locked are approved")
  func approved() throws {
    try lock()
    let approval = try #require(try verdict().approval)
    #expect(approval.mode == .lock && approval.counter == nil)
    #expect(try approval.digest == RuleDirectory(contentsOf: rules).digest)
  }

  @Test(
    "A file that is changed, added or removed is told by its name",
    arguments: [
      ("a.lua", "changed a.lua"), ("a.test.lua", "changed a.test.lua"), ("chain.lua", "changed chain.lua"),
      ("lists/words.txt", "changed lists/words.txt"), ("c.lua", "added c.lua"), ("c.test.lua", "added c.test.lua"),
      ("lists/more.txt", "added lists/more.txt"),
    ])
  func changes(file: String, said: String) throws {
    try lock()
    try folder.write("rules/\(file)", "-- other\n")
    let refusal = try #require(try verdict().refusal)
    #expect(refusal.code == .changed)
    #expect(refusal.reason.contains(": \(said); review them, then run: processor-host lock \(rules)"))
  }

  @Test("A removed file is told", arguments: ["a.lua", "a.test.lua", "chain.lua", "lists/words.txt"])
  func removed(file: String) throws {
    try lock()
    try folder.remove("rules/\(file)")
    let refusal = try #require(try verdict().refusal)
    #expect(refusal.changes?.removed == [file])
    #expect(refusal.reason.contains("removed \(file)"))
  }

  @Test("Contents that change places are told")
  func swapped() throws {
    try lock()
    let first = try folder.bytes("rules/a.lua")
    try folder.write("rules/a.lua", try folder.bytes("rules/b.lua"))
    try folder.write("rules/b.lua", first)
    #expect(try verdict().refusal?.changes?.changed == ["a.lua", "b.lua"])
  }

  @Test("Without a lock, rules are not approved")
  func missing() throws {
    #expect(try verdict().refusal?.code == .missing)
    try lock()
    try folder.remove("rules/rules.lock")
    #expect(try verdict().refusal?.code == .missing)
    #expect(ApprovalCheck(.lock).verdict(of: RuleDirectory(), at: nil).refusal?.code == .missing)
  }

  @Test("No byte of a lock can be another one")
  func everyByte() throws {
    try lock()
    let bytes = try folder.bytes("rules/rules.lock")
    let directory = try RuleDirectory(contentsOf: rules)
    for index in bytes.indices {
      for change in [1, 0x20, 0x80] as [UInt8] {
        var edited = bytes
        edited[index] ^= change
        try folder.write("rules/rules.lock", edited)
        #expect(ApprovalCheck(.lock).verdict(of: directory, at: rules).approval == nil, "byte \(index)")
      }
    }
    for count in bytes.indices {
      try folder.write("rules/rules.lock", Array(bytes[..<count]))
      #expect(ApprovalCheck(.lock).verdict(of: directory, at: rules).approval == nil, "the first \(count) bytes")
    }
  }

  @Test(
    "The reading is strict, and an error names the line",
    arguments: [
      ("", 1, "found an empty file"),
      (
        "processor-host rules.lock 2\n", 1,
        "expected 'processor-host rules.lock 1', found 'processor-host rules.lock 2'"
      ),
      ("processor-host rules.lock 1\n", nil, "expected a line 'digest …'"),
      ("processor-host rules.lock 1\ndigest abc\n", 2, "64 hexadecimal digits"),
      ("processor-host rules.lock 1\ndigest \(digits.uppercased())\n", 2, "in lower case"),
      ("processor-host rules.lock 1\ndigest \(digits)", 2, "the last line has no end"),
      ("processor-host rules.lock 1\r\ndigest \(digits)\r\n", 1, "a carriage return"),
      ("processor-host rules.lock 1\ndigest \(digits)\n\n", 3, "expected 'file'"),
      ("processor-host rules.lock 1\ndigest \(digits)\nfile  \(digits) a.lua\n", 3, "expected 'file'"),
      ("processor-host rules.lock 1\ndigest \(digits)\nfile \(digits) a.txt\n", 3, "the name of a file of the rules"),
      (
        "processor-host rules.lock 1\ndigest \(digits)\nfile \(digits) ../a.lua\n", 3, "the name of a file of the rules"
      ),
      ("processor-host rules.lock 1\ndigest \(digits)\nfile \(digits) a\u{202E}.lua\n", 3, "cannot be seen"),
      (
        "processor-host rules.lock 1\ndigest \(digits)\nfile \(digits) a.lua\nfile \(digits) a.lua\n", 4,
        "the file a.lua stands here twice"
      ),
      (
        "processor-host rules.lock 1\ndigest \(digits)\nfile \(digits) b.lua\nfile \(digits) a.lua\n", 4,
        "not in the order of names"
      ),
    ] as [(String, Int?, String)])
  func strict(text: String, line: Int?, said: String) throws {
    let error = try #require(throws: ApprovalError.self) {
      try RuleLock(parsing: Array(text.utf8), path: "rules/rules.lock")
    }
    #expect(error.line == line)
    #expect(error.description.hasPrefix("rules/rules.lock\(line.map { ":\($0)" } ?? ""): "))
    #expect(error.message.contains(said), "\(error.message)")
    try folder.write("rules/rules.lock", text)
    #expect(try verdict().refusal?.code == .unreadable)
  }

  @Test("A pipe or a directory in a lock's place is refused and does not hold the host up")
  func pipe() throws {
    mkfifo("\(rules)/rules.lock", 0o644)
    #expect(try verdict().refusal?.code == .unreadable)
    try folder.remove("rules/rules.lock")
    try FileManager.default.createDirectory(atPath: "\(rules)/rules.lock", withIntermediateDirectories: false)
    #expect(try verdict().refusal?.code == .unreadable)
  }

  @Test("A lock that is a link to a file, as mounted ConfigMaps have it, is read")
  func link() throws {
    try lock()
    try folder.write("elsewhere", try folder.bytes("rules/rules.lock"))
    try folder.remove("rules/rules.lock")
    try folder.link("rules/rules.lock", to: folder("elsewhere"))
    #expect(try verdict().approval != nil)
  }

  @Test("A file whose name passes for two lines of the digest is not approved, under no policy that asks for one")
  func names() throws {
    let name = "a.lua\n3\nxyzb.lua"
    let directory = RuleDirectory(rules: [RuleSource(file: name, text: "-- b")])
    let two = RuleDirectory(rules: [RuleSource(file: "a.lua", text: "xyz"), RuleSource(file: "b.lua", text: "-- b")])
    // Why names matter: to the digest, both directories are the same.
    #expect(directory.digest == two.digest)
    let error = try #require(throws: ApprovalError.self) { try RuleLock(directory) }
    #expect(error.message.contains("cannot be seen") && !error.description.contains("\n"))
    let key = try SigningKey(name: "alice")
    var signatures = RuleSignatures()
    signatures.add(try key.signature(over: SignatureStatement(digest: two.digest, counter: 1)))
    let files = ApprovalFiles(lock: try RuleLock(two), signatures: signatures)
    for policy in [.lock, try ApprovalPolicy(trusted: [key.verifyingKey])] {
      #expect(ApprovalCheck(policy).verdict(of: two, files).approval != nil)
      #expect(ApprovalCheck(policy).verdict(of: directory, files).refusal?.code == .name)
    }
  }

  @Test("Without a policy everything is approved")
  func none() throws {
    #expect(
      ApprovalCheck(.none).verdict(of: try RuleDirectory(contentsOf: rules), at: rules).approval?.mode == .some(.none))
    #expect(ApprovalCheck(.none).verdict(of: .standard, at: nil).approval != nil)
  }

  @Test("The digest of lock and signatures tells when a waiting set is to be judged again")
  func digest() throws {
    var seen = [ApprovalFiles(in: rules).digest]
    try lock()
    seen.append(ApprovalFiles(in: rules).digest)
    #expect(ApprovalFiles(in: rules).digest == seen[1])
    try folder.write("rules/rules.sig", "")
    seen.append(ApprovalFiles(in: rules).digest)
    try folder.remove("rules/rules.lock")
    seen.append(ApprovalFiles(in: rules).digest)
    #expect(Set(seen).count == 4)
  }
}
