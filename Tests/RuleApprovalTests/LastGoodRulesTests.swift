internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost
internal import RuleApproval
internal import Testing

@Suite("The rules that ran last")
struct LastGoodRulesTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/last-good-\(UUID().uuidString)"
  private var source: String { folder + "/rules" }
  private var kept: String { folder + "/kept" }

  private func write(_ files: [String: String]) throws -> RuleDirectory {
    try? FileManager.default.removeItem(atPath: source)
    try FileManager.default.createDirectory(atPath: source + "/lists", withIntermediateDirectories: true)
    for (name, text) in files { try text.write(toFile: source + "/" + name, atomically: true, encoding: .utf8) }
    return try RuleDirectory(contentsOf: source)
  }

  private static let rules = [
    "chain.lua": "return chain { api = 1, 'a' }",
    "a.lua": "return rule { about = 'é', hide = { match.names { 'k' } } }",
    "a.test.lua": "-- none", "lists/words.txt": "x\n", "rules.lock": "a lock", "notes.txt": "not a rule",
  ]

  @Test("A set comes back as it was, with what says of its approval, and one that is kept later stands in its place")
  func keepAndLoad() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try write(Self.rules)
    let lastGood = try LastGoodRules(path: kept, rulesDirectory: source)
    #expect(try lastGood.load() == nil)
    try lastGood.keep(first, from: source)
    #expect(try lastGood.load()?.digest == first.digest)
    #expect(try String(contentsOfFile: lastGood.current + "/rules.lock", encoding: .utf8) == "a lock")
    #expect(!FileManager.default.fileExists(atPath: lastGood.current + "/notes.txt"))

    var files = Self.rules
    files["lists/words.txt"] = nil
    files["rules.lock"] = nil
    let second = try write(files)
    try lastGood.keep(second, from: source)
    #expect(try lastGood.load()?.digest == second.digest)
    // Of the set before nothing is left, and nobody else can read the one that counts.
    #expect(try FileManager.default.contentsOfDirectory(atPath: kept).sorted() == [second.digest, "current"].sorted())
    #expect(!FileManager.default.fileExists(atPath: lastGood.current + "/rules.lock"))
    let mode = try FileManager.default.attributesOfItem(atPath: lastGood.current + "/a.lua")[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test("A new signature of the same set is kept with it")
  func approval() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let directory = try write(Self.rules)
    let lastGood = try LastGoodRules(path: kept, rulesDirectory: source)
    try lastGood.keep(directory, from: source)
    try "another lock".write(toFile: source + "/rules.lock", atomically: true, encoding: .utf8)
    try lastGood.keep(directory, from: source)
    #expect(try String(contentsOfFile: lastGood.current + "/rules.lock", encoding: .utf8) == "another lock")
  }

  @Test("A link that is somebody else's is neither followed nor cleared")
  func strangers() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let directory = try write(Self.rules)
    try FileManager.default.createDirectory(atPath: kept + "/releases/1", withIntermediateDirectories: true)
    try "mine".write(toFile: kept + "/releases/1/file", atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: kept + "/current", withDestinationPath: "releases/1")
    let lastGood = try LastGoodRules(path: kept, rulesDirectory: source)
    #expect(throws: RuleErrors.self) { try lastGood.load() }
    #expect(throws: ApprovalError.self) { try lastGood.keep(directory, from: source) }
    #expect(FileManager.default.fileExists(atPath: kept + "/releases/1/file"))
  }

  @Test("What a crash has left of a set does not count, and is written anew")
  func crash() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let directory = try write(Self.rules)
    let lastGood = try LastGoodRules(path: kept, rulesDirectory: source)
    try FileManager.default.createDirectory(
      atPath: "\(kept)/\(directory.digest)/lists", withIntermediateDirectories: true)
    try "half".write(toFile: "\(kept)/\(directory.digest)/b.lua", atomically: true, encoding: .utf8)
    #expect(try lastGood.load() == nil)
    try lastGood.keep(directory, from: source)
    #expect(try lastGood.load()?.digest == directory.digest)
  }

  @Test("A set that was changed where it is kept is refused, and so is a place among the rules")
  func tampering() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let directory = try write(Self.rules)
    let lastGood = try LastGoodRules(path: kept, rulesDirectory: source)
    try lastGood.keep(directory, from: source)
    try "return rule {}".write(toFile: lastGood.current + "/c.lua", atomically: true, encoding: .utf8)
    #expect(throws: RuleErrors.self) { try lastGood.load() }
    for path in [source, source + "/kept", source + "/lists/kept"] {
      #expect(throws: ApprovalError.self) { try LastGoodRules(path: path, rulesDirectory: source) }
    }
  }
}
