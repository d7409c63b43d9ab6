/// JSON web tokens: signed ones of three parts (RFC 7515), encrypted ones of five (RFC 7516), unsigned ones that end in
/// a dot, ones whose payload travels apart, and signed ones that were cut off within the payload.
struct JWTDetector: ByteTextDetector {
  let name = "jwt"

  let triggers = [#"(?:eyJ|eyA|ewo|ew0)[0-9A-Za-z_\-]{9}"#]

  let sample = DetectorSample(
    before: "token ", secret: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzYW1wbGUifQ.c2FtcGxlLXNpZ25hdHVyZQ", after: " was refused"
  )

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    var index = 0
    while index < text.count {
      guard text[index] == UInt8(ascii: "e"), isHeader(at: index, text) else {
        index += 1
        continue
      }
      let header = part(from: index, text)
      if text.end(of: .base64URL, from: index, atMost: 12) == index + 12, let end = tokenEnd(header: header, text) {
        found.add(index..<end)
        index = end
      } else {
        // Another header in the same run of letters would have the same parts behind it.
        index = header
      }
    }
  }

  /// Whether base64url of `{"`, or of `{`, white space and a quote or more of it, stands here.
  private func isHeader<Text: ByteText>(at index: Int, _ text: Text) -> Bool {
    switch text[index + 1] {
    case UInt8(ascii: "y"):
      return text.has("eyJ", at: index) || text.has("eyAi", at: index) || text.has("eyAg", at: index)
    case UInt8(ascii: "w"):
      return text.has("ewog", at: index) || text.has("ewoJ", at: index) || text.has("ewoi", at: index)
        || text.has("ew0K", at: index)
    default: return false
    }
  }

  /// The end of a part, with the padding that some write although it is not allowed.
  private func part<Text: ByteText>(from index: Int, _ text: Text) -> Int {
    let end = text.end(of: .base64URL, from: index)
    return end > index ? text.end(of: .equals, from: end, atMost: 2) : end
  }

  private func tokenEnd<Text: ByteText>(header: Int, _ text: Text) -> Int? {
    let dot = UInt8(ascii: ".")
    guard text[header] == dot else { return nil }
    let payload = part(from: header + 1, text)
    guard text[payload] == dot else {
      // Cut off: worth hiding once a payload has begun.
      return text.has("eyJ", at: header + 1) ? payload : nil
    }
    var end = part(from: payload + 1, text)
    guard payload - header > 4 || end - payload > 8 else { return nil }
    // What follows a dot behind the signature begins the next sentence, unless the parts are those of an encrypted token.
    if text[end] == dot {
      let fourth = part(from: end + 1, text)
      if fourth > end + 1, text[fourth] == dot {
        let fifth = part(from: fourth + 1, text)
        if fifth > fourth + 1 { end = fifth }
      }
    }
    return end
  }
}
