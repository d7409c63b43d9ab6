/// The names of those who sign, as files of keys and reasons have them.
package enum KeyName {
  package static let maximumLength = 64
  package static let rule =
    "a name has 1 to \(maximumLength) characters out of A-Z, a-z, 0-9, '.', '_' and '-', a letter or digit first"

  package static func isValid(_ name: some StringProtocol) -> Bool {
    guard let first = name.utf8.first, isLetterOrDigit(first), name.utf8.count <= maximumLength else { return false }
    return name.utf8.allSatisfy { isLetterOrDigit($0) || [0x2D, 0x2E, 0x5F].contains($0) }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
