internal import BuiltinProcessors
internal import Testing

/// Texts in which `⟦` and `⟧` stand around what is to be found.
enum AssignmentRig {
  static let words = [
    "api_key", "access_key", "account_key", "auth", "authorization", "bearer", "client_secret", "connection_string",
    "cookie", "credentials", "csrf", "jwt", "oauth", "pass", "passphrase", "passwd", "password", "private_key", "pwd",
    "secret", "session", "set_cookie", "signature", "token",
  ]
  static let exceptions = ["session.id", "gen_ai.usage.*"]

  static func detector() throws -> AssignmentDetector { try AssignmentDetector(words, except: exceptions) }

  /// A marked text's own bytes, and what is marked in them.
  static func parse(_ marked: String) -> (text: [UInt8], ranges: [Range<Int>]) {
    var text: [UInt8] = []
    var ranges: [Range<Int>] = []
    var start = 0
    for scalar in marked.unicodeScalars {
      switch scalar {
      case "⟦": start = text.count
      case "⟧": ranges.append(start..<text.count)
      default: text += Array(String(scalar).utf8)
      }
    }
    return (text, ranges)
  }

  static func ranges(_ text: [UInt8], _ find: (ScannedText, inout TextRanges) -> Void) -> [Range<Int>] {
    text.withUnsafeBufferPointer { bytes in
      var found = TextRanges()
      find(ScannedText(bytes), &found)
      return found.ranges
    }
  }

  /// The text with the marks where they should have been put.
  static func marked(_ text: [UInt8], _ ranges: [Range<Int>]) -> String {
    var marked: [UInt8] = []
    var index = 0
    for range in ranges {
      marked += text[index..<range.lowerBound] + Array("⟦".utf8) + text[range] + Array("⟧".utf8)
      index = range.upperBound
    }
    return String(decoding: marked + text[index...], as: UTF8.self)
  }

  /// The text with every range replaced by the mark, and where the marks stand.
  static func hidden(_ text: [UInt8], _ ranges: [Range<Int>]) -> (text: [UInt8], marks: [Range<Int>]) {
    var hidden: [UInt8] = []
    var marks: [Range<Int>] = []
    var index = 0
    for range in ranges {
      hidden += text[index..<range.lowerBound]
      marks.append(hidden.count..<hidden.count + 10)
      hidden += Array("[REDACTED]".utf8)
      index = range.upperBound
    }
    return (hidden + text[index...], marks)
  }

  /// Checks what is found in a marked text, and that the same places are found once they are hidden.
  static func check(
    _ marked: String, _ find: (ScannedText, inout TextRanges) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let (text, _) = parse(marked)
    let found = ranges(text, find)
    #expect(self.marked(text, found) == marked, sourceLocation: sourceLocation)
    let hidden = hidden(text, found)
    #expect(
      self.marked(hidden.text, ranges(hidden.text, find)) == self.marked(hidden.text, hidden.marks),
      sourceLocation: sourceLocation)
  }

  static func check(_ marked: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try check(marked, detector().find, sourceLocation: sourceLocation)
  }
}
