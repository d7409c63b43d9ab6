/// The credentials of an `Authorization` header: what follows `Bearer`, and what follows `Basic` if it is base64 of text
/// with a colon in it (RFC 6750, RFC 7617).
///
/// Prose has both words, too: `Basic authentication`, `the bearer of this letter`. A word behind `Bearer` counts if it
/// has the look of a token (a digit, small letters before capitals, much length), or if the two make up a whole value,
/// as in `"Bearer opensesame"`, and the word is none that is said about bearer tokens. The marks that start a
/// placeholder, as in `Bearer <token>` and `Bearer ${TOKEN}`, are none of a token.
struct BearerTokenDetector: ByteTextDetector {
  let name = "bearer_token"

  // Literals alone, which are the cheapest and the surest.
  let triggers = ["bearer", "basic"].flatMap { word in
    [" ", "%20", "[+]", #"\t"#].map { "(?i)" + word + $0 }
  }

  let sample = DetectorSample(before: "authorization: Bearer ", secret: "mF9B5f41JqMx7Qd2", after: "")

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    text.forEachWord { word in
      let end = word.upperBound
      if word.count == 6, text.hasInAnyCase("bearer", at: word.lowerBound) {
        let start = credentialsStart(behind: end, text)
        return start > end ? add(tokenFrom: start, word: word.lowerBound, text, &found) : end
      }
      guard word.count == 5, text.hasInAnyCase("basic", at: word.lowerBound) else { return end }
      let start = credentialsStart(behind: end, text)
      guard start > end, let behind = BasicCredentials.end(from: start, in: text) else { return end }
      found.add(start..<behind)
      return behind
    }
  }

  /// Adds a token, and says where to go on.
  private func add<Text: ByteText>(
    tokenFrom start: Int, word: Int, _ text: Text, _ found: inout TextRanges
  ) -> Int {
    let behind = BearerToken(from: start, word: word, in: text)
    if behind.isToken { found.add(start..<behind.end) }
    // A short word that is no token may be a scheme itself: `Bearer Bearer x`. Long ones are looked at only once.
    return behind.isToken || behind.end - start > 24 ? behind.end : start
  }

  /// Where the spaces behind the scheme end, at most four.
  private func credentialsStart<Text: ByteText>(behind scheme: Int, _ text: Text) -> Int {
    var index = scheme
    for _ in 0..<4 {
      switch text[index] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "+"): index += 1
      case UInt8(ascii: "%") where text.has("%20", at: index): index += 3
      default: return index
      }
    }
    return index
  }
}
