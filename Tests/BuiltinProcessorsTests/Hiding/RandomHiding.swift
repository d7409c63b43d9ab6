internal import ProcessorHost
import TestSupport

/// Makes random policies and spans over few keys, so that steps often meet; every text in a span is of its own.
struct RandomHiding {
  var random: SeededGenerator
  private var texts: [String] = []
  private var tokens: [String] = []

  private static let keys = [
    "password", "api_key", "apiKey", "X-Api-Key", "note", "note.title", "user.id", "USER.ID", "session.token", "", "é",
  ]

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  // MARK: Policies

  mutating func steps() -> [HideStep] { (0..<Int.random(in: 1...5, using: &random)).map { _ in step() } }

  mutating func step() -> HideStep {
    switch Int.random(in: 0...7, using: &random) {
    case 0:
      let exceptions = Bool.random(using: &random) ? [] : [key(), "note*"].filter { !$0.isEmpty }
      return HideStep(.words([pick(["password", "api_key", "token", "note"])], except: exceptions), action())
    case 1: return HideStep(.names([key(), key()]), action())
    case 2: return HideStep(.prefixes([pick(["user.", "note", "api", "s"])]), action())
    case 3: return HideStep(.values([texts.randomElement(using: &random) ?? "x", shared]), action())
    case 4:
      let detectors = ["email", "bearer_token", "url_credentials", "credit_card", "vendor_token", "jwt"]
      return HideStep(.text([pick(detectors), pick(detectors)]), textAction())
    case 5:
      return HideStep(
        .patterns([pick(["acme-[0-9]+", "[0-9]{2}>", "(?i)é+", "^<", "a$"])], examples: []), textAction())
    case 6: return HideStep(.query([pick(["sig", "token", "q"])]), textAction())
    default:
      let bounds = AttributeLimits(
        attributes: Int.random(in: 0...6, using: &random), events: Bool.random(using: &random) ? 1 : nil,
        links: Bool.random(using: &random) ? 1 : nil)
      return HideStep(.beyond(bounds), .remove)
    }
  }

  private mutating func action() -> HideAction {
    Bool.random(using: &random) ? textAction() : .cut(Int.random(in: 0...40, using: &random))
  }

  /// What can be done with a part of a text.
  private mutating func textAction() -> HideAction {
    switch Int.random(in: 0...4, using: &random) {
    case 0, 1: .mark
    case 2: .remove
    case 3: .pseudonym(pick(["one", "two"]))
    default: .keepLast(Int.random(in: 1...5, using: &random))
    }
  }

  // MARK: Spans

  mutating func request() -> [UInt8] {
    texts = []
    tokens = []
    var span: [UInt8] = Field.text(5, text())
    for _ in 0..<count(6) { span += Field.bytes(9, entry()) }
    for _ in 0..<count(3) { span += Field.bytes(11, Field.text(2, text()) + attributes(3)) }
    for _ in 0..<count(3) {
      let ids = Field.bytes(1, [UInt8](repeating: 3, count: 16)) + Field.bytes(2, [UInt8](repeating: 4, count: 8))
      span += Field.bytes(13, ids + Field.text(3, traceState()) + attributes(4))
    }
    span += Field.bytes(15, Field.text(2, text())) + unknown()
    let head = Field.text(3, traceState())
    return Field.request(
      head + span, resource: attributes(1) + unknown(), scope: Field.text(1, text()) + attributes(3))
  }

  private mutating func attributes(_ number: Int) -> [UInt8] {
    (0..<count(3)).reduce(into: []) { bytes, _ in bytes += Field.bytes(number, entry()) }
  }

  private mutating func entry(_ depth: Int = 0) -> [UInt8] {
    let key = Field.text(1, key())
    let before = maybeUnknown()
    let between = maybeUnknown()
    return before + key + between + Field.bytes(2, value(depth)) + maybeUnknown()
  }

  private mutating func value(_ depth: Int) -> [UInt8] {
    switch Int.random(in: 0...(depth > 3 ? 4 : 6), using: &random) {
    case 0, 1: return Field.text(1, text()) + maybeUnknown()
    case 2: return Field.varint(3 << 3) + Field.varint(Int.random(in: 0...900, using: &random))
    case 3: return Field.bytes(7, Array(text().utf8))
    case 4: return Field.text(1, shared)
    case 5:
      return Field.bytes(5, (0..<count(3)).reduce(into: []) { bytes, _ in bytes += Field.bytes(1, value(depth + 1)) })
    default:
      return Field.bytes(6, (0..<count(3)).reduce(into: []) { bytes, _ in bytes += Field.bytes(1, entry(depth + 1)) })
    }
  }

  private mutating func maybeUnknown() -> [UInt8] { Int.random(in: 0...5, using: &random) == 0 ? unknown() : [] }

  /// A field of some later version, in which anything may stand.
  private mutating func unknown() -> [UInt8] { Field.bytes(900, Field.entry(key(), text())) }

  private mutating func traceState() -> String {
    (0..<count(3)).map { _ in "\(pick(["password", "api_key", "note", "ot"]))=\(text())" }.joined(separator: ",")
  }

  /// A value that several places have.
  private var shared: String { "the same everywhere" }

  /// A text that stands nowhere else: its number, and characters of all lengths.
  private mutating func text() -> String {
    let tail = ["a", "é", "€", "😀", "e\u{301}"]
    let text = "<\(texts.count)>" + (0..<count(20)).map { _ in tail.randomElement(using: &random) ?? "a" }.joined()
    texts.append(text)
    return text + (Bool.random(using: &random) ? secret() : "")
  }

  /// A secret of a kind that detectors find, with what stands around it; its own part stands nowhere else.
  private mutating func secret() -> String {
    let token = "zq\(tokens.count)qz"
    tokens.append(token)
    switch Int.random(in: 0...8, using: &random) {
    case 0: return " \(token)@mail.example.org,"
    case 1: return " Bearer \(token)MixedCase77"
    case 2: return " https://user:\(token)@db.example.org/x"
    case 3: return " https://example.org/?a=1&sig=\(token)&b=2"
    case 4: return " password=\(token)"
    case 5: return " {\"password\": \"\(token)\"}"
    case 6: return " acme-\(tokens.count)77 \(token)"
    case 7: return " 4111 1111 1111 1111 \(token)"
    default: return " \(token)"
    }
  }

  private mutating func key() -> String { pick(Self.keys) }
  private mutating func pick(_ from: [String]) -> String { from.randomElement(using: &random) ?? "" }
  private mutating func count(_ most: Int) -> Int { Int.random(in: 0...most, using: &random) }

  /// How many bytes of each text can still be read somewhere, and which secrets.
  func visible(in output: [UInt8]) -> [String: Int] {
    var lengths: [String: Int] = [:]
    for (number, text) in texts.enumerated() {
      let bytes = Array(text.utf8)
      let least = "<\(number)>".utf8.count
      guard output.firstRange(of: bytes[..<least]) != nil else { continue }
      var length = least
      while length < bytes.count, output.firstRange(of: bytes[...length]) != nil { length += 1 }
      lengths[text] = length
    }
    for token in tokens where output.holds(token) { lengths[token] = 1 }
    return lengths
  }
}
