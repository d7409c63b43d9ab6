internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("Text detectors on random texts")
struct DetectorPropertyTests {
  /// Pieces of secrets, of what looks like some, and of what stands between.
  private static let pieces: [String] =
    [
      "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "378282246310005", "3782 822463 10005", "4111",
      "0.", ".", "-", " ", "+", "%20", "%2B", "%2F", "%5C", "\\\\n", "L", "n", "@", "%40", "://", ":\\/\\/",
      "%3A%2F%2F", "/", ":", "?", "#", "&", "=",
      "%3D",
      "user", "a", "é", "密码", "“", "🔑", "\\n", "\\u0026", "\\", "\"", "'", "<", ">", "\n", ",", "[", "]", "{",
      "[REDACTED]",
      "example.com", "git", "https", "postgres", "u:p@ss", "pa/ss", "1.2.3", "com", "eyJhbGciOiJub25lIn0", "eyJ",
      "ewogICJhb",
      "c2FtcGxl", "c2FtcGxlLXNpZ25hdHVyZQ", "Bearer ", "bearer%20", "Basic ", "basic+", "Basic ", "dXNl",
      "dXNlcjpwYXNz", "abc123def456",
      "realm=\"",
      "-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN ", "PRIVATE KEY", "-----END RSA PRIVATE KEY-----", "-----",
      "Private-Lines: 2", "Private-MAC: 0a1b", "X-Amz-Signature=", "Signature=", "sig=", "sv=", "Policy=",
      "Key-Pair-Id=",
      "X-Goog-Credential%3D", "AccountKey=", "hooks.slack.com/", "DE89370400440532013000",
      "DE89 3704 0044 0532 0130 00",
      "GB82 WEST 1234 5698 7654 32", "219-09-9999", "219 09 9999", "219", "09", "9999", "::", "::1", "2001:db8::7",
      "fe80::1%eth0", "10.0.0.1", "192.168.1.300", "v", "version ", "+15550109999", "+1 (555) 010-9999", "555-234-5678",
      "(555) 234-5678", "00", "1", "15", "_", "\0", "\u{85}",
    ] + VendorTokenTests.samples.map(unmarked)

  /// Every fifth piece is, or is cut from, what the detector looks for.
  private static func text(for name: String, _ generator: inout SeededGenerator) -> [UInt8] {
    let sample = TextDetectors.named(name).map { Array($0.sample.text.utf8) } ?? []
    let count = Int.random(in: 1...12, using: &generator)
    return (0..<count).flatMap { _ in
      switch Int.random(in: 0..<10, using: &generator) {
      case 0: sample
      case 1:
        Array(
          sample.dropFirst(Int.random(in: 0..<8, using: &generator)).dropLast(Int.random(in: 0..<30, using: &generator))
        )
      default: Array(generator.pick(pieces).utf8)
      }
    }
  }

  @Test("Ranges are in order, apart, and on the boundaries of characters", arguments: TextDetectors.names)
  func rangesAreSound(name: String) {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<700 * detectorRounds {
      let bytes = Self.text(for: name, &generator)
      var position = 0
      for range in ranges(in: bytes, by: name) {
        #expect(range.lowerBound >= position && range.upperBound <= bytes.count)
        #expect(bytes[range.lowerBound] & 0xC0 != 0x80)
        #expect(range.upperBound == bytes.count || bytes[range.upperBound] & 0xC0 != 0x80)
        position = range.upperBound
      }
    }
  }

  @Test("What was hidden once is not hidden again", arguments: TextDetectors.names)
  func idempotent(name: String) {
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<700 * detectorRounds {
      let bytes = Self.text(for: name, &generator)
      let once = hidden(bytes, by: name)
      let twice = hidden(once, by: name)
      #expect(once == twice, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }
  }

  @Test("A trigger matches wherever something is found", arguments: TextDetectors.names)
  func triggersAreComplete(name: String) throws {
    let scanner = try #require(TriggerScanner(for: name))
    var generator = SeededGenerator(seed: 13)
    var hits = 0
    for _ in 0..<1500 * detectorRounds {
      let bytes = Self.text(for: name, &generator)
      guard !ranges(in: bytes, by: name).isEmpty else { continue }
      hits += 1
      #expect(scanner.matches(bytes), "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }
    #expect(hits > 120 * detectorRounds)
  }

  @Test("A trigger matches at every place of a text of any length", arguments: TextDetectors.names)
  func triggersMatchAnywhere(name: String) throws {
    let scanner = try #require(TriggerScanner(for: name))
    let sample = try #require(TextDetectors.named(name)).sample
    for before in 0..<200 {
      for after in stride(from: 0, to: 80, by: 7) {
        let text =
          String(repeating: "z", count: before) + " " + sample.text + " " + String(repeating: "z", count: after)
        #expect(scanner.matches(Array(text.utf8)), "\(before) before, \(after) behind")
      }
    }
  }

  @Test("Bytes that are no text harm nothing", arguments: TextDetectors.names)
  func anyBytes(name: String) {
    var generator = SeededGenerator(seed: 14)
    for _ in 0..<500 * detectorRounds {
      var bytes = Self.text(for: name, &generator)
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      let once = hidden(bytes, by: name)
      #expect(hidden(once, by: name) == once)
    }
  }
}
