import TestSupport

/// Fills the placeholders of the corpus: `{hex:32}` is 32 random hexadecimal digits.
///
/// Whole vendor tokens must not stand in the repository, since code hosts refuse a push that holds one. The random
/// parts depend on the line alone, so that they stay the same in every run and whatever other lines there are.
///
/// - `{digit:n}`, `{hex:n}`, `{HEX:n}`, `{alpha:n}`, `{lower:n}` (small letters and digits), `{upper:n}`, `{alnum:n}`,
///   `{base32:n}`, `{base64:n}`, `{base64url:n}`, `{bech32:n}`: n characters of that alphabet
/// - `{luhn:4:16}`: 16 digits that begin with 4 and whose check digit is right; `{luhn:4:16:-}` in groups of four
/// - `{iban:DE}`: an IBAN of Germany, Austria or France; `{ssn}`, `{uuid}`, `{basic}` (base64 of a name and a password)
struct CorpusPlaceholders {
  private var generator: SeededGenerator

  init(line: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    generator = SeededGenerator(seed: hash)
  }

  /// The line with random text for placeholders. Braces that are none stay.
  mutating func fill(_ line: String) -> String {
    var filled = ""
    var rest = line[...]
    while let open = rest.firstIndex(of: "{") {
      filled += rest[..<open]
      let close = rest[open...].firstIndex(of: "}")
      let inside = close.map { rest[rest.index(after: open)..<$0] }
      if let close, let inside, let text = random(for: inside) {
        filled += text
        rest = rest[rest.index(after: close)...]
      } else {
        filled += "{"
        rest = rest[rest.index(after: open)...]
      }
    }
    return filled + rest
  }

  private mutating func random(for placeholder: Substring) -> String? {
    let parts = placeholder.split(separator: ":", omittingEmptySubsequences: false)
    switch (parts[0], parts.count) {
    case ("luhn", 3...): return Int(parts[2]).map { card(parts[1], $0, parts.count > 3 ? String(parts[3]) : "") }
    case ("iban", 2): return iban(String(parts[1]))
    case ("ssn", 1): return socialSecurityNumber()
    case ("uuid", 1): return [8, 4, 4, 4, 12].map { characters("0123456789abcdef", $0) }.joined(separator: "-")
    case ("basic", 1): return basic()
    case (_, 2):
      guard let alphabet = Self.alphabets[String(parts[0])], let count = Int(parts[1]) else { return nil }
      return characters(alphabet, count)
    default: return nil
    }
  }

  private static let alphabets: [String: String] = {
    let digits = "0123456789"
    let small = "abcdefghijklmnopqrstuvwxyz"
    let alpha = small + small.uppercased()
    return [
      "digit": digits, "hex": digits + "abcdef", "HEX": digits + "ABCDEF", "alpha": alpha, "lower": small + digits,
      "upper": small.uppercased() + digits, "alnum": alpha + digits, "base32": small.uppercased() + "234567",
      "base64": alpha + digits + "+/", "base64url": alpha + digits + "-_", "bech32": "023456789ACDEFGHJKLMNPQRSTUVWXYZ",
    ]
  }()

  private mutating func characters(_ alphabet: String, _ count: Int) -> String {
    let bytes = Array(alphabet.utf8)
    var text = ""
    for _ in 0..<count {
      text.unicodeScalars.append(Unicode.Scalar(bytes[Int.random(in: 0..<bytes.count, using: &generator)]))
    }
    return text
  }

  private mutating func card(_ prefix: Substring, _ count: Int, _ separator: String) -> String {
    var digits = (String(prefix) + characters("0123456789", count - prefix.count - 1)).utf8.map { Int($0) - 48 }
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let doubled = digit * 2
      sum += place.isMultiple(of: 2) ? doubled / 10 + doubled % 10 : digit
    }
    digits.append((10 - sum % 10) % 10)
    let groups = stride(from: 0, to: digits.count, by: 4).map { start in
      digits[start..<min(start + 4, digits.count)].map(String.init).joined()
    }
    return groups.joined(separator: separator)
  }

  private mutating func iban(_ country: String) -> String? {
    guard let count = ["DE": 18, "AT": 16, "FR": 23][country] else { return nil }
    let account = characters("0123456789", count)
    var remainder = 0
    for byte in (account + country + "00").utf8 {
      remainder = byte < 58 ? (remainder * 10 + Int(byte) - 48) % 97 : (remainder * 100 + Int(byte) - 55) % 97
    }
    let check = 98 - remainder
    return country + (check < 10 ? "0" : "") + String(check) + account
  }

  private mutating func socialSecurityNumber() -> String {
    let area = String(Int.random(in: 100...665, using: &generator))
    let group = String(Int.random(in: 10...99, using: &generator))
    return "\(area)-\(group)-\(Int.random(in: 1000...9999, using: &generator))"
  }

  private mutating func basic() -> String {
    let bytes = Array(
      (characters("abcdefghijklmnopqrstuvwxyz", 6) + ":" + characters("abcdefghijklmnopqrstuvwxyz0123456789!", 14)).utf8
    )
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let word = bytes[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
      for shift in [18, 12, 6, 0] { text.append(alphabet[(word >> shift) & 63]) }
    }
    return text
  }
}
