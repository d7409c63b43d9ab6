package import BuiltinProcessors
package import ProcessorHost

/// What has changed between two sets of rules, in words that matter for what leaves.
///
/// A set is *tighter* where its hiding is, and nothing else has changed: no line of code that runs for a span, no power,
/// no range of a setting.
package struct RuleSetDiff: Sendable {
  package private(set) var findings: [ReviewFinding] = []

  package var verdict: ReviewVerdict { findings.reduce(.same) { $0 + $1.verdict } }

  /// - Parameter keys: the keys for pseudonyms, by the names that rules call them.
  /// - Throws: `HidePolicyError` for a policy that cannot work.
  package init(
    _ old: ReviewedRules, _ new: ReviewedRules, keys: [String: PseudonymKeyRing] = [:]
  ) throws(HidePolicyError) {
    findings = try HidePolicyDiff(old.policy, new.policy, keys: keys).findings
    compareChains(old, new)
    for rule in new.rules {
      if let before = old.rules.first(where: { $0.name == rule.name }) {
        compare(before, rule)
        compareUseOfSettings(before, rule)
      } else if rule.hasCode {
        add(.other, rule, "is new and has code\(Self.hooksText(rule)), which \(RulePowers(rule).text)")
      } else if !rule.settings.isEmpty {
        add(.other, rule, "is new and has settings, by whose values it may hide other things")
      } else {
        add(.same, rule, "is new, and hides")
      }
      compareSettings(old.rules.first { $0.name == rule.name }, rule)
    }
    for rule in old.rules where !new.rules.contains(where: { $0.name == rule.name }) {
      add(rule.hasCode ? .other : .same, rule, "no longer runs")
    }
    compareLists(old, new)
    compareTests(old.directory, new.directory)
  }

  private mutating func add(_ verdict: ReviewVerdict, _ rule: RuleDefinition, _ message: String) {
    findings.append(ReviewFinding(verdict, rule.source.file, message))
  }

  private mutating func compareChains(_ old: ReviewedRules, _ new: ReviewedRules) {
    let shared = { (rules: ReviewedRules, other: ReviewedRules) in
      rules.hooks.map(\.name).filter { name in other.hooks.contains { $0.name == name } }
    }
    if shared(old, new) != shared(new, old) {
      findings.append(
        ReviewFinding(
          .other, "chain.lua",
          "the rules with code run in another order: \(shared(new, old).joined(separator: ", ")), "
            + "before \(shared(old, new).joined(separator: ", "))"))
    }
  }

  private mutating func compare(_ old: RuleDefinition, _ new: RuleDefinition) {
    guard old.hasCode || new.hasCode else { return }
    if old.source.bytes == new.source.bytes { return }
    let grown = RulePowers(new).beyond(RulePowers(old))
    if !grown.isEmpty { add(.other, new, "may do more: \(grown.joined(separator: "; "))") }
    let lost = RulePowers(old).beyond(RulePowers(new))
    if !lost.isEmpty { add(.same, new, "may no longer: \(lost.joined(separator: "; "))") }
    if old.failurePolicy != new.failurePolicy {
      add(.other, new, "on a failure: \(new.failurePolicy.rawValue), before \(old.failurePolicy.rawValue)")
    }
    if old.hooks != new.hooks || old.idleHooks != new.idleHooks {
      add(.other, new, "its code is \(Self.hooks(new)), before \(Self.hooks(old))")
    }
    // What code does cannot be told from its text; one file holds both.
    add(.other, new, "the file has changed, and its code runs for each \(new.hooks == ["on_trace"] ? "trace" : "span")")
  }

  /// The hooks of a rule, in words.
  private static func hooks(_ rule: RuleDefinition) -> String {
    let all = rule.hooks + rule.idleHooks.map { "\($0), which a setting has switched off" }
    return all.isEmpty ? "none" : all.joined(separator: " and ")
  }

  private static func hooksText(_ rule: RuleDefinition) -> String {
    rule.hooks == ["on_span"] && rule.idleHooks.isEmpty ? "" : " (\(hooks(rule)))"
  }

  /// With other values of its settings a rule can hide other things; only those that stand in the file have been tried.
  private mutating func compareUseOfSettings(_ old: RuleDefinition, _ new: RuleDefinition) {
    if old.hasCode || new.hasCode || new.settings.isEmpty { return }
    if Self.withoutNumbersOfSettings(old.source) == Self.withoutNumbersOfSettings(new.source) { return }
    add(.other, new, "the file has changed, and what it hides with other values of its settings is not known")
  }

  /// A file without the numbers in the line that declares settings; those are compared one by one.
  private static func withoutNumbersOfSettings(_ source: RuleSource) -> [[UInt8]] {
    source.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      guard line.starts(with: "local settings = settings {".utf8) else { return Array(line) }
      return line.filter { $0 != UInt8(ascii: ".") && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
  }

  private mutating func compareSettings(_ old: RuleDefinition?, _ new: RuleDefinition) {
    for setting in new.settings {
      guard let before = old?.settings.first(where: { $0.name == setting.name }) else {
        if old != nil { add(.other, new, "has a new setting, \(setting.name), from \(setting.allowedText)") }
        continue
      }
      if before.kind != setting.kind {
        add(
          .other, new, "the setting \(setting.name) is now a \(setting.kind.rawValue), before \(before.kind.rawValue)")
        continue
      }
      let isWider =
        setting.range.lowerBound < before.range.lowerBound || setting.range.upperBound > before.range.upperBound
        || !Set(setting.choices).isSubset(of: before.choices)
      if isWider {
        add(
          .other, new,
          "the setting \(setting.name) may be set from \(setting.allowedText), before from \(before.allowedText)")
      } else if before.range != setting.range || before.choices != setting.choices {
        add(.tighter, new, "the setting \(setting.name) may only be set from \(setting.allowedText)")
      }
      if before.value != setting.value {
        add(.same, new, "the setting \(setting.name) is \(setting.valueText), before \(before.valueText)")
      }
    }
  }

  /// What lists a hook reads cannot be seen from outside.
  private mutating func compareLists(_ old: ReviewedRules, _ new: ReviewedRules) {
    let names = Set(old.directory.lists.keys).union(new.directory.lists.keys).sorted()
    let changed = names.filter { old.directory.lists[$0]?.bytes != new.directory.lists[$0]?.bytes }
    guard !changed.isEmpty else { return }
    for rule in new.rules
    where !rule.hasCode && !rule.settings.isEmpty && ByteSearch.stands(Array("list".utf8), in: rule.source.bytes) {
      add(
        .other, rule,
        "what it hides may hang on its settings, and it reads lists, of which these have changed: "
          + changed.joined(separator: ", "))
    }
    for rule in new.hooks where ByteSearch.stands(Array("list".utf8), in: rule.source.bytes) {
      add(.other, rule, "has code and reads lists, of which these have changed: \(changed.joined(separator: ", "))")
    }
  }

  private mutating func compareTests(_ old: RuleDirectory, _ new: RuleDirectory) {
    for name in Set(old.tests.keys).union(new.tests.keys).sorted()
    where old.tests[name]?.bytes != new.tests[name]?.bytes {
      let what =
        switch (old.tests[name], new.tests[name]) {
        case (nil, _): "has tests now"
        case (_, nil): "has no tests any more"
        default: "has other tests"
        }
      findings.append(ReviewFinding(.same, "\(name).test.lua", "\(name) \(what)"))
    }
  }
}

extension Setting {
  /// What it may be set to.
  package var allowedText: String {
    switch kind {
    case .choice: choices.joined(separator: ", ")
    case .flag: "true, false"
    case .duration, .count, .ratio: rangeText
    }
  }
}
