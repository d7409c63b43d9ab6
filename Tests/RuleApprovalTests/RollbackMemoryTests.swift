internal import Foundation
internal import ProcessorHost
internal import RuleApproval
internal import Testing

@Suite("What a host remembers of rollbacks")
struct RollbackMemoryTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/rollback-\(UUID().uuidString)"
  private var memory: RollbackMemory { RollbackMemory(in: folder) }

  private static let matchers: [HideMatcher] = [
    .words(["token"], except: ["token.count", "x.*"]), .names(["a", "é"]), .prefixes(["http."]), .values(["secret"]),
    .text(["email"]), .patterns(["T-[0-9]+"], examples: ["T-12"]), .query(["key"]),
    .beyond(AttributeLimits(attributes: 3, links: 0)),
  ]
  private static let actions: [HideAction] = [.mark, .remove, .pseudonym("tenants"), .keepLast(4), .cut(100)]

  @Test("whatever can be hidden comes back as it was")
  func everyStep() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var content = RollbackMemory.Content()
    let steps = Self.matchers.flatMap { matcher in
      Self.actions.map { HideStep(matcher, $0, origin: "redact.lua:4") }
    }
    content.pending = RollbackMemory.Pending(
      failed: "f", running: "r", time: "t", reason: "it \"failed\"\n", kept: HidePolicy(steps))
    content.barred = [.init(digest: "f", time: "t", reason: "x"), .init(digest: "e", time: "s", reason: "y")]
    #expect(try memory.load() == RollbackMemory.Content())
    try memory.save(content)
    #expect(try memory.load() == content)
    content.pending = nil
    try memory.save(content)
    #expect(try memory.load() == content)
  }

  @Test(
    "what somebody else wrote is an error, and not a memory of nothing",
    arguments: [
      "", "{}", "null", #"{"format":"processor-host rollback 2","barred":[]}"#,
      #"{"format":"processor-host rollback 1","barred":[],"pending":{"failed":"f","running":"r","time":"t","reason":"x","kept":[{"matcher":"new","action":"mark","origin":""}]}}"#,
      #"{"format":"processor-host rollback 1","barred":[],"pending":{"failed":"f","running":"r","time":"t","reason":"x","kept":[{"matcher":"names","action":"cut","origin":""}]}}"#,
    ])
  func foreign(_ text: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: folder + "/rollback.json", atomically: true, encoding: .utf8)
    let error = #expect(throws: ApprovalError.self) { try memory.load() }
    #expect(error?.description.contains("rollback.json") == true)
  }
}
