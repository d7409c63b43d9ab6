internal import CRuleSandbox

/// Loads a rules directory: the chain, then each rule it names, then all of them as one set.
///
/// Only on a lane, since it enters Lua.
package struct RuleSetLoader {
  package var directory: RuleDirectory
  /// The chain instead of the directory's own: names of rules.
  package var chainOverride: [String]?
  /// Values of settings, by rule and by name, as text.
  package var settings: [String: [String: String]] = [:]
  /// Whether values for settings that no rule declares are passed over: they were given for another set.
  package var passesOverUnknownSettings = false
  /// Processors written in Swift. They stand where the chain names them, and behind all rules where it does not.
  package var processors: [any SpanProcessor] = []
  /// The same for those that look at whole traces.
  package var traceProcessors: [any TraceProcessor] = []
  /// Steps that the app gives beside those of the rules.
  package var hide = HidePolicy()
  /// Steps that stay for the time being, whatever the rules hide.
  package var kept = HidePolicy()
  /// The rates that the set's limits are counted by. They outlive a set, so that a reload lets nothing more through.
  package var rateLimits: any RateLimitNative

  private let natives: RuleNatives

  package init(_ directory: RuleDirectory, natives: RuleNatives) {
    self.directory = directory
    self.natives = natives
    rateLimits = natives.rateLimits()
  }

  /// - Throws: everything that is wrong with the directory, not only the first thing.
  package func load() throws(RuleErrors) -> RuleSet {
    var errors: [RuleError] = []
    let lists = readLists(&errors)
    // Rules would complain of a list that is there and only cannot be read.
    guard errors.isEmpty else { throw RuleErrors(errors) }
    let names = readChain(&errors)
    var members: [RuleSet.Member] = []
    var policy = hide
    // The app's own conditional steps come first in the policy, and so do their bits.
    var conditions = UInt64(hide.steps.count { $0.isConditional })
    let limits = rateLimits
    for name in names {
      if let processor = processors.first(where: { $0.name == name }) {
        members.append(.processor(processor))
        continue
      }
      if let processor = traceProcessors.first(where: { $0.name == name }) {
        members.append(.traceProcessor(processor))
        continue
      }
      guard let source = directory.rules[name] else {
        errors.append(unknownRule(name))
        continue
      }
      do throws(RuleError) {
        let loader = RuleLoader(source: source, overrides: settings[name] ?? [:], lists: lists)
        let definition = try loader.load().definition
        if !passesOverUnknownSettings { try checkOverrides(definition) }
        var access = SpanAccess(powers: definition.powers)
        access.mayHideConditionally = definition.failurePolicy != .pass
        access.rateLimit = { limits.take("\(name): \($0)", perSecond: $1) }
        access.dynamicShare = { limits.share("\(name): \($0)", ofKind: $1, perSecond: $2) }
        for (serial, step) in definition.conditionalSteps {
          access.conditionalSteps[serial] = 1 << conditions
          conditions += 1
          policy.steps.append(step)
        }
        policy.steps += definition.hide
        members.append(.rule(definition, access))
      } catch {
        errors.append(error)
      }
    }
    members += processors.filter { !names.contains($0.name) }.map { .processor($0) }
    members += traceProcessors.filter { !names.contains($0.name) }.map { .traceProcessor($0) }
    for name in settings.keys.sorted() where !passesOverUnknownSettings && !names.contains(name) {
      errors.append(
        RuleError(
          file: "chain.lua",
          message: "there are settings for \(name), which is not in the chain"
            + Suggestion.hint(for: name, in: names)))
    }
    guard errors.isEmpty else { throw RuleErrors(errors) }
    return try assemble(members, lists, policy)
  }

  private func assemble(
    _ members: [RuleSet.Member], _ lists: [String: [String]], _ policy: HidePolicy
  ) throws(RuleErrors) -> RuleSet {
    let kept = kept.beyond(policy)
    let whole = HidePolicy(policy.steps + kept.steps)
    do {
      var set = try RuleSet(
        members: members, lists: lists, overrides: settings, natives: natives, policy: whole)
      set.kept = kept
      set.leaks = try set.runLeakBattery()
      try checkLeaks(set)
      return set
    } catch let error as HidePolicyError {
      throw RuleErrors([Self.error(at: whole.steps[error.step].origin, error.reason)])
    } catch let errors as RuleErrors {
      throw errors
    } catch let error as RuleError {
      throw RuleErrors([error])
    } catch {
      throw RuleErrors([RuleError(file: "chain.lua", message: "the hide policy cannot be compiled: \(error)")])
    }
  }

  /// - Throws: for every matcher under which a planted secret was left.
  private func checkLeaks(_ set: RuleSet) throws(RuleErrors) {
    let leaks = set.leaks.leaks
    if leaks.isEmpty { return }
    var errors: [RuleError] = []
    for row in set.leaks.rows where row.cells.contains(.leak) {
      let places = leaks.filter { $0.row.matcher == row.matcher && $0.row.step == row.step }.map(\.surface.rawValue)
      errors.append(
        Self.error(
          at: set.policy.steps[row.step].origin,
          "the leak battery: a secret planted for match.\(row.matcher) can be read in \(places.joined(separator: ", "))"
            + " after all rules have run; does a rule with the power to rewrite copy it?"))
    }
    throw RuleErrors(errors)
  }

  /// An error in a step of the policy, where its origin says: `redact.lua:4`.
  private static func error(at origin: String, _ message: String) -> RuleError {
    if origin.isEmpty { return RuleError(file: "the app's own policy", message: message) }
    guard let colon = origin.lastIndex(of: ":"), let line = Int(origin[origin.index(after: colon)...]) else {
      return RuleError(file: origin, message: message)
    }
    return RuleError(file: String(origin[..<colon]), line: line, message: message)
  }

  private func checkOverrides(_ definition: RuleDefinition) throws(RuleError) {
    for name in (settings[definition.name] ?? [:]).keys.sorted()
    where !definition.settings.contains(where: { $0.name == name }) {
      throw definition.source.error(nil, "the rule has no setting \(name); it declares none")
    }
  }

  private func readLists(_ errors: inout [RuleError]) -> [String: [String]] {
    var lists: [String: [String]] = [:]
    for (name, source) in directory.lists.sorted(by: { $0.key < $1.key }) {
      do throws(RuleError) { lists[name] = try source.listItems() } catch {
        var error = error
        error.file = "lists/" + error.file
        errors.append(error)
      }
    }
    return lists
  }

  private func unknownRule(_ name: String) -> RuleError {
    let known = directory.rules.keys.sorted()
    return RuleError(
      file: chainOverride == nil ? "chain.lua" : "the chain that was given",
      line: chainOverride == nil ? directory.chain?.lineHolding("\"\(name)\"") : nil,
      message: known.isEmpty
        ? "there is no rule \(name); the directory holds none"
        : "there is no rule \(name)" + Suggestion.hint(for: name, in: known))
  }

  // MARK: The chain

  /// The names in the chain; without `chain.lua`, none.
  private func readChain(_ errors: inout [RuleError]) -> [String] {
    if let chainOverride { return chainOverride }
    guard let source = directory.chain else {
      if directory.isOnDisk || !directory.rules.isEmpty {
        errors.append(
          RuleError(
            file: "chain.lua",
            message:
              "the file is missing; it says which rules run, in which order: return chain { api = 1, \"redact\" }"))
      }
      return []
    }
    do throws(RuleError) { return try chain(source) } catch {
      errors.append(error)
      return []
    }
  }

  private func chain(_ source: RuleSource) throws(RuleError) -> [String] {
    let sandbox = try RuleSandbox(file: source.file, RULE_FILE_CHAIN)
    let value: LuaValue
    do throws(RuleSandbox.Failure) {
      value = try sandbox.run(try sandbox.load(source.bytes, name: source.file))
    } catch {
      throw source.error(error.line, error.sentence)
    }
    guard let node = value.node, node.kind == "chain", node.arguments.count == 1,
      let table = node.arguments[0].table
    else {
      throw source.error(nil, "a chain is written: return chain { api = 1, \"slow_trace\", \"redact\" }")
    }
    for member in table.members where member.name != "api" {
      throw source.error(
        source.lineWriting(member.name), "\(member.name) is not a field of a chain; there is api, and the rules' names")
    }
    guard let api = table["api"] else {
      throw source.error(node.line, "a chain says for which version of the rule language it was written: api = 1")
    }
    guard api == .int(1) else {
      throw source.error(source.lineWriting("api"), "this host knows version 1 of the rule language: api = 1")
    }
    guard table.oddKey == nil else {
      throw source.error(node.line, "a chain is a list of names without a gap; is there a nil among them?")
    }
    var names: [String] = []
    for element in table.elements {
      guard let name = element.text else {
        throw source.error(node.line, "a chain holds names of rules; \(element.typeName) is among them")
      }
      guard !names.contains(name) else { throw source.error(node.line, "\(name) stands in the chain twice") }
      names.append(name)
    }
    return names
  }
}

extension RuleSource {
  /// The first line that holds a text.
  func lineHolding(_ text: String) -> Int? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.firstIndex { String(decoding: $0, as: UTF8.self).contains(text) }.map { $0 + 1 }
  }
}
