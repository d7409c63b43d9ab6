/// Reads hide steps: what is hidden, and how.
struct HideReader {
  static let matchers = [
    "match.words", "match.names", "match.prefixes", "match.values", "match.text", "match.patterns", "match.query",
  ]
  static let actions = ["mark", "remove", "pseudonym", "keep_last", "cut", "limit"]

  /// The most terms that one matcher takes.
  static let maximumTerms = 4096
  /// The most steps that one rule takes.
  static let maximumSteps = 256
  /// The most characters that `keep_last` may leave.
  static let maximumKept = 10
  /// The longest text that a cut may leave.
  static let maximumCut = 1 << 20

  let source: RuleSource

  func steps(_ value: LuaValue) throws(RuleError) -> [HideStep] {
    guard let table = value.table, table.members.isEmpty, table.oddKey == nil else {
      throw source.error(
        source.lineWriting("hide"), "hide takes a list of steps: hide = { match.words(list \"secret_words\") }")
    }
    guard table.elements.count <= Self.maximumSteps else {
      throw source.error(
        source.lineWriting("hide"), "hide takes at most \(Self.maximumSteps) steps, here are \(table.elements.count)")
    }
    var steps: [HideStep] = []
    for element in table.elements { steps.append(try step(element)) }
    return steps
  }

  /// A step as it stands in `hide` or is given to `span:hide`; a bare matcher means the mark.
  func step(_ value: LuaValue) throws(RuleError) -> HideStep {
    guard let node = value.node else {
      throw source.error(
        source.lineWriting("hide"),
        "hide holds steps such as match.names { \"card\" }; \(value.typeName) is among them")
    }
    if Self.matchers.contains(node.kind) { return made(try matcher(node), .mark, node) }
    switch node.kind {
    case "mark", "remove":
      guard node.arguments.count == 1 else { throw usage(node, "takes one matcher") }
      return made(try inner(node), node.kind == "mark" ? .mark : .remove, node)
    case "cut":
      guard node.arguments.count == 2, let length = node.arguments[1].number, length == length.rounded(),
        length >= 0, length <= Double(Self.maximumCut)
      else {
        throw usage(
          node, "takes a matcher and a length from 0 to \(Self.maximumCut): cut(match.names { \"note\" }, 100)")
      }
      let matcher = try inner(node)
      if matcher.looksInsideText {
        throw usage(node, "takes words, names, prefixes or values; match.\(matcher.name) finds parts of a text")
      }
      return made(matcher, .cut(Int(length)), node)
    case "keep_last":
      guard node.arguments.count == 2, case .int(let count) = node.arguments[1],
        (1...Int64(Self.maximumKept)).contains(count)
      else {
        throw usage(
          node,
          "takes a matcher and how many characters stay, 1 to \(Self.maximumKept): keep_last(match.names { \"iban\" }, 4)"
        )
      }
      return made(try inner(node), .keepLast(Int(count)), node)
    case "pseudonym":
      guard node.arguments.count == 2, let name = node.arguments[1].text, Self.isKeyName(name) else {
        throw usage(
          node,
          "takes a matcher and the name of keys, of a-z, 0-9 and -, beginning with a letter: pseudonym(match.names { \"user.id\" }, \"users\")"
        )
      }
      return made(try inner(node), .pseudonym(name), node)
    case "limit":
      return made(.beyond(try limits(node)), .remove, node)
    default:
      throw source.error(
        node.line,
        "\(node.kind) is not a step of hide" + Suggestion.hint(for: node.kind, in: Self.matchers + Self.actions)
      )
    }
  }

  private func made(_ matcher: HideMatcher, _ action: HideAction, _ node: LuaNode) -> HideStep {
    HideStep(matcher, action, origin: "\(source.file):\(node.line)")
  }

  private func inner(_ node: LuaNode) throws(RuleError) -> HideMatcher {
    guard let matcher = node.arguments[0].node, Self.matchers.contains(matcher.kind) else {
      throw usage(node, "takes a matcher such as match.names { \"webhook.payload\" }")
    }
    return try self.matcher(matcher)
  }

  private func matcher(_ node: LuaNode) throws(RuleError) -> HideMatcher {
    let option = Self.options[node.kind]
    guard node.arguments.count == 1 || (option != nil && node.arguments.count == 2) else {
      throw usage(node, option == nil ? "takes one list of strings" : "takes a list of strings, and options")
    }
    let terms = try strings(node.arguments[0], node)
    let optional = try option.flatMap { name throws(RuleError) in
      node.arguments.count == 2 ? try self.option(name, node.arguments[1], node) : nil
    }
    switch node.kind {
    case "match.words":
      try checkExceptions(optional ?? [], node)
      return .words(terms, except: optional ?? [])
    case "match.text": return .text(terms)
    case "match.query":
      if terms.contains(where: { $0.hasSuffix("*") }) { throw usage(node, "takes whole names of parameters") }
      return .query(terms)
    case "match.patterns":
      if terms.contains(where: { $0.utf8.contains(0) }) {
        throw usage(node, "takes patterns without a NUL byte; write \\\\x00 for it")
      }
      return .patterns(terms, examples: optional ?? [])
    case "match.names":
      if let pattern = terms.first(where: { $0.hasSuffix("*") }) {
        throw usage(node, "takes whole names; for all that begin with \(pattern.dropLast()), use match.prefixes")
      }
      return .names(terms)
    case "match.prefixes":
      if terms.contains(where: { $0.hasSuffix("*") }) { throw usage(node, "takes beginnings of names, without a star") }
      return .prefixes(terms)
    default: return .values(terms)
    }
  }

  /// The one option that a matcher takes, by the matcher.
  private static let options = ["match.words": "except", "match.patterns": "examples"]

  private func option(_ name: String, _ value: LuaValue, _ node: LuaNode) throws(RuleError) -> [String]? {
    guard let options = value.table, options.elements.isEmpty, options.oddKey == nil else {
      throw usage(node, "takes options by name: \(node.kind)({ … }, { \(name) = { \"…\" } })")
    }
    for member in options.members where member.name != name {
      throw usage(node, "has no option \(member.name)" + Suggestion.hint(for: member.name, in: [name]))
    }
    guard let strings = options[name] else { return nil }
    return try self.strings(strings, node)
  }

  private func checkExceptions(_ names: [String], _ node: LuaNode) throws(RuleError) {
    for name in names {
      let star = name.firstIndex(of: "*")
      guard name != "*", star == nil || star == name.index(before: name.endIndex) else {
        throw usage(
          node, "takes exceptions that are names, or beginnings of names that end in *: \"llm.token_count.*\"")
      }
    }
  }

  private static func isKeyName(_ name: String) -> Bool {
    guard let first = name.utf8.first, (97...122).contains(first), name.utf8.count <= 64 else { return false }
    return name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
  }

  private func limits(_ node: LuaNode) throws(RuleError) -> AttributeLimits {
    guard node.arguments.count == 1, let table = node.arguments[0].table, table.elements.isEmpty, table.oddKey == nil,
      !table.members.isEmpty
    else { throw usage(node, "takes counts by name: limit { attributes = 128, events = 128, links = 128 }") }
    var limits = AttributeLimits()
    for member in table.members {
      guard case .int(let count) = member.value, count >= 0, count <= 1 << 20 else {
        throw usage(node, "takes whole numbers from 0 to \(1 << 20); \(member.name) is \(member.value.typeName)")
      }
      switch member.name {
      case "attributes": limits.attributes = Int(count)
      case "events": limits.events = Int(count)
      case "links": limits.links = Int(count)
      default:
        throw usage(
          node,
          "cannot limit \(member.name)" + Suggestion.hint(for: member.name, in: ["attributes", "events", "links"]))
      }
    }
    return limits
  }

  private func strings(_ value: LuaValue, _ node: LuaNode) throws(RuleError) -> [String] {
    guard let table = value.table, table.members.isEmpty, table.oddKey == nil else {
      throw usage(node, "takes a list of strings, not \(value.typeName)")
    }
    var result: [String] = []
    for element in table.elements {
      guard let text = element.text, !text.isEmpty else {
        throw usage(
          node, "takes a list of strings; \(element.text == "" ? "an empty one" : element.typeName) is among them")
      }
      try checkNearMiss(text, node)
      result.append(text)
    }
    guard !result.isEmpty else { throw usage(node, "has an empty list and so no effect; remove it") }
    guard result.count <= Self.maximumTerms else {
      throw usage(node, "takes at most \(Self.maximumTerms) strings, here are \(result.count)")
    }
    return result
  }

  /// Refuses names that can only be meant otherwise, and would match nothing.
  private func checkNearMiss(_ text: String, _ node: LuaNode) throws(RuleError) {
    guard !["match.values", "match.patterns"].contains(node.kind) else { return }
    if text.first?.isWhitespace == true || text.last?.isWhitespace == true {
      throw usage(node, "has a name with space around it: \"\(text)\"; no key would match, write it without")
    }
    if text.hasPrefix("attributes.") {
      throw usage(node, "takes keys as they stand on the span, not paths: \(text.dropFirst("attributes.".count))")
    }
  }

  private func usage(_ node: LuaNode, _ what: String) -> RuleError {
    source.error(node.line, "\(node.kind) \(what)")
  }
}
