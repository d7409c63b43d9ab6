/// User and password before the host in a URL of any scheme, and a token that stands there alone.
///
/// Also in URLs within JSON (`:\/\/`, and `:\\/\\/` within its strings) and percent-encoded ones (`%3A%2F%2F`). Where a password was not encoded, as it
/// should have been (RFC 3986, section 3.2.1), it may have `@`, and `/`, `?` and `#` if what follows the colon is no port.
/// A user's name without a password counts with HTTP only, where it is a token as a rule, or if it looks like a token;
/// `git` is none.
struct URLCredentialsDetector: ByteTextDetector {
  let name = "url_credentials"

  // Of the two marks that have to be there, the rarer one; `email` looks for it, too.
  let triggers = ["@", "(?i)%3a%2f%2f"]

  let sample = DetectorSample(
    before: "connect to postgres://", secret: "app:s@mple/1", after: "@db.example.com:5432/app failed")

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    var plain = URLUserInfo(isEncoded: false)
    var encoded = URLUserInfo(isEncoded: true)
    var index = 0
    while index < text.count {
      let start = authorityStart(at: index, text)
      guard start > index else {
        index += 1
        continue
      }
      let isEncoded = text[index] == UInt8(ascii: "%")
      let end =
        isEncoded ? encoded.end(from: start, scheme: index, in: text) : plain.end(from: start, scheme: index, in: text)
      if let end {
        found.add(start..<end)
        index = end
      } else {
        index = start
      }
    }
  }

  /// Where the authority begins behind a scheme that ends at this index; the index itself if none does.
  @inline(__always)
  private func authorityStart<Text: ByteText>(at index: Int, _ text: Text) -> Int {
    switch text[index] {
    case UInt8(ascii: ":"):
      let first = text.endOfBackslashes(from: index + 1)
      guard text[first] == UInt8(ascii: "/") else { return index }
      let second = text.endOfBackslashes(from: first + 1)
      return text[second] == UInt8(ascii: "/") ? second + 1 : index
    case UInt8(ascii: "%"): return text.hasInAnyCase("%3a%2f%2f", at: index) ? index + 9 : index
    default: return index
    }
  }
}
