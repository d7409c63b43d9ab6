import ProcessorHost
import TestSupport

/// Random policies that differ a little, and random texts and keys that their matchers meet.
struct RandomRules {
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private static let words = ["password", "api_key", "token", "key", "note"]
  private static let names = ["password", "api_key", "note", "user.id", "User.ID", "x"]
  private static let detectors = ["assignment", "email", "credit_card", "bearer_token", "url_credentials"]

  /// A policy with words, so that assignments can be looked for.
  mutating func policy() -> HidePolicy {
    HidePolicy(
      [HideStep(.words(some(Self.words), except: exceptions()))]
        + (0..<Int.random(in: 0...4, using: &random)).map { _ in step() })
  }

  /// A policy with one thing done to it, or two.
  mutating func changed(_ policy: HidePolicy) -> HidePolicy {
    var steps = policy.steps
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      let index = Int.random(in: 0..<steps.count, using: &random)
      switch Int.random(in: 0...5, using: &random) {
      case 0: steps.append(step())
      case 1 where steps.count > 1: steps.remove(at: index)
      case 2: steps[index].action = action(steps[index].matcher)
      case 3: steps[index].matcher = changed(steps[index].matcher)
      case 4: steps.shuffle(using: &random)
      default: steps.insert(step(), at: 0)
      }
    }
    let hasWords = steps.contains { if case .words = $0.matcher, case .mark = $0.action { true } else { false } }
    return HidePolicy(hasWords ? steps : steps + [HideStep(.words(["token"], except: []))])
  }

  private mutating func changed(_ matcher: HideMatcher) -> HideMatcher {
    switch matcher {
    case .words(let words, let except):
      Bool.random(using: &random)
        ? .words(words + some(Self.words), except: except) : .words(words, except: exceptions())
    case .names(let names): .names(names + some(Self.names))
    case .prefixes(let prefixes): .prefixes(prefixes.map { String($0.dropLast()) }.filter { !$0.isEmpty } + ["user"])
    case .text(let names): .text(names + some(Self.detectors))
    case .beyond(let limits): .beyond(AttributeLimits(attributes: max(0, (limits.attributes ?? 4) - 1)))
    default: matcher
    }
  }

  private mutating func step() -> HideStep {
    let matcher: HideMatcher =
      switch Int.random(in: 0...6, using: &random) {
      case 0: .words(some(Self.words), except: exceptions())
      case 1: .names(some(Self.names))
      case 2: .prefixes([["user.", "no", "api"].randomElement(using: &random) ?? "x"])
      case 3: .values(["hunter2", "abcdefg"])
      case 4: .query(["sig"])
      case 5: .beyond(AttributeLimits(attributes: Int.random(in: 1...5, using: &random)))
      default: .text(some(Self.detectors))
      }
    return HideStep(matcher, action(matcher))
  }

  private mutating func action(_ matcher: HideMatcher) -> HideAction {
    let isOfParts =
      switch matcher {
      case .text, .query: true
      default: false
      }
    if case .beyond = matcher { return .remove }
    switch Int.random(in: 0...(isOfParts ? 3 : 4), using: &random) {
    case 0, 1: return .mark
    case 2: return .remove
    case 3: return .keepLast(Int.random(in: 2...5, using: &random))
    default: return .cut(Int.random(in: 0...12, using: &random))
    }
  }

  private mutating func exceptions() -> [String] {
    [[], [], ["note.title"], ["api*"]].randomElement(using: &random) ?? []
  }

  private mutating func some(_ from: [String]) -> [String] {
    (0..<Int.random(in: 1...2, using: &random)).compactMap { _ in from.randomElement(using: &random) }
  }

  // MARK: What they are put to

  private static let keys = [
    "password", "api_key", "apiKey", "note.title", "note", "user.id", "USER.ID", "x", "my.token", "keyboard", "é",
  ]
  private static let pieces = [
    "password=", "token: ", "key=", " note=", "jo@example.org", "4111 1111 1111 1111", "Bearer ", "\"api_key\": \"",
    "https://u:p@h/?sig=", "hunter2", "abcdefg", " ", "\"", ", ", "&", "é", "...",
  ]

  mutating func entry() -> AttributeValue.Entry {
    AttributeValue.Entry(Self.keys.randomElement(using: &random) ?? "x", .string(text()))
  }

  /// A text in which each letter group tells where it stood.
  mutating func text() -> String {
    if Int.random(in: 0..<4, using: &random) == 0 { return Bool.random(using: &random) ? "hunter2" : "abcdefg" }
    return (0..<Int.random(in: 1...6, using: &random)).map { number in
      let piece = Self.pieces.randomElement(using: &random) ?? ""
      return Bool.random(using: &random) ? piece : piece + "z\(number)q\(number)y"
    }.joined()
  }
}
