internal import ProcessorHost
internal import RuleApproval
internal import Testing

@Suite("Rules that are exchanged on disk")
struct RulesExchangeTests {
  private let folder: TestFolder
  private let running: RuleDirectory
  private let candidate: RuleDirectory

  init() throws {
    folder = try TestFolder()
    running = try RuleDirectory(contentsOf: try folder.writeRules())
    _ = try folder.writeRules("candidate")
    try folder.write("candidate/a.lua", "return rule { about = \"another\" }\n")
    try folder.write("candidate/c.lua", "return rule { about = \"c\" }\n")
    try folder.write("candidate/lists/more.txt", "token\n")
    try folder.write("candidate/rules.lock", "a lock\n")
    try folder.remove("candidate/b.lua")
    try folder.remove("candidate/lists/words.txt")
    candidate = try RuleDirectory(contentsOf: folder("candidate"))
  }

  private func exchange(_ candidate: RuleDirectory? = nil) throws(ApprovalError) -> RulesExchange {
    try RulesExchange(
      of: folder("rules"), running: running, with: candidate ?? self.candidate, from: folder("candidate"))
  }

  /// Every file below the rules directory, hidden ones too.
  private func names() throws -> [String] {
    try folder.names("rules") + (folder.names("rules/lists")).map { "lists/\($0)" }
  }

  @Test("The directory has the candidate's files, its lock, and nothing else of what was there, but what is no rule")
  func commit() throws {
    try folder.write("rules/README.md", "not a rule\n")
    try folder.setMode("rules/a.lua", 0o640)
    let exchange = try exchange()
    // What is written beside the rules is no rule.
    #expect(try RuleDirectory(contentsOf: folder("rules")) == running)
    try exchange.commit()
    #expect(try RuleDirectory(contentsOf: folder("rules")) == candidate)
    #expect(try folder.text("rules/rules.lock") == "a lock\n")
    #expect(try folder.mode("rules/a.lua") == 0o640)
    #expect(
      try names() == [
        "README.md", "a.lua", "a.test.lua", "c.lua", "chain.lua", "lists", "rules.lock", "lists/more.txt",
      ])
  }

  @Test("What was there comes back")
  func putBack() throws {
    let before = try names()
    let exchange = try exchange()
    try exchange.commit()
    try exchange.putBack()
    #expect(try RuleDirectory(contentsOf: folder("rules")) == running)
    #expect(try names() == before)
  }

  @Test("A directory for lists is made, and goes again")
  func lists() throws {
    try folder.remove("rules/lists")
    let without = try RuleDirectory(contentsOf: folder("rules"))
    let exchange = try RulesExchange(
      of: folder("rules"), running: without, with: candidate, from: folder("candidate"))
    try exchange.commit()
    #expect(try RuleDirectory(contentsOf: folder("rules")) == candidate)
    try exchange.putBack()
    #expect(try RuleDirectory(contentsOf: folder("rules")) == without)
    #expect(try !folder.names("rules").contains("lists"))
  }

  @Test("Files that are links are not written, nor is a directory that is one", arguments: ["a.lua", "lists", "."])
  func links(_ name: String) throws {
    let place = name == "." ? "rules" : "rules/\(name)"
    try folder.write("elsewhere/keep", "")
    try #require(try folder.names().contains("rules"))
    try move(place, to: "elsewhere/moved")
    try folder.link(place, to: folder("elsewhere/moved"))
    let error = #expect(throws: ApprovalError.self) { _ = try exchange() }
    #expect(error?.message.contains("is a link") == true)
    #expect(try RuleDirectory(contentsOf: folder("rules")) == running)
    #expect(try names().allSatisfy { !$0.contains("promoted") })
  }

  private func move(_ name: String, to other: String) throws {
    if name == "rules/a.lua" {
      try folder.write(other, try folder.bytes(name))
    } else if name == "rules" {
      _ = try folder.writeRules(other)
    } else {
      try folder.write("\(other)/words.txt", try folder.bytes("rules/lists/words.txt"))
    }
    try folder.remove(name)
  }

  @Test("Somebody's edit that is not in force is not lost")
  func pendingEdit() throws {
    try folder.write("rules/b.lua", "return rule { about = \"an edit\" }\n")
    #expect(throws: ApprovalError.self) { _ = try exchange() }
    #expect(try folder.text("rules/b.lua").contains("an edit"))
    #expect(try names().allSatisfy { !$0.contains("promoted") })
  }

  @Test("Where one file cannot be replaced, all are as they were")
  func halfWay() throws {
    // A directory in the place of the lock: everything before it in the order is renamed by then.
    try folder.write("rules/rules.lock/keep", "")
    let before = try names()
    let exchange = try exchange()
    let error = #expect(throws: ApprovalError.self) { try exchange.commit() }
    #expect(error?.message.contains("put back") == true)
    #expect(try RuleDirectory(contentsOf: folder("rules")) == running)
    #expect(try names() == before)
  }

  @Test("Where a file cannot be written, nothing has changed")
  func cannotWrite() throws {
    // A directory where a file is to be written first.
    try folder.write("rules/.c.lua.promoted/keep", "")
    let before = try names()
    #expect(throws: ApprovalError.self) { _ = try exchange() }
    #expect(try RuleDirectory(contentsOf: folder("rules")) == running)
    #expect(try names() == before)
  }

  @Test("What a host left that ended meanwhile is written over")
  func leftover() throws {
    try folder.write("rules/.c.lua.promoted", "half of")
    try exchange().commit()
    #expect(try RuleDirectory(contentsOf: folder("rules")) == candidate)
    #expect(try names().allSatisfy { !$0.contains("promoted") })
  }
}
