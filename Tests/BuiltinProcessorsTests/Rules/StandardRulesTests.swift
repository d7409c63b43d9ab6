internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("The rules that come with the host")
struct StandardRulesTests {
  @Test("are the files of the top level's rules, all of them")
  func sameAsFiles() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let files = try RuleDirectory(contentsOf: root.appendingPathComponent("rules").path)
    #expect(RuleDirectory.standard.chain == files.chain)
    #expect(RuleDirectory.standard.rules == files.rules)
    #expect(RuleDirectory.standard.tests == files.tests)
    #expect(RuleDirectory.standard.lists == files.lists)
    #expect(RuleDirectory.standard.digest == files.digest)
  }
}
