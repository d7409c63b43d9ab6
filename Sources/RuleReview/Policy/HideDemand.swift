package import ProcessorHost

/// One thing that a policy asks for: a single term, name, detector or pattern, and what is to be done with it.
///
/// A policy is the sum of its demands: adding one never shows anything more. So a policy that covers every demand of
/// another shows no more than that one does.
struct HideDemand {
  /// What is looked for.
  enum Target: Equatable {
    /// A term of `match.words`, and what the term's step leaves alone.
    case word(String, except: [String])
    /// A whole key, in lower case as far as ASCII goes.
    case name(String)
    /// The beginning of a key, in lower case as far as ASCII goes.
    case prefix(String)
    case value(String)
    case detector(String)
    /// The reading of texts by all words of one step.
    case assignments([String], except: [String])
    case pattern(String)
    case parameter(String)
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
  private static func allLeftAlone(_ names: [String], by exceptions: [String]) -> Bool {
    let exceptions = exceptions.map(Self.lowercased)
    return names.map(Self.lowercased).allSatisfy { name in
      exceptions.contains { $0 == name || ($0.hasSuffix("*") && name.hasPrefix($0.dropLast())) }
    }
  }

  private static func isWithin(_ bounds: AttributeLimits, _ wider: AttributeLimits) -> Bool {
    let isWithin = { (bound: Int?, wider: Int?) in wider.map { wider in bound.map { $0 <= wider } ?? false } ?? true }
    return isWithin(bounds.attributes, wider.attributes) && isWithin(bounds.events, wider.events)
      && isWithin(bounds.links, wider.links)
  }

  /// ASCII letters only, as matchers have it.
  static func lowercased(_ text: String) -> String {
    String(decoding: text.utf8.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
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
        case .words(let terms, let except): terms.map { .word($0, except: except) }
        case .names(let names): names.map { .name(lowercased($0)) }
        case .prefixes(let prefixes): prefixes.map { .prefix(lowercased($0)) }
        case .values(let values): values.map { .value($0) }
        case .text(let names): names.flatMap { Self.targets(ofDetector: $0, words) }
        case .patterns(let patterns, _): patterns.map { .pattern($0) }
        case .query(let names): names.map { .parameter(lowercased($0)) }
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

  private static func targets(ofDetector name: String, _ words: [HideStep]) -> [Target] {
    guard name == "assignment" else { return [.detector(name)] }
    return words.map { step in
      guard case .words(let terms, let except) = step.matcher else { return .detector(name) }
      return .assignments(terms, except: except)
    }
  }
}

extension HideDemand: CustomStringConvertible {
  /// What is asked for, in the words of the rule language.
  var description: String {
    let what =
      switch target {
      case .word(let term, _): "the word \(term) in keys"
      case .name(let name): "the key \(name)"
      case .prefix(let prefix): "keys that begin with \(prefix)"
      case .value: "a value of match.values"
      case .detector(let name): "\(name) inside text"
      case .assignments(let words, _): "assignments inside text to \(words.count) words"
      case .pattern(let pattern): "the pattern \(pattern)"
      case .parameter(let name): "the URL parameter \(name)"
      case .limit(let limits): "what is beyond \(limits.text)"
      }
    return what + (isLimit ? "" : " (\(action.text))") + (isConditional ? ", where a rule asks for it" : "")
  }
}

extension HideAction {
  var isCut: Bool { if case .cut = self { true } else { false } }

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
