extension QueryParameters {
  /// Hyperscan expressions, one of which matches in every text that has a parameter of one of these names: the name in
  /// any of the ways in which a URL can write it, and the sign behind it.
  static func triggers(names: [String]) -> [String] {
    names.map { name in
      // A last star stands for any rest.
      let isPrefix = name.hasSuffix("*")
      let name = isPrefix ? String(name.dropLast()) : name
      return "(?i)" + name.utf8.map(alternatives).joined() + (isPrefix ? "[^=]*" : "")
        + #"(?:=|%(?:25)*3d|\\u003d)"#
    }
  }

  private static func alternatives(of byte: UInt8) -> String {
    var forms = [escaped(byte)]
    for form in Set([byte, uppercased(byte), lowercased(byte)]).sorted() {
      let digits = "\(digit(form >> 4))\(digit(form & 15))"
      // Within a URL that is a parameter itself the percent sign is encoded once more.
      forms.append("%(?:25)*\(digits)")
    }
    if byte == UInt8(ascii: " ") { forms.append("\\+") }
    return "(?:\(forms.joined(separator: "|")))"
  }

  private static func escaped(_ byte: UInt8) -> String { "\\x\(digit(byte >> 4))\(digit(byte & 15))" }

  private static func digit(_ value: UInt8) -> String { String(value, radix: 16) }

  private static func uppercased(_ byte: UInt8) -> UInt8 { (97...122).contains(byte) ? byte & ~0x20 : byte }
  private static func lowercased(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}
