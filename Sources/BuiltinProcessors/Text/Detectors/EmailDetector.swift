/// Mail addresses: `local@domain.tld`, also `local%40domain.tld`, with letters of any script.
///
/// The domain needs a dot and ends in letters, so `root@web01` (a log-in, found in every shell prompt) and `pkg@1.2.3`
/// are none. Nor are what stands before the host in a URL (see `url_credentials`), `git@…` (the name under which
/// everybody fetches), versions of packages, systemd units and images such as `icon@2x.png`. Quoted local parts, and
/// the marks that RFC 5322 allows but nobody's address has, are left out: `=`, `/`, `'` and the like end an address.
struct EmailDetector: ByteTextDetector {
  let name = "email"

  let triggers = ["@", "%40"]

  let sample = DetectorSample(before: "no account for ", secret: "jo.doe+shop@mail.example.org", after: ".")

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    var index = 0
    /// Where the run of bytes began that could be a local part.
    var local = 0
    /// Whether the bytes from `//` to here could be the authority of a URL.
    var isInAuthority = false
    while index < text.count {
      let length = localLength(at: index, text)
      if length > 0 {
        index += length
        continue
      }
      let sign = atSignLength(at: index, text)
      if sign > 0 {
        let start = trimmed(local, upTo: index, text)
        let end = MailDomain.end(from: index + sign, in: text)
        if let end, start < index, !(isInAuthority && sign == 1), !isGit(start, index, text) {
          found.add(start..<end)
          index = end
        } else {
          index += sign
        }
        local = index
        continue
      }
      let byte = text[index]
      if byte == UInt8(ascii: "/") {
        isInAuthority = text[index + 1] == byte && index > 0 && text[index - 1] == UInt8(ascii: ":")
        index += isInAuthority ? 2 : 1
      } else {
        if endsAuthority(byte) { isInAuthority = false }
        index += max(1, text.escapeLength(at: index), UTF8Letters.length(at: index, text))
      }
      local = index
    }
  }

  /// The length of a character that a local part can have, percent-encoded or not; 0 for any other.
  @inline(__always)
  private func localLength<Text: ByteText>(at index: Int, _ text: Text) -> Int {
    let byte = text[index]
    if byte >= 0x80 { return UTF8Letters.isLetter(at: index, text) ? UTF8Letters.length(at: index, text) : 0 }
    if byte == UInt8(ascii: "%") {
      guard let decoded = text.percentDecoded(at: index) else { return 0 }
      return isLocal(decoded) || decoded >= 0x80 ? 3 : 0
    }
    return isLocal(byte) ? 1 : 0
  }

  @inline(__always)
  private func isLocal(_ byte: UInt8) -> Bool {
    (ByteClass.alphanumeric.union([.dot, .underscore, .hyphen, .plus])).contains(byte)
  }

  @inline(__always)
  private func atSignLength<Text: ByteText>(at index: Int, _ text: Text) -> Int {
    if text[index] == UInt8(ascii: "@") { return 1 }
    return text.has("%40", at: index) ? 3 : 0
  }

  /// Without the marks with which no local part begins.
  private func trimmed<Text: ByteText>(_ start: Int, upTo end: Int, _ text: Text) -> Int {
    var start = start
    while start < end, ([.dot, .hyphen, .plus] as ByteClass).contains(text[start]) { start += 1 }
    return start
  }

  private func isGit<Text: ByteText>(_ start: Int, _ end: Int, _ text: Text) -> Bool {
    end - start == 3 && text.has("git", at: start)
  }

  private func endsAuthority(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"),
      UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: ")"), UInt8(ascii: "]"):
      true
    default: byte.isSpaceOrControl
    }
  }
}
