internal import CRuleSandbox

/// A test of a rule, as its `.test.lua` file writes it.
package struct RuleTest: Sendable {
  /// What the test shows, a sentence.
  package var name: String
  package var line: Int
  package var given: PlainSpan
  /// The fields of the span that must come out as said; all others must be as they were given.
  package var expected: ExpectedSpan?
  /// The reason by which the span must be dropped or sampled out.
  package var droppedReason: String?
  /// Texts that must not stand anywhere in the bytes that leave.
  package var nowhere: [String]
  /// Settings of the rule, as text.
  package var settings: [String: String]

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
  static let fields = ["given", "expect", "nowhere", "dropped", "settings"]

  let source: RuleSource

  func read() throws(RuleError) -> [RuleTest] {
    let sandbox = try RuleSandbox(file: source.file, RULE_FILE_TEST)
    do throws(RuleSandbox.Failure) {
      _ = try sandbox.run(try sandbox.load(source.bytes, name: source.file))
    } catch {
      throw source.error(error.line, error.sentence)
    }
    var tests: [RuleTest] = []
    for node in sandbox.declared { tests.append(try test(node)) }
    guard !tests.isEmpty else {
      throw source.error(nil, "the file holds no test; write: test \"what it shows\" { given = span { … } }")
    }
    return tests
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
    guard let givenNode = table["given"]?.node, givenNode.kind == "span" else {
      throw source.error(node.line, "a test begins with a span: given = span { … }")
    }
    let reader = SpanNodeReader(source: source)
    let given = try reader.span(givenNode, over: .given)
    var expected: RuleTest.ExpectedSpan?
    if let value = table["expect"] {
      guard let expectedNode = value.node, expectedNode.kind == "span" else {
        throw source.error(node.line, "expect takes a span: expect = span { … }")
      }
      let span = try reader.span(expectedNode, over: given.span)
      expected = RuleTest.ExpectedSpan(span: span.span, fields: span.fields)
    }
    let dropped = table["dropped"]?.text
    guard expected != nil || dropped != nil || table["nowhere"] != nil else {
      throw source.error(node.line, "the test expects nothing; it needs expect, dropped or nowhere")
    }
    guard expected == nil || dropped == nil else {
      throw source.error(node.line, "a span that is dropped cannot be expected as well")
    }
    return RuleTest(
      name: name, line: node.line, given: given.span, expected: expected, droppedReason: dropped,
      nowhere: table["nowhere"]?.table?.elements.compactMap(\.text) ?? [], settings: try settings(table, node))
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
