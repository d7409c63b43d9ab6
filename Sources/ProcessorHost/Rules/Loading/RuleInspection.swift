/// Checks that are made on a rule's compiled form before it may run: what it would do, not what it happens to do.
struct RuleInspection {
  let source: RuleSource
  let sandbox: RuleSandbox

  /// Globals that do not exist are errors, also in code that has not run yet, and so is every assignment to one.
  func checkGlobals(_ main: Int32) throws(RuleError) {
    let chunk = try chunk(main)
    if let write = chunk.globalWrites.first {
      throw source.error(write.line, "\(write.name) is assigned to as a global; write local \(write.name)")
    }
    if let line = chunk.environmentUses.first {
      throw source.error(line, "_ENV has no place in a rule")
    }
    var known: Set<String> = []
    for read in chunk.globalReads where known.insert(read.name).inserted {
      if let message = refusal(ofGlobal: read.name) { throw source.error(read.line, message) }
    }
  }

  /// A field that a table gives twice is one too many: Lua keeps the last and drops the others without a word.
  func checkTables(_ main: Int32) throws(RuleError) {
    guard let field = try chunk(main).fieldsGivenTwice.first else { return }
    throw source.error(
      field.line, "\(field.name) is given twice in one table, and only the last would count; put both into one")
  }

  /// What the environment says when a global is read; nil where it exists.
  private func refusal(ofGlobal name: String) -> String? {
    guard name.utf8.allSatisfy({ $0.isIdentifierByte }) else { return "_ENV has no place in a rule" }
    do throws(RuleSandbox.Failure) {
      let reference = try sandbox.load(Array("return \(name)".utf8), name: source.file)
      _ = try sandbox.run(reference)
      return nil
    } catch {
      return error.sentence
    }
  }

  /// A hook must not change variables that outlive its call, and must not misspell the span's fields.
  ///
  /// - Parameter hasSteps: whether the hook can reach a step for `span:hide`.
  func checkHook(_ functions: [Int32], hasSteps: Bool) throws(RuleError) {
    for (place, reference) in functions.enumerated() {
      let chunk = try chunk(reference)
      try checkAssignments(chunk, "one span")
      if !hasSteps, let use = chunk.fieldNames.first(where: { $0.name == "hide" }) {
        throw source.error(
          use.line, "span:hide takes a step that the file keeps in a local of its own: local cards = match.names { … }")
      }
      // The hook itself comes first.
      if place == 0 { try checkMembers(chunk, "span", Self.spanMembers) }
    }
  }

  /// The same for a hook that looks at traces.
  func checkTraceHook(_ functions: [Int32]) throws(RuleError) {
    for (place, reference) in functions.enumerated() {
      let chunk = try chunk(reference)
      try checkAssignments(chunk, "one trace")
      if place == 0 { try checkMembers(chunk, "trace", Self.traceMembers) }
    }
  }

  private func checkAssignments(_ chunk: LuaChunk, _ one: String) throws(RuleError) {
    guard let assignment = chunk.outerAssignments.first else { return }
    throw source.error(
      assignment.line,
      "\(assignment.name) lives outside of the hook and would carry state from \(one) to the next; "
        + "make it a local inside, counters and rates are the host's")
  }

  private func checkMembers(_ chunk: LuaChunk, _ what: String, _ members: [String]) throws(RuleError) {
    for use in chunk.firstParameterFields where !members.contains(use.name) {
      throw source.error(
        use.line,
        "\(what).\(use.name) is not a field of a \(what)"
          + (Suggestion.nearest(to: use.name, in: members).map { "; did you mean \($0)?" } ?? ""))
    }
  }

  /// The lines of functions, and of those inside them, that hold code.
  func lines(of functions: [Int32]) throws(RuleError) -> Set<Int> {
    var lines: Set<Int> = []
    for reference in functions { lines.formUnion(try chunk(reference).main.codeLines) }
    return lines.filter { line in source.line(line).map { !Self.onlyCloses($0) } ?? false }
  }

  /// Whether a line does nothing but end what others began.
  private static func onlyCloses(_ line: String) -> Bool {
    let code = line.firstRange(of: "--").map { line[..<$0.lowerBound] } ?? line[...]
    let words = code.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "\"" || $0 == "'") }
    return words.allSatisfy { $0 == "end" || $0 == "else" }
  }

  /// The members of a span, as the C side has them.
  static let spanMembers = [
    "name", "kind", "duration", "duration_ms", "start_time", "end_time", "trace_id", "span_id", "parent_span_id",
    "trace_state", "flags", "dropped_attributes_count", "dropped_events_count", "dropped_links_count", "schema_url",
    "resource_schema_url", "status", "scope", "attributes", "resource", "events", "links", "keep", "sample", "drop",
    "rate_limit", "hide",
  ]

  /// The members of a trace, as the C side has them.
  static let traceMembers = [
    "id", "duration", "duration_ms", "complete", "span_count", "error_count", "services", "root", "spans", "any", "all",
    "none", "touches", "self_time", "critical_path", "set", "keep", "sample", "drop", "rate_limit", "sample_dynamic",
  ]

  private func chunk(_ reference: Int32) throws(RuleError) -> LuaChunk {
    let bytes: [UInt8]
    do throws(RuleSandbox.Failure) {
      bytes = try sandbox.dump(reference)
    } catch {
      throw source.error(error.line, error.sentence)
    }
    do throws(LuaChunkError) {
      return try LuaChunk(bytes)
    } catch {
      throw source.error(nil, "this version of Lua is not one that the host can inspect: \(error)")
    }
  }
}

extension UInt8 {
  /// Whether the byte can stand in a Lua name.
  fileprivate var isIdentifierByte: Bool {
    self == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
  }
}
