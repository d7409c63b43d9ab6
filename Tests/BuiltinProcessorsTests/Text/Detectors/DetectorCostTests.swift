internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("The cost of text detectors")
struct DetectorCostTests {
  /// What, repeated, makes careless matchers look at the same bytes again and again.
  static let patterns = [
    "1 ", "1111 ", "4111 ", "4111-", "4111.", "4", "1", "a", "@", "a@", "a@a.", "a.", "-", "://", "a://", "a://b:",
    "://a:b/", "@://",
    "://a:b/@", "%3A%2F%2Fa%3Ab", "%3A%2F%2F", "%40", "a%40", "%", "%2", "%25", "\\", "\\u", "\\u0026", "eyJ", "eyJ.",
    "eyJhbGciOiJub25l.",
    "ewog", "-----BEGIN", "-----BEGIN PRIVATE KEY", "-----BEGIN RSA ", "-----BEGIN A-----", "-----END", "BEGIN ",
    "Private-Lines:",
    "PRIVATE KEY", "Bearer ", "Bearer", "bearer a ", "bearer-", "bearer+of+", "bearer+bearer ", "basic+", "Basic ",
    "Basic aaaa", "Basic aaaa ", "=", "sig=", "a=b&",
    "Signature=", "sv=&sig=a&",
    "sig", "X-Amz-Signature=", "%3D", "sk-", "ghp_", "hf_", "sl.", "SG.", "SG.aaaaaaaaaaaaaaaaaaaa.", "AccountKey=",
    "AKIA", "key-",
    "+ASt", "1234567890:AA", "MTAx", "MTAxMTAxMTAxMTAxMTAxMTAx.", "discord.com/api/webhooks/", ".atlasv1.",
    "aaaaaaaaaaaaaa.atlasv1.",
    "DE89", "DE89 ", "DE89 3704 ", "219-", "219-09-", "219 09 9999 ", "::", ":", "1:", "::1", "1::", "1.", "1.2.3.4.",
    "1.2.3.4:", "fe80::1%",
    "+", "+1", "+1 ", "+1(", "(555)", "555-", "555-555-", "(", " ", "é", "“", "\u{80}", "[REDACTED]", "\"", "/", "?",
    "x=1;", "\\\\", ":\\", ":\\/\\", "%5C", "%5c%5C", "hooks.slack.com/", "hooks.slack.com%2F", "hooks.slack.com\\",
    "hooks.slack.com/@",
    "discord.com/api/", "0123456789abcdef0123456789abcdef-us", "-----BEGIN PRIVATE KEY----- -----END ", "EAA",
    "-----BEGIN PRIVATE KEY-----c2FtcGxlLXNhbXBsZQ", "a@b.cd\u{3042}",
  ]

  private static func reads(_ detector: any ByteTextDetector, _ pattern: String, _ length: Int) -> Int {
    let unit = Array(pattern.utf8)
    return (0..<length).map { unit[$0 % unit.count] }.withUnsafeBufferPointer { bytes in
      let text = CountingText(bytes)
      var found = TextRanges()
      detector.search(text, into: &found)
      return text.reads
    }
  }

  @Test("Eight times the text takes eight times the reads, whatever stands in it", arguments: TextDetectors.names)
  func linear(name: String) throws {
    let detector = try #require(TextDetectors.named(name) as? any ByteTextDetector)
    let length = 400 * min(4, detectorRounds)
    for pattern in Self.patterns {
      let few = Self.reads(detector, pattern, length)
      let many = Self.reads(detector, pattern, length * 8)
      #expect(many <= few * 8 + few / 2 + 8000, "\(pattern): \(few), \(many)")
      #expect(many <= length * 8 * 120, "\(pattern): \(many)")
    }
  }

  @Test("Two patterns one behind the other are no dearer", arguments: TextDetectors.names)
  func linearPairs(name: String) throws {
    let detector = try #require(TextDetectors.named(name) as? any ByteTextDetector)
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<15 * detectorRounds {
      let pattern = generator.pick(Self.patterns) + generator.pick(Self.patterns)
      let few = Self.reads(detector, pattern, 500)
      let many = Self.reads(detector, pattern, 4000)
      #expect(many <= few * 8 + few / 2 + 8000, "\(pattern): \(few), \(many)")
    }
  }
}
