internal import Foundation
internal import RuleApproval
internal import Testing

@Suite("The policy and the counter's floor")
struct ApprovalPolicyTests {
  let folder: TestFolder
  let rules: String

  init() throws {
    folder = try TestFolder()
    rules = try folder.writeRules()
    for name in ["alice", "bob"] { try SigningKey(name: name).write(to: folder(name)) }
    try CounterFloor.create(at: folder("counter"))
  }

  private func policy(_ keys: [String], threshold: Int = 1, counter: String? = nil) throws -> ApprovalPolicy {
    try ApprovalPolicy(
      mode: .signature, keyFiles: keys, threshold: threshold, counterFile: counter, rulesDirectory: rules)
  }

  @Test("Keys and floor are read from outside the rules directory")
  func outside() throws {
    let policy = try policy([folder("alice.pub"), folder("bob.pub")], threshold: 2, counter: folder("counter"))
    #expect(policy.trusted.map(\.name) == ["alice", "bob"])
    #expect(policy.leastCounter == 0)
  }

  @Test("A key or floor in the rules directory is refused, however its path is written")
  func inside() throws {
    try folder.write("rules/alice.pub", try folder.bytes("alice.pub"))
    try folder.write("rules/keys/alice.pub", try folder.bytes("alice.pub"))
    try folder.link("other-name", to: "rules")
    try folder.link("linked.pub", to: "rules/alice.pub")
    try folder.link("rules/linked-out.pub", to: "../alice.pub")
    let inside = [
      "rules/alice.pub", "rules/keys/alice.pub", "rules/../rules/alice.pub", "rules/keys/../alice.pub",
      "other-name/alice.pub", "linked.pub", "rules/linked-out.pub",
    ]
    for path in inside {
      let error = try #require(throws: ApprovalError.self) { try policy([folder(path)]) }
      #expect(error.message.contains("is in the rules directory"), "\(path)")
    }
    try CounterFloor.create(at: folder("rules/counter"))
    for counter in ["rules/counter", "other-name/counter", "rules/not-there-yet"] {
      let error = try #require(throws: ApprovalError.self) {
        try policy([folder("alice.pub")], counter: folder(counter))
      }
      #expect(error.message.contains("is in the rules directory"), "\(counter)")
    }
    // Beside a link to the rules is outside of them, and so is what only begins with their name.
    try folder.write("rules-keys/alice.pub", try folder.bytes("alice.pub"))
    _ = try policy([folder("rules-keys/alice.pub")])
  }

  @Test("A threshold that could not be reached, or by one key alone, is refused")
  func threshold() throws {
    let alice = folder("alice.pub")
    let bob = folder("bob.pub")
    try folder.write("copy.pub", try folder.bytes("alice.pub"))
    try folder.write("renamed.pub", try folder.text("alice.pub").split(separator: "alice").joined(separator: "carol"))
    let wrong: [([String], Int)] = [
      ([], 1), ([alice], 0), ([alice], 2), ([alice], -1), ([alice, bob], 3), ([alice, alice], 2),
      ([alice, folder("copy.pub")], 2), ([alice, folder("renamed.pub")], 2), ([alice, folder("none.pub")], 1),
    ]
    for (keys, threshold) in wrong {
      #expect(throws: ApprovalError.self, "\(keys) \(threshold)") { try policy(keys, threshold: threshold) }
    }
    #expect(try policy([alice, bob], threshold: 2).threshold == 2)
  }

  @Test("The floor rises, in the file too, and never falls")
  func floor() throws {
    let floor = try CounterFloor(path: folder("counter"))
    for (counter, expected) in [(3, 3), (2, 3), (3, 3), (9, 9), (0, 9)] as [(UInt64, UInt64)] {
      try floor.raise(to: counter)
      #expect(floor.value == expected)
      #expect(try CounterFloor(path: folder("counter")).value == expected)
    }
    #expect(try folder.names().filter { $0.contains("counter") } == ["counter"])
  }

  @Test("A file that was set back during the run lowers nothing, and one that is further on counts")
  func foreignWrites() throws {
    let floor = try CounterFloor(path: folder("counter"))
    try floor.raise(to: 5)
    try folder.write("counter", "processor-host counter 1\nfloor 1\n")
    #expect(floor.value == 5)
    try floor.raise(to: 6)
    #expect(try CounterFloor(path: folder("counter")).value == 6)
    try folder.write("counter", "processor-host counter 1\nfloor 20\n")
    try floor.raise(to: 7)
    #expect(floor.value == 20)
    #expect(try CounterFloor(path: folder("counter")).value == 20)
  }

  @Test("A floor that is missing is no floor of 0")
  func missing() throws {
    let floor = try CounterFloor(path: folder("counter"))
    try folder.remove("counter")
    let error = try #require(throws: ApprovalError.self) { try CounterFloor(path: folder("counter")) }
    #expect(error.message.contains("processor-host counter --first-use"))
    #expect(throws: ApprovalError.self) { try policy([folder("alice.pub")], counter: folder("counter")) }
    // It is not made anew by a run either, which would let the next start begin at its counter.
    #expect(throws: ApprovalError.self) { try floor.raise(to: 4) }
    #expect(floor.value == 4)
    #expect(try !folder.names().contains("counter"))
  }

  @Test("The file is made once")
  func create() throws {
    #expect(throws: ApprovalError.self) { try CounterFloor.create(at: folder("counter"), floor: 1) }
    #expect(try CounterFloor(path: folder("counter")).value == 0)
    try CounterFloor.create(at: folder("second"), floor: 12)
    #expect(try CounterFloor(path: folder("second")).value == 12)
  }

  @Test(
    "What is no floor is refused",
    arguments: [
      "", "0\n", "processor-host counter 1\n", "processor-host counter 1\nfloor -1\n",
      "processor-host counter 1\nfloor 1", "processor-host counter 1\nfloor 01\n",
      "processor-host counter 1\nfloor 1\nfloor 2\n", "processor-host counter 1\nfloor 1000000000000000\n",
      "processor-host counter 2\nfloor 1\n",
    ])
  func malformed(text: String) throws {
    try folder.write("counter", text)
    #expect(throws: ApprovalError.self) { try CounterFloor(path: folder("counter")) }
  }

  @Test("The higher of the fixed and the kept floor counts")
  func higher() throws {
    let key = try VerifyingKey(contentsOf: folder("alice.pub"))
    let floor = try CounterFloor(path: folder("counter"))
    let policy = try ApprovalPolicy(trusted: [key], minimumCounter: 4, floor: floor)
    #expect(policy.leastCounter == 4)
    try floor.raise(to: 6)
    #expect(policy.leastCounter == 6)
  }
}
