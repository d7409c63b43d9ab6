import ProcessorHost
import RuleReview
import Testing

@Suite("The life of a candidate")
struct ShadowLifeTests {
  private static func hides(_ names: String) -> String {
    "return rule { about = 'Hides.', hide = { match.names { \(names) } } }"
  }

  private static var span: PlainSpan {
    var span = PlainSpan()
    span.attributes = [AttributeValue.Entry("memo", .string("1234"))]
    return span
  }

  @Test("A candidate comes, is broken, is mended, becomes what runs, and goes; each is told")
  func stages() async throws {
    try await ShadowRig(live: ["redact": Self.hides("'note'")], candidate: nil).run { rig in
      try await rig.wait("no candidate") { $0.state == .absent }
      #expect(rig.runner.candidate == nil && rig.runner.report.mayReveal)

      try rig.write(["redact": Self.hides("'note', 'memo'")])
      try await rig.wait("a candidate") { $0.state == .comparing }
      #expect(rig.runner.report.verdict == .tighter && !rig.runner.report.mayReveal)
      #expect(rig.runner.candidate?.digest == rig.runner.report.candidate)

      try rig.write(["redact": "return rul {}"])
      try await rig.wait("the fault") { $0.state == .failing }
      #expect(rig.runner.report.errors.first?.file == "redact.lua" && rig.runner.totals.isFailing)
      #expect(rig.runner.candidate == nil && rig.runner.report.mayReveal)
      rig.offer([Self.span])
      #expect(rig.runner.totals.compared == 0 && rig.runner.totals.passedOver == 0)

      try rig.write(["redact": Self.hides("'note'")])
      try await rig.wait("the same") { $0.state == .same }
      #expect(!rig.runner.report.mayReveal && rig.runner.candidate == nil && !rig.runner.totals.isFailing)
      try rig.remove()
      try await rig.wait("no candidate") { $0.state == .absent }
      let told = rig.tellings.map { String($0.prefix { $0 != "\n" && $0 != "." }) }
      #expect(told == ["absent", "comparing: tighter", "failing: redact", "same", "absent"])
    }
  }

  @Test("Counts start anew with another candidate, and with other rules in force; the totals go on")
  func anew() async throws {
    let rig = try ShadowRig(live: ["redact": Self.hides("'note'")], candidate: ["redact": Self.hides("'memo'")])
    try await rig.run { rig in
      try await rig.wait("the candidate") { $0.state == .comparing }
      rig.offer([Self.span])
      try await rig.wait("the span") { $0.spans == 1 }
      #expect(rig.runner.report.changes.map(\.kind) == [.newlyHidden])

      let first = rig.runner.report.candidate
      try rig.write(["redact": Self.hides("'memos'")])
      try await rig.wait("the next candidate") { $0.state == .comparing && $0.candidate != first }
      #expect(rig.runner.report.spans == 0 && rig.runner.report.changes.isEmpty)
      rig.offer([Self.span])
      try await rig.wait("the span") { $0.spans == 1 }
      #expect(rig.runner.report.changes.isEmpty)

      // Under the rules that are now in force the same candidate shows more.
      try await rig.host.replaceRules(with: ShadowRig.directory(["redact": Self.hides("'memo'")]))
      let live = rig.host.runningConfiguration.configuration.rules.digest
      try await rig.wait("the next rules") { $0.state == .comparing && $0.live == live }
      rig.offer([Self.span])
      try await rig.wait("the span") { $0.spans == 1 }
      #expect(rig.runner.report.changes.map(\.kind) == [.newlyVisible] && rig.runner.report.mayReveal)
      #expect(rig.runner.totals.compared == 3)
      #expect(rig.runner.totals.changes == [.newlyHidden: 1, .newlyVisible: 1])
    }
  }

  @Test("A report says the same after it was written and read")
  func document() async throws {
    let rig = try ShadowRig(live: ["redact": Self.hides("'memo'")], candidate: ["redact": Self.hides("'note'")])
    _ = try await rig.changes(of: [Self.span])
    let report = rig.runner.report
    let read = try ShadowReport(json: report.json())
    #expect(try read.json() == report.json())
    #expect(read.mayReveal && read.counts == ["newly visible": 1])
    for page in [read.page(TextPage.self), read.page(MarkdownPage.self)] {
      #expect(page.contains("attributes.memo") && page.contains("newly visible") && !page.contains("1234"))
    }
  }
}
