internal import ProcessorHost
import TestSupport

/// Makes random spans that are known value by value: each text, number and run of bytes in them stands nowhere else.
struct RandomSpan {
  var random: SeededGenerator
  private var serial = 0

  static let keys = [
    "password", "api_key", "apiKey", "X-Api-Key", "note", "note.title", "user.id", "USER.ID", "session.token", "", "é",
  ]
  /// What value steps look for.
  static let commonTexts = ["the same everywhere", "<here too>", ""]

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func span() -> PlainSpan {
    var span = PlainSpan()
    span.name = text()
    span.statusMessage = text()
    span.attributes = entries(8)
    span.events = (0..<count(3)).map { _ in SpanEvent(name: text(), attributes: entries(4)) }
    span.links = (0..<count(3)).map { _ in
      SpanLink(traceID: span.traceID, spanID: span.spanID, attributes: entries(4))
    }
    span.resource = entries(3)
    span.scopeName = text()
    span.scopeAttributes = entries(3)
    return span
  }

  private mutating func entries(_ most: Int, _ depth: Int = 0) -> [AttributeValue.Entry] {
    (0..<count(most)).map { _ in
      AttributeValue.Entry(Self.keys.randomElement(using: &random) ?? "", value(depth))
    }
  }

  private mutating func value(_ depth: Int) -> AttributeValue {
    switch Int.random(in: 0...(depth > 3 ? 5 : 7), using: &random) {
    case 0, 1: .string(text())
    case 2: .int(Int64(number()))
    case 3: .double(Double(number()) + 0.5)
    case 4: .bytes(Array("<\(number())>".utf8) + (0..<count(9)).map { _ in UInt8.random(in: 0...255, using: &random) })
    case 5: .bool(Bool.random(using: &random))
    case 6: .array((0..<count(3)).map { _ in value(depth + 1) })
    default: .map(entries(3, depth + 1))
    }
  }

  private mutating func text() -> String {
    if count(2) == 0 { return Self.commonTexts.randomElement(using: &random) ?? "" }
    let tail = ["a", ".", "é", "€", "😀", "e\u{301}"]
    return "<\(number())>" + (0..<count(20)).map { _ in tail.randomElement(using: &random) ?? "" }.joined()
  }

  private mutating func number() -> Int {
    serial += 1
    return serial
  }

  mutating func count(_ most: Int) -> Int { Int.random(in: 0...most, using: &random) }

  // MARK: Policies

  mutating func steps() -> [HideStep] { (0...count(4)).map { _ in step() } }

  mutating func step() -> HideStep {
    let key = Self.keys.randomElement(using: &random) ?? ""
    let action: HideAction = [.mark, .remove, .cut(count(24))].randomElement(using: &random) ?? .mark
    switch count(4) {
    case 0: return HideStep(.names([key, "user.id"]), action)
    case 1: return HideStep(.prefixes([["user.", "note", "api", "s"].randomElement(using: &random) ?? "x"]), action)
    case 2: return HideStep(.values([Self.commonTexts[count(2)]]), action)
    case 3:
      let bounds = AttributeLimits(attributes: count(9), events: count(3), links: count(3))
      return HideStep(.beyond(bounds), .remove)
    default:
      let word = ["password", "api_key", "token", "note"].randomElement(using: &random) ?? "x"
      return HideStep(.words([word], except: count(1) == 0 ? [] : ["note*", "X-Api-Key"]), action)
    }
  }
}

/// What can be read of a span, value by value, apart from where it stands.
struct ReadableValues {
  /// What is left of texts and bytes, by the number that each of them begins with.
  private(set) var texts: [String: [UInt8]] = [:]
  /// How often each key, and each value that is no text of its own, can be read.
  private(set) var counts: [String: Int] = [:]

  init(_ span: PlainSpan) {
    let names = [span.name, span.statusMessage, span.scopeName] + span.events.map(\.name)
    for text in names { add(Array(text.utf8), text) }
    let inner = span.events.flatMap(\.attributes) + span.links.flatMap(\.attributes)
    add(span.attributes + span.resource + span.scopeAttributes + inner)
  }

  private mutating func add(_ entries: [AttributeValue.Entry]) {
    for entry in entries {
      counts["key \(entry.key)", default: 0] += 1
      add(entry.value)
    }
  }

  private mutating func add(_ value: AttributeValue) {
    switch value {
    case .string(let text): add(Array(text.utf8), text)
    case .bytes(let bytes): add(bytes, nil)
    case .array(let values): for value in values { add(value) }
    case .map(let entries): add(entries)
    case .int, .double, .bool, .empty: counts["\(value)", default: 0] += 1
    }
  }

  private mutating func add(_ bytes: [UInt8], _ text: String?) {
    // A cut adds dots that say nothing.
    let isCut = text.map { $0.utf8.count >= 3 && bytes.suffix(3).elementsEqual("...".utf8) } ?? false
    let kept = isCut ? bytes.dropLast(3) : bytes[...]
    if bytes.first == UInt8(ascii: "<"), let end = kept.firstIndex(of: UInt8(ascii: ">")), text != "<here too>" {
      texts[String(decoding: kept[...end], as: UTF8.self)] = Array(kept)
    } else if let text, RandomSpan.commonTexts.contains(text), !text.isEmpty {
      counts[text, default: 0] += 1
    }
  }

  /// Something that can be read here and not, or not as far, in `other`.
  func firstNot(in other: ReadableValues) -> String? {
    texts.first { !(other.texts[$0.key] ?? []).starts(with: $0.value) }?.key
      ?? counts.first { $0.value > other.counts[$0.key, default: 0] }?.key
  }
}
