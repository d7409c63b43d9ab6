/// What is hidden, as data: rules build it once while they load, and the host applies it natively to every surface.
///
/// No user code runs per span for it, so it cannot fail, branch or be skipped. The order of steps does not matter:
/// where several hit the same text, the strongest wins.
public struct HidePolicy: Sendable, Equatable {
  /// What is hidden and how. Their order does not matter.
  public var steps: [HideStep]

  /// A policy of these steps; without any, nothing is hidden.
  public init(_ steps: [HideStep] = []) { self.steps = steps }

  /// Whether nothing is hidden.
  public var isEmpty: Bool { steps.isEmpty }
}

/// One entry of a policy: what is hidden, and how.
public struct HideStep: Sendable, Equatable {
  /// What the step looks for.
  public var matcher: HideMatcher
  /// What it does with what it found.
  public var action: HideAction
  /// Who asked for it: `redact.lua:4`, or the name of a Swift processor.
  public var origin: String
  /// Whether the step only counts for spans for which a rule called `span:hide`.
  public var isConditional: Bool

  /// A step; by default it marks, and stands for every span.
  public init(_ matcher: HideMatcher, _ action: HideAction = .mark, origin: String = "", isConditional: Bool = false) {
    self.matcher = matcher
    self.action = action
    self.origin = origin
    self.isConditional = isConditional
  }
}

/// What a step looks for.
public enum HideMatcher: Sendable, Equatable {
  /// Attribute and map keys that contain one of the terms word by word: `token` finds `accessToken` and `X-Auth-Token`,
  /// not `tokens`. Keys that an exception names are left alone; an exception may end in `*`.
  case words([String], except: [String])
  /// Attribute and map keys that are one of these names, ASCII letters in either case.
  case names([String])
  /// Attribute and map keys that begin with one of these, ASCII letters in either case.
  case prefixes([String])
  /// String values that are exactly one of these.
  case values([String])
  /// What named detectors find inside text: `email`, `credit_card`. Which there are: docs/hiding.md.
  case text([String])
  /// What expressions of one's own find inside text, in the part of PCRE's syntax that Hyperscan supports. Each of the
  /// examples is a text that must be found, for the proof that is made whenever the policy is loaded.
  case patterns([String], examples: [String])
  /// The values of parameters of URLs, by the parameters' names, percent-decoded, ASCII letters in either case.
  case query([String])
  /// The attributes, events and links beyond a count, the last ones first.
  case beyond(AttributeLimits)

  /// Whether it finds parts of texts, and not whole keys or values.
  package var looksInsideText: Bool {
    switch self {
    case .text, .patterns, .query: true
    case .words, .names, .prefixes, .values, .beyond: false
    }
  }

  /// The matcher's name in the rule language, which reports use.
  public var name: String {
    switch self {
    case .words: "words"
    case .names: "names"
    case .prefixes: "prefixes"
    case .values: "values"
    case .text: "text"
    case .patterns: "patterns"
    case .query: "query"
    case .beyond: "limit"
    }
  }
}

/// Upper bounds for counts. What is left out is added to the span's own dropped counts, as the OpenTelemetry
/// specification asks of span limits.
public struct AttributeLimits: Sendable, Equatable {
  /// The most attributes of a span; nil for no bound.
  public var attributes: Int?
  /// The most events of a span; nil for no bound.
  public var events: Int?
  /// The most links of a span; nil for no bound.
  public var links: Int?

  /// Bounds of 0 or more; nil for none.
  public init(attributes: Int? = nil, events: Int? = nil, links: Int? = nil) {
    self.attributes = attributes
    self.events = events
    self.links = links
  }
}

/// What a step does with what it found: a whole value, or a part of a text.
///
/// From the strongest to the weakest: remove, mark, pseudonym, keep last. A cut goes along with each of them.
public enum HideAction: Sendable, Equatable {
  /// The value, or the part that was found in it, becomes `[REDACTED]`, whatever its type was.
  case mark
  /// The attribute, or the member of a map, goes; also where only a part of its text was found.
  case remove
  /// A pseudonym stands in its place: equal values get equal ones, and only who has the key of this name can tell which.
  case pseudonym(String)
  /// The last so many Unicode scalars stay behind the mark, 1 to 10; of what is shorter than twice that, none.
  case keepLast(Int)
  /// Strings keep their first so many Unicode scalars, and `...` where something was cut.
  case cut(Int)

  /// The text that stands for a hidden value.
  public static let markText = "[REDACTED]"

  /// The action's name in the rule language, which reports use.
  public var name: String {
    switch self {
    case .mark: "mark"
    case .remove: "remove"
    case .pseudonym: "pseudonym"
    case .keepLast: "keep_last"
    case .cut: "cut"
    }
  }
}
