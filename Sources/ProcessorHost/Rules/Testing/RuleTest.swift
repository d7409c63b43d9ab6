internal import CRuleSandbox

/// A test of a rule, as its `.test.lua` file writes it.
package struct RuleTest: Sendable {
  /// What the test shows, a sentence.
  package var name: String
  package var line: Int
  /// What goes in: one span, or the spans of one trace.
  package var given: [PlainSpan]
  /// The fields of each span that must come out as said; all others must be as they were given.
  package var expected: [ExpectedSpan]?
  /// Whether the spans must be dropped or sampled out.
  package var dropped: Demand?
  /// Whether a rule must have said that the span is kept, whatever a later sampler says.
  package var kept: Demand?
  /// Whether the rule must fail on the span.
  package var fails: Bool
  /// Texts that must not stand anywhere in what leaves.
  package var nowhere: [String]
  /// Settings of the rule, as text.
  package var settings: [String: String]

  /// What must happen, or must not.
  package enum Demand: Sendable, Equatable {
    /// For this reason.
    case reason(String)
    /// For whatever reason.
    case anyReason
    /// It must not.
    case never
  }

  /// What `expect` names.
  package struct ExpectedSpan: Sendable {
    package var span: PlainSpan
    package var fields: Set<String>
  }
}

/// Reads a test file.
///
/// Only on a lane, since it enters Lua.
struct RuleTestReader {
  static let fields = ["given", "expect", "nowhere", "dropped", "kept", "fails", "settings"]

  let source: RuleSource

  func read() throws(RuleError) -> [RuleTest] {
    let sandbox = try RuleSandbox(file: source.file, RULE_FILE_TEST)
    let main = try attempt { () throws(RuleSandbox.Failure) in try sandbox.load(source.bytes, name: source.file) }
    try RuleInspection(source: source, sandbox: sandbox).checkTables(main)
    _ = try attempt { () throws(RuleSandbox.Failure) in try sandbox.run(main) }
    var tests: [RuleTest] = []
    for node in sandbox.declared { tests.append(try test(node)) }
    guard !tests.isEmpty else {
      throw source.error(nil, "the file holds no test; write: test \"what it shows\" { given = span { … } }")
    }
    return tests
  }

  private func attempt<Result>(_ body: () throws(RuleSandbox.Failure) -> Result) throws(RuleError) -> Result {
    do throws(RuleSandbox.Failure) { return try body() } catch { throw source.error(error.line, error.sentence) }
  }

  private func test(_ node: LuaNode) throws(RuleError) -> RuleTest {
    guard node.arguments.count == 2, let name = node.arguments[0].text, let table = node.arguments[1].table,
      table.elements.isEmpty
    else { throw source.error(node.line, "a test is written: test \"what it shows\" { given = span { … }, … }") }
    for member in table.members where !Self.fields.contains(member.name) {
      throw source.error(
        node.line,
        "\(member.name) is not a field of a test" + Suggestion.hint(for: member.name, in: Self.fields))
    }
    let reader = SpanNodeReader(source: source)
    let given = try givenSpans(table, node, reader)
    let expected = try expectedSpans(table, node, reader, given)
    let dropped = try demand("dropped", table, node)
    let kept = try demand("kept", table, node)
    let nowhere = try texts("nowhere", table, node)
    let fails = try flag("fails", table, node)
    guard expected != nil || dropped != nil || kept != nil || !nowhere.isEmpty || fails else {
      throw source.error(node.line, "the test expects nothing; it needs expect, dropped, kept, nowhere or fails")
    }
    guard expected == nil || dropped == nil || dropped == .never else {
      throw source.error(node.line, "a span that is dropped cannot be expected as well")
    }
    return RuleTest(
      name: name, line: node.line, given: given, expected: expected, dropped: dropped, kept: kept, fails: fails,
      nowhere: nowhere, settings: try settings(table, node))
  }

  /// The spans that go in: one, or a list of those of a trace.
  private func givenSpans(
    _ table: LuaTable, _ node: LuaNode, _ reader: SpanNodeReader
  ) throws(RuleError) -> [PlainSpan] {
    guard let nodes = spanNodes(table["given"]) else {
      throw source.error(
        node.line, "a test begins with a span: given = span { … }; or with those of a trace: given = { span { … }, … }")
    }
    if table["given"]?.node != nil { return [try reader.span(nodes[0], over: .given).span] }
    var spans: [PlainSpan] = []
    for (place, node) in nodes.enumerated() {
      // Ids by their place, and the first as the parent of the others, where the test does not say.
      var base = PlainSpan.given
      base.spanID = SpanID(UInt64(place + 1))
      if let first = spans.first { (base.parentSpanID, base.traceID) = (first.spanID, first.traceID) }
      spans.append(try reader.span(node, over: base).span)
    }
    return spans
  }

  private func expectedSpans(
    _ table: LuaTable, _ node: LuaNode, _ reader: SpanNodeReader, _ given: [PlainSpan]
  ) throws(RuleError) -> [RuleTest.ExpectedSpan]? {
    guard let value = table["expect"] else { return nil }
    guard let nodes = spanNodes(value), (value.node == nil) == (table["given"]?.node == nil), nodes.count == given.count
    else {
      throw source.error(
        node.line,
        table["given"]?.node != nil
          ? "expect takes a span: expect = span { … }"
          : "expect takes a span for each that is given, \(given.count) here: expect = { span { … }, … }")
    }
    var expected: [RuleTest.ExpectedSpan] = []
    for (node, given) in zip(nodes, given) {
      let span = try reader.span(node, over: given)
      expected.append(RuleTest.ExpectedSpan(span: span.span, fields: span.fields))
    }
    return expected
  }

  /// One span or a list of them; nil for anything else.
  private func spanNodes(_ value: LuaValue?) -> [LuaNode]? {
    if let node = value?.node { return node.kind == "span" ? [node] : nil }
    guard let table = value?.table, table.members.isEmpty, table.oddKey == nil, !table.elements.isEmpty else {
      return nil
    }
    let nodes = table.elements.compactMap(\.node).filter { $0.kind == "span" }
    return nodes.count == table.elements.count ? nodes : nil
  }

  private func flag(_ field: String, _ table: LuaTable, _ node: LuaNode) throws(RuleError) -> Bool {
    switch table[field] {
    case nil: return false
    case .bool(let flag): return flag
    case .some(let value): throw source.error(node.line, "\(field) is true or false, this is \(value.typeName)")
    }
  }

  private func demand(_ field: String, _ table: LuaTable, _ node: LuaNode) throws(RuleError) -> RuleTest.Demand? {
    switch table[field] {
    case nil: return nil
    case .bool(let flag): return flag ? .anyReason : .never
    case .text(let text) where !text.isEmpty: return .reason(text)
    case .some:
      throw source.error(
        node.line,
        "\(field) is the reason, a string that the rule declares under can; or true for any, or false for never")
    }
  }

  private func texts(_ field: String, _ table: LuaTable, _ node: LuaNode) throws(RuleError) -> [String] {
    guard let value = table[field] else { return [] }
    let texts = value.table?.elements.compactMap(\.text) ?? []
    guard !texts.isEmpty, texts.count == value.table?.elements.count, !texts.contains("") else {
      throw source.error(node.line, "\(field) is a list of strings: \(field) = { \"hunter2\" }")
    }
    return texts
  }

  private func settings(_ table: LuaTable, _ node: LuaNode) throws(RuleError) -> [String: String] {
    var settings: [String: String] = [:]
    for member in table["settings"]?.table?.members ?? [] {
      switch member.value {
      case .text(let text): settings[member.name] = text
      case .int(let number): settings[member.name] = "\(number)"
      case .double(let number): settings[member.name] = "\(number)"
      case .bool(let flag): settings[member.name] = "\(flag)"
      default: throw source.error(node.line, "the setting \(member.name) is a string, a number or a boolean")
      }
    }
    return settings
  }
}
