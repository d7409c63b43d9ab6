/// Reads a rule's `can` table.
struct PowersReader {
  let source: RuleSource

  static let fields = ["read", "set", "sample", "sample_reason", "drop", "rewrite"]

  func read(_ value: LuaValue) throws(RuleError) -> Powers {
    guard let table = value.table else {
      throw error("can", "can is a table, such as { read = { \"duration\" } }; this is \(value.typeName)")
    }
    var powers = Powers()
    for member in table.members {
      switch member.name {
      case "read": try read(paths: member.value, into: &powers)
      case "rewrite": try rewrite(paths: member.value, into: &powers)
      case "set": powers.set = try settable(member.value)
      case "sample": powers.sampleReasons = try reasons(member.value, "sample")
      case "sample_reason": powers.reasonAttribute = try reasonAttribute(member.value)
      case "drop": powers.dropReasons = try reasons(member.value, "drop")
      default:
        throw error(
          member.name, "\(member.name) is not a power" + Suggestion.hint(for: member.name, in: Self.fields))
      }
    }
    guard table.elements.isEmpty, table.oddKey == nil else {
      throw error("can", "can names its powers, such as { read = { \"duration\" } }")
    }
    if let key = powers.reasonAttribute {
      if powers.sampleReasons.isEmpty {
        throw error("sample_reason", "sample_reason has no effect without sample, which lists the reasons")
      }
      if powers.set[key] != nil {
        throw error("sample_reason", "the host writes \(key), as sample_reason says; remove it from set")
      }
    }
    return powers
  }

  private func read(paths value: LuaValue, into powers: inout Powers) throws(RuleError) {
    powers.readPaths = try strings(value, "read", "paths such as \"duration\"")
    for path in powers.readPaths {
      if path == "*" {
        powers.fields = SpanField.allCases.reduce(0) { $0 | $1.bit }
        for keys in [\Powers.attributes, \Powers.resource, \Powers.scope] { powers[keyPath: keys].add("*") }
        powers.events = true
        powers.links = true
        powers.traceFields = TraceField.allBits
      } else if path == "trace.*" {
        powers.traceFields = TraceField.allBits
      } else if let field = TraceField.allCases.first(where: { $0.path == path }) {
        powers.traceFields |= field.bit
        if field == .duration { powers.traceFields |= TraceField.durationMilliseconds.bit }
      } else if let field = SpanField.allCases.first(where: { $0.path == path }) {
        powers.fields |= field.bit
        // Both are views of one fact.
        if field == .duration { powers.fields |= SpanField.durationMilliseconds.bit }
      } else if path == "status.*" {
        powers.fields |= SpanField.statusCode.bit | SpanField.statusMessage.bit
      } else if path == "events" || path == "events.*" {
        powers.events = true
      } else if path == "links" || path == "links.*" {
        powers.links = true
      } else if let key = rest(of: path, after: "attributes.") {
        powers.attributes.add(key)
      } else if let key = rest(of: path, after: "resource.") {
        powers.resource.add(key)
      } else if let key = rest(of: path, after: "scope.attributes.") {
        powers.scope.add(key)
      } else {
        throw unknownPath(path)
      }
    }
  }

  private func rewrite(paths value: LuaValue, into powers: inout Powers) throws(RuleError) {
    let fields: [SpanField] = [.name, .statusMessage, .statusCode]
    powers.rewritePaths = try strings(value, "rewrite", "paths such as \"name\"")
    for path in powers.rewritePaths {
      if let field = fields.first(where: { $0.path == path }) {
        powers.rewriteFields |= field.bit
      } else if let key = rest(of: path, after: "attributes.") {
        powers.rewriteAttributes.add(key)
      } else {
        throw error(
          "rewrite",
          "\(path) cannot be rewritten" + Suggestion.hint(for: path, in: fields.map(\.path) + ["attributes.…"])
        )
      }
    }
  }

  private func rest(of path: String, after prefix: String) -> Substring? {
    path.hasPrefix(prefix) && path.count > prefix.count ? path.dropFirst(prefix.count) : nil
  }

  private func unknownPath(_ path: String) -> RuleError {
    let known = SpanField.allCases.map(\.path) + ["events", "links", "status.*"]
    if path == "attributes" || path == "resource" {
      return error("read", "the path \(path) needs a key: \(path).http.route, or \(path).* for all of them")
    }
    if path == "trace" || path.hasPrefix("trace.") {
      let fields = TraceField.allCases.map(\.path) + ["trace.*"]
      return error("read", "\(path) is not a path of a trace" + Suggestion.hint(for: path, in: fields))
    }
    let near = Suggestion.nearest(to: path, in: known).map { "; did you mean \($0)?" }
    return error("read", "\(path) is not a path of a span" + (near ?? "; attributes are read as attributes.KEY"))
  }

  private func settable(_ value: LuaValue) throws(RuleError) -> [String: Powers.Settable] {
    guard let table = value.table, table.elements.isEmpty, table.oddKey == nil else {
      throw error("set", "set names attributes and their types, such as { slow_trace = \"boolean\" }")
    }
    var result: [String: Powers.Settable] = [:]
    for member in table.members {
      switch member.value {
      case .text("boolean"): result[member.name] = .boolean
      case .text("integer"): result[member.name] = .integer
      case .text("number"): result[member.name] = .number
      case .text("span_name"): result[member.name] = .spanName
      case .text(let type):
        let types = ["boolean", "integer", "number", "span_name"]
        throw error(
          member.name,
          "\(type) is not a type that can be set" + Suggestion.hint(for: type, in: types)
            + "; for strings, list the ones that are allowed, or use rewrite")
      case .table:
        result[member.name] = .choice(try strings(member.value, member.name, "the strings that are allowed"))
      default:
        throw error(
          member.name,
          "the type of \(member.name) is \"boolean\", \"integer\", \"number\", a list of strings, or \"span_name\"")
      }
    }
    return result
  }

  private func reasons(_ value: LuaValue, _ power: String) throws(RuleError) -> [String] {
    let reasons = try strings(value, power, "reasons such as \"health check\"")
    if let long = reasons.first(where: { $0.utf8.count > 64 }) {
      throw error(power, "a reason has at most 64 bytes, this one has \(long.utf8.count)")
    }
    return reasons
  }

  private func reasonAttribute(_ value: LuaValue) throws(RuleError) -> String {
    guard let key = value.text, (1...SpanAccess.maximumKey).contains(key.utf8.count) else {
      throw error("sample_reason", "sample_reason is the name of an attribute, such as \"sampling.reason\"")
    }
    return key
  }

  private func strings(_ value: LuaValue, _ member: String, _ expected: String) throws(RuleError) -> [String] {
    guard let table = value.table, table.members.isEmpty, table.oddKey == nil, !table.elements.isEmpty else {
      throw error(member, "\(member) takes a list of \(expected)")
    }
    var result: [String] = []
    for element in table.elements {
      guard let text = element.text, !text.isEmpty else {
        throw error(member, "\(member) takes a list of \(expected); \(element.typeName) is among them")
      }
      result.append(text)
    }
    return result
  }

  private func error(_ member: String, _ message: String) -> RuleError {
    source.error(source.lineWriting(member), message)
  }
}
