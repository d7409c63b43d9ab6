/// Addresses of the Internet Protocol: IPv4 as four decimal numbers, IPv6 in all text forms of RFC 4291 with a zone
/// (RFC 4007), compressed, with IPv4 within, in brackets or not.
///
/// What looks like one but is none: versions (`v1.2.3.4`, `version 1.2.3.4`, five parts, `Chrome/120.0.0.0`), times, MAC
/// addresses and EUI-64, `::` alone or between words, and short runs of letters such as `dead::beef`.
struct IPAddressDetector: ByteTextDetector {
  let name = "ip_address"

  let triggers: [String] = []
  let numberShapes: NumberShapes = .address

  let sample = DetectorSample(before: "client ", secret: "2001:db8::7", after: " closed the connection")

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    var index = 0
    /// Whether a letter beyond hex, or an underscore, stands right before.
    var isBehindWord = false
    while index < text.count {
      let escape = text.escapeLength(at: index)
      if escape > 0 {
        index += escape
        isBehindWord = false
      } else if Self.addressBytes.contains(text[index]) {
        let end = text.end(of: Self.addressBytes, from: index)
        let isBeforeWord = Self.isWord(text[end])
        if let address = IPv6Address.range(in: index..<end, isBehindWord, isBeforeWord, text) {
          found.add(address)
          index = address.upperBound
        } else {
          IPv4Address.find(in: index..<end, isBehindWord, isBeforeWord, text, into: &found)
          index = end
        }
        isBehindWord = false
      } else {
        isBehindWord = Self.isWord(text[index])
        index += 1
      }
    }
  }

  private static let addressBytes: ByteClass = [.hex, .colon, .dot]

  @inline(__always)
  private static func isWord(_ byte: UInt8) -> Bool { byte.isAlphanumeric || byte == UInt8(ascii: "_") }
}
