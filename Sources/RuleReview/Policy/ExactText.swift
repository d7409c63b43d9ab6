/// A text of a rule as matchers see it: its bytes.
///
/// Two strings are equal in Swift where Unicode says that they mean the same: `K` and the sign for kelvin, a letter with
/// its accent and the two one after the other. A matcher that looks for one does not find the other.
struct ExactText: Hashable {
  private(set) var bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The text for a person.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// In lower case as far as ASCII goes, as matchers have it.
  var lowercased: Self {
    var copy = self
    copy.bytes = bytes.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
    return copy
  }

  /// The beginning that a name stands for which ends in `*`, whatever the `*` makes one character with; nil for a whole
  /// name.
  var beginning: Self? {
    guard bytes.last == UInt8(ascii: "*") else { return nil }
    var copy = self
    copy.bytes.removeLast()
    return copy
  }

  func hasPrefix(_ prefix: Self) -> Bool { bytes.starts(with: prefix.bytes) }
}
