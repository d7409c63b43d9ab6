/// The parameters of presigned URLs by which whoever has the URL has access: the signature, the credential it was made
/// with, and a session's token.
///
/// Those of AWS (signature versions 2 and 4), Google Cloud Storage, Azure's shared access signatures, CloudFront, and
/// Alibaba's OSS. Names that mean other things, too, count with what stands beside them in such URLs, or with a value
/// that is long enough to be a signature. Also in percent-encoded URLs, and in JSON that writes `&` as `\u0026`.
struct SignedURLDetector: ByteTextDetector {
  let name = "signed_url"

  // Literals alone, which are the cheapest and the surest.
  let triggers = [
    "x-amz-signature", "x-amz-credential", "x-amz-security-token", "x-goog-signature", "x-goog-credential",
    "x-goog-security-token", "x-oss-signature", "x-oss-credential", "x-oss-security-token", "accesskeyid",
    "googleaccessid", "key-pair-id", "signature", "sig",
  ].flatMap { ["(?i)" + $0 + "=", "(?i)" + $0 + "%3d"] }

  let sample = DetectorSample(
    before: "GET https://files.example.com/a.pdf?X-Amz-Expires=900&X-Amz-Signature=",
    secret: "5a3f9c0e1d2b4a6857", after: "&X-Amz-SignedHeaders=host")

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    var index = 0
    while index < text.count {
      let end = runEnd(from: index, text)
      if end > index {
        // The first reading tells what stands beside what, the second one adds.
        var seen: SignedURLParameter.Neighbours = []
        read(index..<end, text) { parameter, _ in seen.formUnion(parameter.neighbours) }
        if !seen.isEmpty {
          read(index..<end, text) { parameter, value in
            if parameter.isSecret(value.count, beside: seen) { found.add(value) }
          }
        }
      }
      index = end + 1
    }
  }

  /// The end of what has no white space, quotes or angle brackets in it.
  private func runEnd<Text: ByteText>(from start: Int, _ text: Text) -> Int {
    var index = start
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        return index
      case let byte where byte.isSpaceOrControl: return index
      default: index += 1
      }
    }
    return index
  }

  /// Reads the parameters that matter, with their values; other values may be URLs that have some.
  private func read<Text: ByteText>(
    _ run: Range<Int>, _ text: Text, _ use: (_ parameter: SignedURLParameter, _ value: Range<Int>) -> Void
  ) {
    var name = run.lowerBound
    var index = name
    while index < run.upperBound {
      let escape = text.escapeLength(at: index)
      let byte = escape == 3 ? text.percentDecoded(at: index) ?? 0 : text[index]
      if byte == UInt8(ascii: "=") {
        let value = index + max(1, escape)
        let parameter = SignedURLParameter(name..<index, text)
        index = value
        if parameter.hasValue {
          index = valueEnd(from: value, in: run, isEncoded: escape > 0, text)
          var trimmed = index
          while trimmed > value, isClosing(text[trimmed - 1]) { trimmed -= 1 }
          use(parameter, value..<trimmed)
        } else if parameter != .other {
          use(parameter, value..<value)
        }
        name = index
      } else {
        index += max(1, escape)
        if escape > 0 || !ByteClass.base64URL.contains(byte) { name = index }
      }
    }
  }

  private func valueEnd<Text: ByteText>(
    from start: Int, in run: Range<Int>, isEncoded: Bool, _ text: Text
  ) -> Int {
    var index = start
    while index < run.upperBound {
      switch text[index] {
      case UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "\\"):
        return index
      case UInt8(ascii: "%") where isEncoded:
        switch text.percentDecoded(at: index) {
        case UInt8(ascii: "&"), UInt8(ascii: "#"), UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\""):
          return index
        default: index += 1
        }
      default: index += 1
      }
    }
    return index
  }

  private func isClosing(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ")") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "}")
  }
}
