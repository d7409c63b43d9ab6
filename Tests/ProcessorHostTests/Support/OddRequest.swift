/// Rewrites a request into another that says the same and is canonical too, in ways that exporters seldom use: fields in
/// any order, unknown fields everywhere, known numbers in another wire type, lengths in more bytes than they need.
///
/// With `isWild` it also does what is not canonical: fields twice, groups, ill-formed text, children between own fields.
struct OddRequest {
  enum Message {
    case request
    case resourceSpans
    case scopeSpans
    case resource
    case scope
    case entity
    case span
    case event
    case link
    case status
    case keyValue
    case anyValue
    case arrayValue
    case keyValueList

    /// The messages inside, by field number.
    var inner: [UInt64: Message] {
      switch self {
      case .request: [1: .resourceSpans]
      case .resourceSpans: [1: .resource, 2: .scopeSpans]
      case .scopeSpans: [1: .scope, 2: .span]
      case .resource: [1: .keyValue, 3: .entity]
      case .scope: [3: .keyValue]
      case .span: [9: .keyValue, 11: .event, 13: .link, 15: .status]
      case .event: [3: .keyValue]
      case .link: [4: .keyValue]
      case .keyValue: [2: .anyValue]
      case .anyValue: [5: .arrayValue, 6: .keyValueList]
      case .arrayValue: [1: .anyValue]
      case .keyValueList: [1: .keyValue]
      case .status, .entity: [:]
      }
    }

    var isContainer: Bool { self == .request || self == .resourceSpans || self == .scopeSpans }
    /// The number of the children that a batch knows one by one.
    var child: UInt64 { self == .request ? 1 : 2 }
  }

  var random: FixedRandom
  let isWild: Bool

  init(seed: UInt64, isWild: Bool = false) {
    random = FixedRandom(state: seed)
    self.isWild = isWild
  }

  mutating func rewrite(_ bytes: [UInt8], _ message: Message = .request) -> [UInt8] {
    var fields = WirePiece.all(in: bytes).map { piece in rewritten(piece, message) }
    if isWild, message != .request, !fields.isEmpty, chance(12) {
      fields.append(fields[Int.random(in: 0..<fields.count, using: &random)])
    }
    if message != .request, chance(6) { fields.append((0, unknownField())) }
    if isWild, message != .request, chance(20) { fields.append((0, SpanBytes.group(40, unknownField()))) }
    if message.isContainer { return arranged(fields, child: message.child) }
    if message != .anyValue, chance(3) { fields.shuffle(using: &random) }
    return fields.flatMap(\.bytes)
  }

  private mutating func rewritten(_ piece: WirePiece, _ message: Message) -> (number: UInt64, bytes: [UInt8]) {
    guard let inner = message.inner[piece.number] else {
      if isWild, piece.isLengthDelimited, piece.content.count > 8, chance(20) {
        return (piece.number, Proto.bytes(piece.number, piece.content.dropLast() + [0xFF]))
      }
      return (piece.number, piece.bytes)
    }
    let content = rewrite(piece.content, inner)
    let isChild = message.isContainer && piece.number == message.child
    let padding = !isChild && chance(5) ? Int.random(in: 1...3, using: &random) : 0
    let head = Proto.varint(piece.number << 3 | 2)
    return (piece.number, head + Self.padded(UInt64(content.count), by: padding) + content)
  }

  /// A container's own fields before its children and behind them.
  private mutating func arranged(_ fields: [(number: UInt64, bytes: [UInt8])], child: UInt64) -> [UInt8] {
    if isWild, chance(4) { return fields.shuffled(using: &random).flatMap(\.bytes) }
    let own = fields.filter { $0.number != child }.shuffled(using: &random)
    let before = Int.random(in: 0...own.count, using: &random)
    let children = fields.filter { $0.number == child }
    return (own[..<before] + children + own[before...]).flatMap(\.bytes)
  }

  private mutating func unknownField() -> [UInt8] {
    let number = [20, 31, 32, 100, 536_870_911][Int.random(in: 0..<5, using: &random)] as UInt64
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return Proto.integer(number, random.next())
    case 1: return Proto.fixed64(number, random.next())
    case 2: return Proto.fixed32(number, UInt32(truncatingIfNeeded: random.next()))
    default:
      let count = Int.random(in: 0...20, using: &random)
      return Proto.bytes(number, (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
  }

  private mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

  /// A varint that takes more bytes than it needs.
  static func padded(_ value: UInt64, by extra: Int) -> [UInt8] {
    var bytes = Proto.varint(value)
    if extra == 0 { return bytes }
    bytes[bytes.count - 1] |= 0x80
    return bytes + [UInt8](repeating: 0x80, count: extra - 1) + [0]
  }
}

/// One field of a well-formed message without groups, read apart from the code under test.
struct WirePiece {
  var number: UInt64
  var bytes: [UInt8]
  /// The value of a length-delimited field.
  var content: [UInt8]
  var isLengthDelimited: Bool

  static func all(in message: [UInt8]) -> [WirePiece] {
    var pieces: [WirePiece] = []
    var at = 0
    let varint = {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while message[at] >= 0x80 {
        value |= UInt64(message[at] & 0x7F) << shift
        shift += 7
        at += 1
      }
      value |= UInt64(message[at]) << shift
      at += 1
      return value
    }
    while at < message.count {
      let start = at
      let tag = varint()
      var content = at..<at
      switch tag & 7 {
      case 0: _ = varint()
      case 1: at += 8
      case 5: at += 4
      default:
        let length = Int(varint())
        content = at..<at + length
        at += length
      }
      pieces.append(
        WirePiece(
          number: tag >> 3, bytes: Array(message[start..<at]), content: Array(message[content]),
          isLengthDelimited: tag & 7 == 2))
    }
    return pieces
  }
}
