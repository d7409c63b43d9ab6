extension SettingFormat where Value == String {
  /// A token as it stands in a header: what can be seen of ASCII.
  static var token: Self {
    scalar("a token of visible ASCII characters, at least 8") { text in
      text.utf8.count >= 8 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : nil
    } show: {
      $0
    }
  }
}

extension SettingFormat where Value == [String: String] {
  /// Headers of HTTP, their names in small letters as HTTP/2 has them.
  static var headers: Self {
    let pairs = pairs("NAME=VALUE, a header's name and visible ASCII characters") { name, value in
      !name.isEmpty && name.utf8.allSatisfy(Self.isInHeaderName)
        && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
    return Self(
      expected: pairs.expected, shape: .map,
      parse: { raw in
        pairs.parse(raw).map { Dictionary($0.map { ($0.key.lowercased(), $0.value) }) { _, last in last } }
      },
      show: pairs.show)
  }

  /// RFC 9110, section 5.6.2: token.
  private static func isInHeaderName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
