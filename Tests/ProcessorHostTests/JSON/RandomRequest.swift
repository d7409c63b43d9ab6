/// A small generator with a fixed sequence for a seed (SplitMix64).
struct FixedRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Makes random requests in canonical protobuf: fields in order, defaults left out.
struct RandomRequest {
  var random: FixedRandom

  init(seed: UInt64) { random = FixedRandom(state: seed) }

  mutating func request() -> [UInt8] { many(3) { Proto.bytes(1, $0.resourceSpans()) } }

  private mutating func resourceSpans() -> [UInt8] {
    var bytes = maybe { Proto.bytes(1, $0.resource()) }
    bytes += many(3) { maker in Proto.bytes(2, maker.scopeSpans()) }
    return bytes + text(3)
  }

  private mutating func resource() -> [UInt8] {
    let entity = { (maker: inout RandomRequest) in
      var bytes = maker.text(1) + maker.text(2)
      for number in [3, 4] as [UInt64] { bytes += maker.many(3) { Proto.string(number, $0.string()) } }
      return bytes
    }
    return attributes(1) + count(2) + many(2) { Proto.bytes(3, entity(&$0)) }
  }

  private mutating func scopeSpans() -> [UInt8] {
    let scope = maybe { Proto.bytes(1, $0.text(1) + $0.text(2) + $0.attributes(3) + $0.count(4)) }
    return scope + many(4) { Proto.bytes(2, $0.span()) } + text(3)
  }

  private mutating func span() -> [UInt8] {
    var bytes = identifier(1, 16) + identifier(2, 8) + text(3) + maybe { $0.identifier(4, 8) } + text(5)
    bytes += maybe { Proto.integer(6, UInt64.random(in: 1...5, using: &$0.random)) } + time(7) + time(8)
    bytes += attributes(9) + count(10)
    bytes += many(3) { Proto.bytes(11, $0.time(1) + $0.text(2) + $0.attributes(3) + $0.count(4)) } + count(12)
    bytes += many(3) { maker in
      let ids = maker.identifier(1, 16) + maker.identifier(2, 8)
      return Proto.bytes(13, ids + maker.text(3) + maker.attributes(4) + maker.count(5) + maker.flags(6))
    }
    bytes += count(14)
    bytes += maybe { maker in
      let code = maker.maybe { Proto.integer(3, UInt64.random(in: 1...2, using: &$0.random)) }
      return Proto.bytes(15, maker.text(2) + code)
    }
    return bytes + flags(16)
  }

  private mutating func attributes(_ number: UInt64, depth: Int = 0) -> [UInt8] {
    many(4) { maker in
      Proto.bytes(number, maker.text(1) + maker.maybe { Proto.bytes(2, $0.value(depth)) })
    }
  }

  private mutating func value(_ depth: Int) -> [UInt8] {
    switch Int.random(in: 0...(depth > 3 ? 5 : 7), using: &random) {
    case 0: return []
    case 1: return Proto.string(1, string())
    case 2: return Proto.integer(2, Bool.random(using: &random) ? 1 : 0)
    case 3: return Proto.integer(3, random.next() >> UInt64.random(in: 0...63, using: &random))
    case 4: return Proto.double(4, double())
    case 5:
      let count = Int.random(in: 0...9, using: &random)
      return Proto.bytes(7, (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    case 6: return Proto.bytes(5, many(3) { Proto.bytes(1, $0.value(depth + 1)) })
    default: return Proto.bytes(6, attributes(1, depth: depth + 1))
    }
  }

  private mutating func double() -> Double {
    let value = Double(bitPattern: random.next())
    // One pattern of NaN: JSON has no room for the others.
    if value.isNaN { return .nan }
    return Bool.random(using: &random) ? value : Double(Int.random(in: -99...99, using: &random)) / 8
  }

  private mutating func string() -> String {
    let samples = ["a", "Z", "\"", "\\", "\n", "\0", "\u{7F}", "é", "\u{2028}", "€", "😀", "http://x/?y=", "\u{1B}[0m"]
    let length = Int.random(in: 0...9, using: &random) == 0 ? 200 : Int.random(in: 0...12, using: &random)
    return (0..<length).map { _ in samples[Int.random(in: 0..<samples.count, using: &random)] }.joined()
  }

  private mutating func text(_ number: UInt64) -> [UInt8] {
    let text = string()
    return text.isEmpty ? [] : Proto.string(number, text)
  }

  private mutating func identifier(_ number: UInt64, _ count: Int) -> [UInt8] {
    Proto.bytes(number, (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
  }

  private mutating func time(_ number: UInt64) -> [UInt8] { maybe { Proto.fixed64(number, $0.random.next() | 1) } }

  private mutating func count(_ number: UInt64) -> [UInt8] {
    maybe { Proto.integer(number, UInt64(UInt32.random(in: 1 ... .max, using: &$0.random))) }
  }

  private mutating func flags(_ number: UInt64) -> [UInt8] {
    maybe { Proto.fixed32(number, UInt32.random(in: 1 ... .max, using: &$0.random)) }
  }

  private mutating func maybe(_ make: (inout RandomRequest) -> [UInt8]) -> [UInt8] {
    Bool.random(using: &random) ? make(&self) : []
  }

  private mutating func many(_ most: Int, _ make: (inout RandomRequest) -> [UInt8]) -> [UInt8] {
    (0..<Int.random(in: 0...most, using: &random)).reduce(into: []) { bytes, _ in bytes += make(&self) }
  }
}
