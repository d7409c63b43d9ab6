internal import ProcessorHost

/// A step of a hide policy as it stands in a file.
struct KeptStep: Codable {
  private var matcher: String
  private var items: [String]?
  private var except: [String]?
  private var examples: [String]?
  private var attributes: Int?
  private var events: Int?
  private var links: Int?
  private var action: String
  private var key: String?
  private var count: Int?
  private var origin: String

  init(_ step: HideStep) {
    matcher = step.matcher.name
    action = step.action.name
    origin = step.origin
    switch step.matcher {
    case .words(let words, let exceptions): (items, except) = (words, exceptions)
    case .names(let names), .prefixes(let names), .values(let names), .text(let names), .query(let names):
      items = names
    case .patterns(let patterns, let examples): (items, self.examples) = (patterns, examples)
    case .beyond(let limits): (attributes, events, links) = (limits.attributes, limits.events, limits.links)
    }
    switch step.action {
    case .mark, .remove: break
    case .pseudonym(let name): key = name
    case .keepLast(let scalars), .cut(let scalars): count = scalars
    }
  }

  /// The step, for every span; nil where this is none.
  var step: HideStep? {
    guard let matcher = hideMatcher, let action = hideAction else { return nil }
    return HideStep(matcher, action, origin: origin)
  }

  private var hideMatcher: HideMatcher? {
    let items = items ?? []
    switch matcher {
    case "words": return .words(items, except: except ?? [])
    case "names": return .names(items)
    case "prefixes": return .prefixes(items)
    case "values": return .values(items)
    case "text": return .text(items)
    case "patterns": return .patterns(items, examples: examples ?? [])
    case "query": return .query(items)
    case "limit": return .beyond(AttributeLimits(attributes: attributes, events: events, links: links))
    default: return nil
    }
  }

  private var hideAction: HideAction? {
    switch action {
    case "mark": .mark
    case "remove": .remove
    case "pseudonym": key.map { .pseudonym($0) }
    case "keep_last": count.map { .keepLast($0) }
    case "cut": count.map { .cut($0) }
    default: nil
    }
  }
}
