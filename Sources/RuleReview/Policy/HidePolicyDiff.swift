package import BuiltinProcessors
package import ProcessorHost

/// What a new policy hides that an old one does not, and the other way round.
///
/// *Tighter* is a proof: every demand of the old policy is covered by one of the new, and none that is new casts a doubt
/// on that. *Looser* is one too: there is a
/// planted secret that the old policy hides and the new one shows. Everything between is *other*.
package struct HidePolicyDiff {
  package private(set) var findings: [ReviewFinding] = []

  /// - Parameter keys: the keys for pseudonyms, by the names that the policies call them.
  /// - Throws: `HidePolicyError` for a policy that cannot work.
  package init(
    _ old: HidePolicy, _ new: HidePolicy, keys: [String: PseudonymKeyRing] = [:]
  ) throws(HidePolicyError) {
    let before = HideDemand.all(of: old)
    let after = HideDemand.all(of: new)
    let witness = try Witness(old, new, keys: keys)
    let hiddenBefore = HideDemand.hidden(by: old)
    let hiddenAfter = HideDemand.hidden(by: new)
    var readsOtherwise = false
    for (step, demand) in before where !hiddenAfter.contains(where: demand.isCovered) {
      findings.append(witness.finding(demand, step: step, after.map(\.demand)))
      if case .assignments = demand.target { readsOtherwise = true }
    }
    for (_, demand) in after where !hiddenBefore.contains(where: demand.isCovered) {
      // Said already: as another reading in the place of the one that was.
      if readsOtherwise, case .assignments = demand.target { continue }
      if let doubt = demand.doubt(beside: hiddenBefore) {
        findings.append(ReviewFinding(.other, demand.origin, "also hides \(demand); \(doubt)"))
      } else {
        findings.append(ReviewFinding(.tighter, demand.origin, "also hides \(demand)"))
      }
    }
  }

  package var verdict: ReviewVerdict { findings.reduce(.same) { $0 + $1.verdict } }
}

/// Secrets of the old policy, looked at under the new one.
private struct Witness {
  private let old: Redactor
  private let new: Redactor
  private let plants: [HidePlant]

  init(_ old: HidePolicy, _ new: HidePolicy, keys: [String: PseudonymKeyRing]) throws(HidePolicyError) {
    self.old = try Redactor(old, keys: keys)
    self.new = try Redactor(new, keys: keys)
    do {
      plants = try BuiltinHiding(keys: keys).compile(old).plants
    } catch let error as HidePolicyError {
      throw error
    } catch {
      plants = []
    }
  }

  /// What it means that a demand of the old policy is covered by none of the new.
  func finding(_ demand: HideDemand, step: Int, _ after: [HideDemand]) -> ReviewFinding {
    // The same thing looked for, but otherwise.
    let likes = after.filter { $0.isLike(demand) }
    let now = likes.isEmpty ? "" : "; now: " + likes.map { $0.difference(from: demand) }.joined(separator: "; ")
    if samples(of: demand, step, after).contains(where: shows) {
      return ReviewFinding(.looser, demand.origin, "no longer hides \(demand) everywhere\(now)")
    }
    if case .assignments = demand.target {
      return ReviewFinding(
        .other, demand.origin,
        "reads assignments inside text by other words: an unusual text can be read in another way, and show what it hid"
      )
    }
    return ReviewFinding(.other, demand.origin, "hides \(demand) in another way\(now)")
  }

  private enum Sample {
    case attribute(String, String)
    case text(String)
  }

  /// Things that the demand hides.
  private func samples(of demand: HideDemand, _ step: Int, _ after: [HideDemand]) -> [Sample] {
    let values = { (keys: [String]) in
      // Of every length that a number in an action can speak of, where there is one.
      let leavesParts = (after + [demand]).contains { other in
        if case .name(let name) = other.target, !keys.contains(name.text) { return false }
        return other.action.isCut || other.action.leavesEnds
      }
      if !leavesParts { return [Self.alphabet] }
      return (1...24).map { String(Self.alphabet.prefix($0)) } + [200, 1000, 5000].map { Self.long($0) }
    }
    let attributes = { (keys: [String]) in
      let values = values(keys)
      return keys.flatMap { key in values.map { Sample.attribute(key, $0) } }
    }
    switch demand.target {
    case .word(let word, let except):
      let term = word.text
      let plain = [term, "x_" + term, term + "_x"]
      let excepted = demand.added(in: after).map { name in
        name.text.hasSuffix("*") ? String(name.text.dropLast()) + term : name.text
      }
      let keys = excepted + plain + except.map { String($0.text.prefix { $0 != "*" }) + "_" + term }
      return attributes(keys)
    case .name(let name): return attributes([name.text])
    case .prefix(let prefix): return attributes([prefix.text + "x"])
    case .value(let value): return [.attribute("x", value.text), .text(value.text)]
    case .limit: return []
    case .detector, .assignments, .pattern, .parameter, .together:
      return plants.filter { $0.step == step && demand.isMeant(by: $0) }.compactMap { plant in
        switch plant.kind {
        case .text(let before, let secret, let after), .example(let before, let secret, let after):
          .text(before + secret + after)
        case .key, .value: nil
        }
      }
    }
  }

  private static let alphabet = "qwzxkvjbpygfmcud0192837465"

  private static func long(_ length: Int) -> String {
    (0..<length / 5).map { number in
      let digits = String(number)
      return String(repeating: "0", count: 5 - digits.count) + digits
    }.joined()
  }

  /// Whether the new policy shows characters of a sample that the old one hides.
  private func shows(_ sample: Sample) -> Bool {
    switch sample {
    case .text(let text): return Visible(old.redact(text), of: text).isExceeded(by: Visible(new.redact(text), of: text))
    case .attribute(let key, let value):
      let entry = AttributeValue.Entry(key, .string(value))
      let before = old.redact(entry)
      let after = new.redact(entry)
      if before == nil, after != nil { return true }
      return Visible(before?.text, of: value).isExceeded(by: Visible(after?.text, of: value))
    }
  }
}

extension AttributeValue.Entry {
  fileprivate var text: String? { if case .string(let text) = value { text } else { nil } }
}

extension HideDemand {
  /// Whether another demand looks for the same, with another action or other exceptions.
  fileprivate func isLike(_ other: HideDemand) -> Bool {
    switch (target, other.target) {
    case (.word(let term, _), .word(let otherTerm, _)): term == otherTerm
    case (.limit, .limit): true
    case (.together(let kind, _), .together(let otherKind, _)): kind == otherKind
    default: target == other.target
    }
  }

  /// What other demands for the same word leave alone, and this one does not.
  fileprivate func added(in others: [HideDemand]) -> [ExactText] {
    guard case .word(_, let except) = target else { return [] }
    return others.filter(isLike).flatMap { other -> [ExactText] in
      guard case .word(_, let otherExcept) = other.target else { return [] }
      return otherExcept.filter { !except.contains($0) }
    }
  }

  /// What is different about a demand that looks for the same.
  fileprivate func difference(from other: HideDemand) -> String {
    if case .word(_, let except) = target, case .word(_, let otherExcept) = other.target {
      let added = except.filter { !otherExcept.contains($0) }
      if !added.isEmpty, action == other.action { return "leaves alone \(added.map(\.text).joined(separator: ", "))" }
    }
    if case .limit(let limits) = target { return limits.text }
    return action.text + (isConditional && !other.isConditional ? ", only where a rule asks for it" : "")
  }

  /// Whether a plant was made for this detector, and not for another of the step.
  fileprivate func isMeant(by plant: HidePlant) -> Bool {
    switch target {
    case .detector(let name): plant.matcher == "text \(name)"
    case .assignments: plant.matcher == "text assignment"
    default: true
    }
  }
}
