internal import BuiltinProcessors
internal import Crypto
internal import ProcessorHost
internal import RuleApproval
internal import TestSupport
internal import Testing

@Suite("Approval by signatures")
struct SignatureTests {
  let folder: TestFolder
  let path: String
  let alice: SigningKey
  let bob: SigningKey
  let mallory: SigningKey

  init() throws {
    folder = try TestFolder()
    path = try folder.writeRules()
    alice = try SigningKey(name: "alice")
    bob = try SigningKey(name: "bob")
    mallory = try SigningKey(name: "mallory")
  }

  private func rules() throws -> RuleDirectory { try RuleDirectory(contentsOf: path) }

  private func sign(_ signers: (SigningKey, UInt64)..., digest: String? = nil) throws {
    var signatures = RuleSignatures()
    for (key, counter) in signers {
      let statement = SignatureStatement(digest: try digest ?? rules().digest, counter: counter)
      signatures.add(try key.signature(over: statement))
    }
    try signatures.write(to: path)
  }

  private func verdict(threshold: Int = 1, least: UInt64 = 0) throws -> ApprovalVerdict {
    let policy = try ApprovalPolicy(
      trusted: [alice.verifyingKey, bob.verifyingKey], threshold: threshold, minimumCounter: least)
    return ApprovalCheck(policy).verdict(of: try rules(), at: path)
  }

  @Test("Rules that enough of the trusted keys signed are approved, and it is said by whom")
  func approved() throws {
    try sign((bob, 7), (mallory, 9), (alice, 7))
    let approval = try #require(try verdict(threshold: 2).approval)
    #expect(approval.signers == ["alice", "bob"] && approval.counter == 7)
    #expect(approval.description == "signed by alice, bob with counter 7")
  }

  @Test("Nothing is approved without signatures, whatever else is there")
  func unsigned() throws {
    try RuleLock(rules()).write(to: path)
    #expect(try verdict().refusal?.code == .missing)
    try RuleSignatures().write(to: path)
    #expect(try verdict().refusal?.code == .signatures)
    #expect(
      ApprovalCheck(try ApprovalPolicy(trusted: [alice.verifyingKey])).verdict(of: .standard, at: nil).approval == nil)
  }

  @Test("A key that is not trusted does not count, even under a trusted key's id")
  func untrusted() throws {
    try sign((mallory, 1))
    let refusal = try #require(try verdict().refusal)
    #expect(refusal.code == .signatures && refusal.reason.contains("\(mallory.verifyingKey.id): not a trusted key"))
    let text = try folder.text("rules/rules.sig")
    let id = alice.verifyingKey.id
    try folder.write("rules/rules.sig", text.split(separator: mallory.verifyingKey.id).joined(separator: id))
    #expect(try verdict().refusal?.reason.contains("alice (\(id)): the signature does not hold") == true)
  }

  @Test("After any change of a file the signatures no longer count, and the lock tells of which")
  func changed() throws {
    try RuleLock(rules()).write(to: path)
    for file in ["a.lua", "a.test.lua", "b.lua", "chain.lua", "lists/words.txt", "new.lua", "lists/new.txt"] {
      try sign((alice, 1))
      #expect(try verdict().approval != nil)
      let before = try? folder.bytes("rules/\(file)")
      try folder.write("rules/\(file)", (before ?? []) + [0x20])
      let refusal = try #require(try verdict().refusal)
      #expect(refusal.code == .signatures)
      #expect(refusal.reason.contains("alice (\(alice.verifyingKey.id)): signed another set of rules, with counter 1"))
      #expect(refusal.reason.contains(file))
      if let before { try folder.write("rules/\(file)", before) } else { try folder.remove("rules/\(file)") }
    }
    #expect(try verdict().approval != nil)
    try folder.remove("rules/lists/words.txt")
    #expect(try verdict().refusal?.code == .signatures)
  }

  @Test("A lock that is broken, wrong or gone changes nothing about signatures")
  func lockDoesNotMatter() throws {
    try sign((alice, 1))
    for text in ["", "processor-host rules.lock 1\n"] {
      try folder.write("rules/rules.lock", text)
      #expect(try verdict().approval != nil)
    }
    try RuleLock(RuleDirectory()).write(to: path)
    #expect(try verdict().approval != nil)
  }

  @Test("Signatures count together only with the same counter")
  func counters() throws {
    try sign((alice, 1), (bob, 2))
    let refusal = try #require(try verdict(threshold: 2).refusal)
    #expect(refusal.code == .signatures)
    #expect(refusal.reason.contains("the same counter, so sign with --counter 2"))
    // For a threshold of one, the largest counter is the set's.
    #expect(try verdict().approval?.signers == ["bob"])
    #expect(try verdict(least: 2).approval?.counter == 2)
    try sign((alice, 2), (bob, 2))
    #expect(try verdict(threshold: 2).approval?.counter == 2)
  }

  @Test("A counter below the floor is refused for that reason, and one on it is not")
  func floor() throws {
    try sign((alice, 6), (bob, 6))
    #expect(try verdict(threshold: 2, least: 6).approval != nil)
    let refusal = try #require(try verdict(threshold: 2, least: 7).refusal)
    #expect(refusal.code == .counter)
    #expect(refusal.reason.contains("signed with counter 6, and sets below 7 no longer run"))
    #expect(refusal.reason.contains("--counter 8"))
  }

  @Test("No character of a signature's line can be another one that makes it count for something else")
  func everyByte() throws {
    try sign((alice, 11))
    let bytes = try folder.bytes("rules/rules.sig")
    let check = ApprovalCheck(try ApprovalPolicy(trusted: [alice.verifyingKey]))
    let directory = try rules()
    for index in bytes.indices {
      for change in [1, 0x20, 0x80] as [UInt8] {
        var edited = bytes
        edited[index] ^= change
        try folder.write("rules/rules.sig", edited)
        #expect(check.verdict(of: directory, at: path).approval == nil, "byte \(index)")
      }
    }
    for count in bytes.indices {
      try folder.write("rules/rules.sig", Array(bytes[..<count]))
      #expect(check.verdict(of: directory, at: path).approval == nil, "the first \(count) bytes")
    }
  }

  @Test("A signature over anything but the statement does not hold")
  func domain() throws {
    let raw = Curve25519.Signing.PrivateKey()
    let key = try VerifyingKey(name: "raw", bytes: Array(raw.publicKey.rawRepresentation))
    let digest = try rules().digest
    let statement = "processor-host rules signature 1\ndigest \(digest)\ncounter 3\n"
    let check = ApprovalCheck(try ApprovalPolicy(trusted: [key]))
    func isApproved(_ signed: String) throws -> Bool {
      var signatures = RuleSignatures()
      let bytes = Array(try raw.signature(for: Array(signed.utf8)))
      signatures.add(.init(keyID: key.id, statement: SignatureStatement(digest: digest, counter: 3), bytes: bytes))
      return check.verdict(of: try rules(), ApprovalFiles(lock: nil, signatures: signatures)).approval != nil
    }
    #expect(try isApproved(statement))
    let others = [
      digest, "", "digest \(digest)\ncounter 3\n", "counter 3\ndigest \(digest)\n", statement + "\n",
      "processor-host rules signature 1\ndigest \(digest)\ncounter 4\n",
      "processor-host rules signature 1\ndigest \(digest)\ncounter 03\n",
      "processor-host rules signature 2\ndigest \(digest)\ncounter 3\n",
      "processor-host rules signature 1\ndigest \(String(digest.reversed()))\ncounter 3\n",
    ]
    for other in others { #expect(try !isApproved(other), "\(other)") }
  }

  @Test("Random sets of signatures are approved exactly when enough distinct trusted keys agree")
  func random() throws {
    var random = SeededGenerator(seed: 20_261_121)
    let keys = try (0..<5).map { try SigningKey(name: "signer\($0)") }
    let directory = try rules()
    for _ in 0..<300 {
      let trusted = keys.prefix(Int.random(in: 1...4, using: &random))
      let threshold = Int.random(in: 1...trusted.count, using: &random)
      let least = UInt64.random(in: 0...3, using: &random)
      var signatures = RuleSignatures()
      var counted: [UInt64: Set<String>] = [:]
      for key in keys where Bool.random(using: &random) {
        let counter = UInt64.random(in: 1...3, using: &random)
        let isThis = Int.random(in: 0..<4, using: &random) > 0
        let signed = isThis ? directory.digest : String(repeating: "0", count: 64)
        var signature = try key.signature(over: SignatureStatement(digest: signed, counter: counter))
        let isWhole = Int.random(in: 0..<5, using: &random) > 0
        if !isWhole { signature.bytes[Int.random(in: 0..<64, using: &random)] ^= 1 }
        signatures.add(signature)
        if isThis, isWhole, trusted.contains(where: { $0.verifyingKey.id == key.verifyingKey.id }) {
          counted[counter, default: []].insert(key.verifyingKey.name)
        }
      }
      let largest = counted.filter { $0.value.count >= threshold }.keys.max()
      let policy = try ApprovalPolicy(
        trusted: trusted.map(\.verifyingKey), threshold: threshold, minimumCounter: least)
      let verdict = ApprovalCheck(policy).verdict(of: directory, ApprovalFiles(lock: nil, signatures: signatures))
      if let largest, largest >= least {
        #expect(verdict.approval?.counter == largest)
        #expect(Set(verdict.approval?.signers ?? []) == counted[largest])
      } else {
        #expect(verdict.refusal?.code == (largest == nil ? .signatures : .counter))
      }
    }
  }

  @Test("The counter to sign with is that of those who signed the same set, or the next one")
  func nextCounter() throws {
    var signatures = RuleSignatures()
    let first = String(repeating: "1", count: 64)
    let second = String(repeating: "2", count: 64)
    #expect(signatures.nextCounter(for: first) == 1)
    signatures.add(try alice.signature(over: SignatureStatement(digest: first, counter: 4)))
    #expect(signatures.nextCounter(for: first) == 4)
    #expect(signatures.nextCounter(for: second) == 5)
    signatures.add(try bob.signature(over: SignatureStatement(digest: second, counter: 5)))
    #expect(signatures.nextCounter(for: second) == 5)
    // The first set again, now that a newer one is signed.
    #expect(signatures.nextCounter(for: first) == 6)
  }

  @Test("A signer has one line, which a new signature replaces")
  func replaced() throws {
    var signatures = RuleSignatures()
    let digest = try rules().digest
    for counter in 1...3 as ClosedRange<UInt64> {
      signatures.add(try alice.signature(over: SignatureStatement(digest: digest, counter: counter)))
      signatures.add(try bob.signature(over: SignatureStatement(digest: digest, counter: 1)))
    }
    #expect(signatures.signatures.map(\.statement.counter) == [3, 1])
    #expect(try RuleSignatures(parsing: Array(signatures.text.utf8), path: "rules.sig") == signatures)
  }

  @Test("Doubled and malformed lines are errors that name the line")
  func strict() throws {
    try sign((alice, 1), (bob, 2))
    let lines = try folder.text("rules/rules.sig").split(separator: "\n").map(String.init)
    let broken: [([String], Int)] = [
      ([lines[0], lines[1], lines[2], lines[1]], 4), ([lines[1], lines[2]], 1), ([lines[0], "", lines[1]], 2),
      ([lines[0], lines[1] + " "], 2), ([lines[0], lines[1].uppercased()], 2),
      ([lines[0], lines[1].split(separator: " 1 ").joined(separator: " 01 ")], 2),
      ([lines[0], lines[1].split(separator: " 1 ").joined(separator: " -1 ")], 2),
      ([lines[0], lines[1].split(separator: " 1 ").joined(separator: " 1000000000000000 ")], 2),
      ([lines[0], lines[1], "# a comment"], 3),
    ]
    for (lines, line) in broken {
      try folder.write("rules/rules.sig", lines.map { $0 + "\n" }.joined())
      let refusal = try #require(try verdict().refusal)
      #expect(refusal.code == .unreadable)
      #expect(refusal.reason.contains("rules.sig:\(line): "), "\(refusal.reason)")
    }
  }
}
