/// Private keys as text: PEM blocks (RFC 7468) of every kind of private key, OpenSSH's and OpenPGP's among them, with
/// line ends of any form, and the private lines of PuTTY's files. A block that was cut off goes to the end of the text.
/// A header alone is no key, as in an error about one that is missing: some base64 has to follow. Public keys and
/// certificates stay.
struct PrivateKeyDetector: ByteTextDetector {
  let name = "private_key"

  let triggers = [#"PRIVATE(?:[ +_]|%20)KEY"#, "Private-Lines:"]

  let sample = DetectorSample(
    before: "cannot parse ", secret: "-----BEGIN PRIVATE KEY-----\nc2FtcGxlLXNhbXBsZQ==\n-----END PRIVATE KEY-----",
    after: " (tls)"
  )

  private static let fewestBase64 = 16

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    var index = 0
    /// The hyphens of a line that ended a block begin no other.
    var last = 0
    /// Up to here there is nothing behind the headers of blocks.
    var emptyUntil = 0
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "B"):
        let start = max(last, hyphensStart(before: index, text))
        if index >= emptyUntil, index - start >= 4, text.has("BEGIN", at: index),
          let body = privateKeyLabelEnd(from: index + 5, text)
        {
          let block = block(from: body, text)
          if block.hasKey {
            found.add(start..<block.end)
            index = block.end
            last = block.end
          } else {
            index = body
            emptyUntil = block.end
          }
        } else {
          index += 1
        }
      case UInt8(ascii: "P"):
        if text.has("Private-Lines:", at: index) {
          let end = puttyEnd(from: index + 14, text)
          found.add(index..<end)
          index = end
          last = end
        } else {
          index += 1
        }
      default: index += 1
      }
    }
  }

  /// Where the hyphens before an index begin, at most five; SSH2's form has a space behind four of them.
  private func hyphensStart<Text: ByteText>(before index: Int, _ text: Text) -> Int {
    let isSpaced = text[index - 1] == UInt8(ascii: " ") && text[index - 2] == UInt8(ascii: "-")
    var start = isSpaced ? index - 1 : index
    while index - start < 5, text[start - 1] == UInt8(ascii: "-") { start -= 1 }
    return start
  }

  /// Where `PRIVATE KEY` ends in a label that begins here.
  private func privateKeyLabelEnd<Text: ByteText>(from start: Int, _ text: Text) -> Int? {
    var index = start
    while index - start < 64 {
      let space = spaceLength(at: index, text)
      if space > 0 {
        index += space
        if text.has("PRIVATE", at: index) {
          let key = index + 7 + spaceLength(at: index + 7, text)
          if key > index + 7, text.has("KEY", at: key) { return key + 3 }
        }
      } else if (ByteClass.capital.union(.digit)).contains(text[index]) {
        index += 1
      } else {
        return nil
      }
    }
    return nil
  }

  private func spaceLength<Text: ByteText>(at index: Int, _ text: Text) -> Int {
    switch text[index] {
    case UInt8(ascii: " "), UInt8(ascii: "+"), UInt8(ascii: "_"): 1
    case UInt8(ascii: "%"): text.has("%20", at: index) ? 3 : 0
    default: 0
    }
  }

  /// The end of the line that ends a block, or of the text, and whether as much base64 stands before it as no word has.
  private func block<Text: ByteText>(from body: Int, _ text: Text) -> (end: Int, hasKey: Bool) {
    var index = body
    var hasKey = false
    while index < text.count {
      if text[index] == UInt8(ascii: "E"), text.has("END", at: index), hyphensStart(before: index, text) <= index - 4 {
        var end = index + 3
        while end < text.count, end - index < 64, text[end] != UInt8(ascii: "-") { end += 1 }
        return (text[end] == UInt8(ascii: "-") ? text.end(of: .hyphen, from: end, atMost: 5) : text.count, hasKey)
      }
      let run = text.end(of: .base64, from: index)
      if run - index >= Self.fewestBase64 { hasKey = true }
      index = max(run, index + 1)
    }
    return (text.count, hasKey)
  }

  /// The end of the code that PuTTY writes behind the private lines, or of the text.
  private func puttyEnd<Text: ByteText>(from start: Int, _ text: Text) -> Int {
    var index = start
    while index < text.count {
      if text[index] == UInt8(ascii: "P"), text.has("Private-MAC:", at: index) {
        return text.end(of: .hex, from: text[index + 12] == UInt8(ascii: " ") ? index + 13 : index + 12)
      }
      index += 1
    }
    return text.count
  }
}
