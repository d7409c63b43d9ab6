/// A number as the text has it, not yet rounded to any type.
struct JSONNumber {
  private var isNegative = false
  /// The digits without trailing zeros; nil when they do not fit.
  private var magnitude: UInt64? = 0
  /// The power of ten that the magnitude is multiplied by.
  private var exponent = 0
  private let token: UnsafeBufferPointer<UInt8>

  /// - Precondition: `token` follows JSON's grammar of numbers, as `JSONScanner.number` checks it.
  init(_ token: UnsafeBufferPointer<UInt8>) {
    self.token = token
    var zeros = 0
    var isFraction = false
    var at = 0
    if token[at] == JSONByte.minus {
      isNegative = true
      at += 1
    }
    while at < token.count {
      let byte = token[at]
      at += 1
      if byte == JSONByte.point {
        isFraction = true
      } else if JSONByte.isDigit(byte) {
        if isFraction { exponent -= 1 }
        zeros += 1
        if byte != JSONByte.zero {
          scale(by: zeros)
          add(byte - JSONByte.zero)
          zeros = 0
        }
      } else {
        exponent += Self.exponent(token[at...])
        break
      }
    }
    exponent += zeros
  }

  /// The exact value, where the number is an integer from `-2^63` to `2^64 - 1`.
  var integer: (isNegative: Bool, magnitude: UInt64)? {
    guard var value = magnitude else { return nil }
    if value == 0 { return (false, 0) }
    guard exponent >= 0, exponent < 20 else { return nil }
    for _ in 0..<exponent {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
    }
    if isNegative, value > 1 << 63 { return nil }
    return (isNegative, value)
  }

  /// The nearest double; nil beyond the largest.
  var double: Double? {
    if let magnitude, magnitude <= 1 << 53, magnitude == 0 || abs(exponent) < Self.powersOfTen.count {
      // Both factors are exact, so the one rounding of the product or quotient is the right one.
      let value = Double(magnitude)
      let scaled =
        magnitude == 0
        ? 0 : exponent < 0 ? value / Self.powersOfTen[-exponent] : value * Self.powersOfTen[exponent]
      return isNegative ? -scaled : scaled
    }
    guard let value = Double(String(decoding: token, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
  ]

  private mutating func scale(by tens: Int) {
    guard var value = magnitude, value != 0 else { return }
    for _ in 0..<tens {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow {
        magnitude = nil
        return
      }
      value = product
    }
    magnitude = value
  }

  private mutating func add(_ digit: UInt8) {
    guard let value = magnitude else { return }
    let (sum, overflow) = value.addingReportingOverflow(UInt64(digit))
    magnitude = overflow ? nil : sum
  }

  /// The written exponent, held within bounds that no text reaches by its digits alone.
  private static func exponent(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    var value = 0
    for byte in digits where JSONByte.isDigit(byte) {
      value = min(value * 10 + Int(byte - JSONByte.zero), 1 << 48)
    }
    return digits.first == JSONByte.minus ? -value : value
  }
}

extension JSONScanner {
  /// Passes over the number that begins at the position.
  mutating func number() throws(JSONFault) -> JSONNumber {
    let start = position
    if peek == JSONByte.minus { position &+= 1 }
    if peek == JSONByte.zero { position &+= 1 } else { try digits() }
    if peek == JSONByte.point {
      position &+= 1
      try digits()
    }
    if peek | 0x20 == UInt8(ascii: "e") {
      position &+= 1
      if peek == JSONByte.plus || peek == JSONByte.minus { position &+= 1 }
      try digits()
    }
    return JSONNumber(UnsafeBufferPointer(start: base + start, count: position - start))
  }

  private mutating func digits() throws(JSONFault) {
    guard JSONByte.isDigit(peek) else { throw JSONFault(.syntax, at: position, expected: "a digit") }
    while position < end, JSONByte.isDigit(base[position]) { position &+= 1 }
  }
}
