package import ProcessorHost

/// One thing that a policy asks for: a single term, name, detector or pattern, and what is to be done with it.
///
/// A policy is the sum of its demands: one that covers every demand of another shows no more than that one does, as long as
/// what it asks for beyond them can show nothing either (`doubt`).
struct HideDemand {
  /// What is looked for.
  enum Target: Equatable {
    /// A term of `match.words`, and what the term's step leaves alone.
    case word(ExactText, except: [ExactText])
    /// A whole key, in lower case as far as ASCII goes.
    case name(ExactText)
    /// The beginning of a key, in lower case as far as ASCII goes.
    case prefix(ExactText)
    case value(ExactText)
    case detector(String)
    /// The reading of texts by all words of one step.
    case assignments([ExactText], except: [ExactText])
    case pattern(ExactText)
    case parameter(ExactText)
    /// All patterns, or all parameters, of a step that leaves the ends of what it finds: of two that overlap, one end stays.
    case together(String, [ExactText])
    case limit(AttributeLimits)
  }

  var target: Target
  var action: HideAction
  var isConditional: Bool
  /// The rule and line that ask for it.
  var origin: String

  /// Whether whatever this asks for is also hidden, and as strongly, by another demand.
  func isCovered(by other: HideDemand) -> Bool {
    if other.isConditional, !isConditional { return false }
    guard Self.covers(other.action, action, isLimit: isLimit) else { return false }
    switch (target, other.target) {
    case (.word(let term, let except), .word(let otherTerm, let otherExcept)):
      return term == otherTerm && Self.allLeftAlone(otherExcept, by: except)
    case (.name(let name), .name(let other)): return name == other
    case (.name(let name), .prefix(let prefix)): return name.hasPrefix(prefix)
    case (.prefix(let prefix), .prefix(let other)): return prefix.hasPrefix(other)
    case (.value(let value), .value(let other)): return value == other
    case (.detector(let name), .detector(let other)): return name == other
    case (.assignments(let words, let except), .assignments(let otherWords, let otherExcept)):
      // By other words a text can be read another way: only the same ones are sure to find the same.
      return Set(words) == Set(otherWords) && Set(except) == Set(otherExcept)
    case (.pattern(let pattern), .pattern(let other)): return pattern == other
    case (.parameter(let name), .parameter(let other)): return name == other
    case (.together(let kind, let terms), .together(let otherKind, let otherTerms)):
      let isAll = other.action.leavesEnds ? Set(terms) == Set(otherTerms) : Set(terms).isSubset(of: otherTerms)
      return kind == otherKind && isAll
    case (.limit(let bounds), .limit(let other)): return Self.isWithin(other, bounds)
    default: return false
    }
  }

  private var isLimit: Bool { if case .limit = target { true } else { false } }

  /// Whether an action shows nothing that another one hides, and leaves no key that the other takes away.
  private static func covers(_ action: HideAction, _ weaker: HideAction, isLimit: Bool) -> Bool {
    if isLimit { return true }
    switch (weaker, action) {
    case (.cut(let length), .cut(let other)): return other <= length
    case (.cut, .mark), (.cut, .remove), (.cut, .pseudonym): return true
    // Who keeps fewer characters keeps some of a text of which the other, as it is short, shows none.
    case (.keepLast(let count), .keepLast(let other)): return count == other
    case (.keepLast, .mark), (.keepLast, .remove), (.keepLast, .pseudonym): return true
    case (.pseudonym(let key), .pseudonym(let other)): return key == other
    case (.pseudonym, .mark), (.pseudonym, .remove): return true
    case (.mark, .mark), (.mark, .remove), (.remove, .remove): return true
    default: return false
    }
  }

  /// Whether each of some exceptions is among others, or below one of them that ends in `*`.
  private static func allLeftAlone(_ names: [ExactText], by exceptions: [ExactText]) -> Bool {
    let exceptions = exceptions.map(\.lowercased)
    return names.map(\.lowercased).allSatisfy { name in
      exceptions.contains { $0 == name || ($0.beginning.map(name.hasPrefix) ?? false) }
    }
  }

  private static func isWithin(_ bounds: AttributeLimits, _ wider: AttributeLimits) -> Bool {
    let isWithin = { (bound: Int?, wider: Int?) in wider.map { wider in bound.map { $0 <= wider } ?? false } ?? true }
    return isWithin(bounds.attributes, wider.attributes) && isWithin(bounds.events, wider.events)
      && isWithin(bounds.links, wider.links)
  }
}

extension HideDemand {
  /// Everything that a policy asks for, in the order of its steps.
  static func all(of policy: HidePolicy) -> [(step: Int, demand: HideDemand)] {
    var demands: [(step: Int, demand: HideDemand)] = []
    let words = policy.steps.filter { step in
      if case .words = step.matcher, !step.isConditional { !step.action.isCut } else { false }
    }
    for (index, step) in policy.steps.enumerated() {
      let targets: [Target] =
        switch step.matcher {
        case .words(let terms, let except): terms.map { .word(ExactText($0), except: except.map(ExactText.init)) }
        case .names(let names): names.map { Self.target(ofName: ExactText($0).lowercased) }
        case .prefixes(let prefixes): prefixes.map { .prefix(ExactText($0).lowercased) }
        case .values(let values): values.map { .value(ExactText($0)) }
        case .text(let names): names.flatMap { Self.targets(ofDetector: $0, words) }
        case .patterns where step.action.leavesEnds, .query where step.action.leavesEnds:
          [Self.together(step.matcher)].compactMap { $0 }
        case .patterns(let patterns, _): patterns.map { .pattern(ExactText($0)) }
        case .query(let names): names.map { .parameter(ExactText($0).lowercased) }
        case .beyond(let limits): [.limit(limits)]
        }
      for target in targets {
        demands.append(
          (
            index,
            HideDemand(target: target, action: step.action, isConditional: step.isConditional, origin: step.origin)
          )
        )
      }
    }
    return demands
  }

  /// What a policy is sure to hide: everything that it asks for, and of steps that leave no ends what they find together.
  static func hidden(by policy: HidePolicy) -> [HideDemand] {
    let lists = policy.steps.compactMap { step in
      step.action.leavesEnds
        ? nil
        : together(step.matcher).map {
          HideDemand(target: $0, action: step.action, isConditional: step.isConditional, origin: step.origin)
        }
    }
    return all(of: policy).map(\.demand) + lists
  }

  private static func together(_ matcher: HideMatcher) -> Target? {
    switch matcher {
    case .patterns(let patterns, _): .together(matcher.name, patterns.map(ExactText.init))
    case .query(let names): .together(matcher.name, names.map { ExactText($0).lowercased })
    default: nil
    }
  }

  private static func target(ofName name: ExactText) -> Target { name.beginning.map { .prefix($0) } ?? .name(name) }

  private static func targets(ofDetector name: String, _ words: [HideStep]) -> [Target] {
    guard name == "assignment" else { return [.detector(name)] }
    return words.map { step in
      guard case .words(let terms, let except) = step.matcher else { return .detector(name) }
      return .assignments(terms.map(ExactText.init), except: except.map(ExactText.init))
    }
  }
}

extension HideDemand: CustomStringConvertible {
  /// What is asked for, in the words of the rule language.
  var description: String {
    let what =
      switch target {
      case .word(let term, _): "the word \(term.text) in keys"
      case .name(let name): "the key \(name.text)"
      case .prefix(let prefix): "keys that begin with \(prefix.text)"
      case .value: "a value of match.values"
      case .detector(let name): "\(name) inside text"
      case .assignments(let words, _): "assignments inside text to \(words.count) words"
      case .pattern(let pattern): "the pattern \(pattern.text)"
      case .parameter(let name): "the URL parameter \(name.text)"
      case .together(let kind, let terms): "match.\(kind) \(terms.map(\.text).joined(separator: ", "))"
      case .limit(let limits): "what is beyond \(limits.text)"
      }
    return what + (isLimit ? "" : " (\(action.text))") + (isConditional ? ", where a rule asks for it" : "")
  }
}

extension HideAction {
  var isCut: Bool { if case .cut = self { true } else { false } }

  /// Whether the ends of what was found stay.
  var leavesEnds: Bool { if case .keepLast = self { true } else { false } }

  /// The action with its number or key.
  package var text: String {
    switch self {
    case .mark, .remove: name
    case .pseudonym(let key): "pseudonym with the key \(key)"
    case .keepLast(let count): "keep_last \(count)"
    case .cut(let length): "cut to \(length)"
    }
  }
}

extension AttributeLimits {
  /// The bounds that there are.
  var text: String {
    let bounds = [(attributes, "attributes"), (events, "events"), (links, "links")]
    return bounds.compactMap { bound, name in bound.map { "\($0) \(name)" } }.joined(separator: ", ")
  }
}
