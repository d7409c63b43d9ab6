internal import BuiltinProcessors
internal import ProcessorHost
import TestSupport
import Testing

@Suite("Assignments: random texts")
struct AssignmentPropertyTests {
  private static let fragments = [
    "password", "token", "X-Api-Key", "auth", "Cookie", "Authorization", "user", "session.id", "api key",
    "com.acme.auth",
    "=", ":", ": ", " = ", "=>", ":=", "==", "::", "://", "%3D", "%3a", "%253D", "&", ";", ",", "?", "#", "|", "/",
    "\"", "'", "`", "\\\"", "\\\\\\\"", "\\", "\\\\", "%22", "%5C%22", "%26", "%20", "+", "\\u0026", "\\n", "\\r\\n",
    "{", "}", "[", "]", "(", ")", "<", ">", "</", "/>", "<password>", "<ns:token a=", "<![CDATA[", "]]>", "-", "--",
    " --token ", " -pwd ", "\"--secret\", \"", " ", "  ", "\t", "\n", "\r\n", "\n  ", "|\n  ", "null", "?", "$1",
    "${token}",
    "Bearer ", "Basic ", "Digest ", "Some(", "expired", "user bob ", "a1b2", "hunter2", "日本", "é", "пароль", "12",
    "8080",
    "[REDACTED]", "[REDACTED", "don't", "b'", "''", "\"\"\"", "\\nt", "Error", "api.", "latest", "*", "!", "%", "\0",
    "&quot;", "\\u0022",
    "12ms", "&#39;", ":123456789012:", "401 ", "unexpected ", "PASSWORD '", "identified by '", "\"name\":\"token\"",
    "\"value\":", "\"value\":\"", "\",\"", "', '", "('X-Api-Key', '", "[\"authorization\",\"", "')", "\"]", "not ",
    "found", "is ", "required", "must be ", "Path ", "foo(", "a.get(", "process.env.", "await ", "b.token", "_type",
    "--- ", "PASS", "🔑", "、", "\\t", "%21", "%3E", "%09", "#<", "0x1f", "hover", "[\"can't be ", "${{ ", " }}",
    "cipher", "hex", "PWD", "/srv", "1.2.3", "u%27", "stdin", "Secret<", "b.", "->", "%5B",
  ]

  static func text(_ generator: inout SeededGenerator) -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<Int.random(in: 1...14, using: &generator) {
      text += Array(Self.fragments[Int.random(in: 0..<Self.fragments.count, using: &generator)].utf8)
    }
    return text
  }

  @Test("A text with its values hidden has its marks for values, and no others")
  func idempotence() throws {
    var generator = SeededGenerator(seed: 5)
    let detector = try AssignmentDetector(AssignmentRig.words + ["пароль"], except: AssignmentRig.exceptions)
    for _ in 0..<20_000 {
      let text = Self.text(&generator)
      let ranges = AssignmentRig.ranges(text, detector.find)
      let hidden = AssignmentRig.hidden(text, ranges)
      let again = AssignmentRig.ranges(hidden.text, detector.find)
      guard again != hidden.marks else { continue }
      let before = AssignmentRig.marked(text, ranges).debugDescription
      Issue.record("\(before)\n\(AssignmentRig.marked(hidden.text, again).debugDescription)")
    }
  }

  /// Texts of random fragments in which each value tells by its number where it stood.
  private static func numbered(_ generator: inout SeededGenerator) -> (text: String, values: [String]) {
    var text = ""
    var values: [String] = []
    for _ in 0..<Int.random(in: 2...14, using: &generator) {
      text += fragments[Int.random(in: 0..<fragments.count, using: &generator)]
      if Bool.random(using: &generator) {
        values.append("q\(values.count)z")
        text += values[values.count - 1]
      }
    }
    return (text, values)
  }

  @Test("One more step of words never shows a value that the others hide")
  func moreSteps() throws {
    var generator = SeededGenerator(seed: 12)
    let words = AssignmentRig.words + ["пароль", "user", "id", "api", "value"]
    let text = HideStep(.text(["assignment"]))
    for _ in 0..<60 {
      let few = words.filter { _ in Bool.random(using: &generator) } + ["token"]
      let added = words.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 } + ["value"]
      let steps = [HideStep(.words(few, except: AssignmentRig.exceptions)), text]
      let old = try Redactor(HidePolicy(steps))
      let new = try Redactor(HidePolicy(steps + [HideStep(.words(added, except: ["user.id"]))]))
      for _ in 0..<300 {
        let (text, values) = Self.numbered(&generator)
        let before = old.redact(text)
        let after = new.redact(text)
        for value in values where after.contains(value) && !before.contains(value) {
          Issue.record(
            "\(few) and \(added)\n\(text.debugDescription)\n\(before.debugDescription)\n\(after.debugDescription)")
        }
      }
    }
  }

  @Test("Ranges are not empty, in order, apart, and at the edges of characters")
  func ranges() throws {
    var generator = SeededGenerator(seed: 6)
    let detector = try AssignmentDetector(AssignmentRig.words + ["пароль"], except: AssignmentRig.exceptions)
    var count = 0
    for _ in 0..<20_000 {
      let text = Self.text(&generator)
      var end = 0
      for range in AssignmentRig.ranges(text, detector.find) {
        #expect(range.lowerBound >= end && !range.isEmpty && range.upperBound <= text.count)
        end = range.upperBound
        for edge in [range.lowerBound, end] where edge < text.count { #expect(text[edge] & 0xC0 != 0x80) }
        count += 1
      }
    }
    #expect(count > 1000)
  }

  @Test("Any bytes can be read, also those that are no text")
  func anyBytes() throws {
    var generator = SeededGenerator(seed: 7)
    let detector = try AssignmentRig.detector()
    for _ in 0..<5000 {
      var text = Array("token".utf8) + [0xFF, 0x3D] + Self.text(&generator)
      for _ in 0..<3 {
        text[Int.random(in: 0..<text.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      for range in AssignmentRig.ranges(text, detector.find) { #expect(range.upperBound <= text.count) }
    }
  }

  @Test("Every text in which something is found has a trigger")
  func triggers() throws {
    var generator = SeededGenerator(seed: 8)
    for words in [AssignmentRig.words, ["пароль", "token"], ["key_2_fa", "k"]] {
      let detector = try AssignmentDetector(words)
      let triggers = try detector.triggers.map { try Regex($0).matchingSemantics(.unicodeScalar) }
      var count = 0
      for _ in 0..<4000 {
        let text = Self.text(&generator)
        if AssignmentRig.ranges(text, detector.find).isEmpty { continue }
        count += 1
        let string = String(decoding: text, as: UTF8.self)
        #expect(triggers.contains { string.firstMatch(of: $0) != nil }, "\(string.debugDescription)")
      }
      #expect(words.contains("k") || count > 100)
    }
  }

  @Test(
    "Unusual spellings have a trigger",
    arguments: [
      "p%61ssword=x", "%70%61%73%73%77%6F%72%64%3Dx", "api%5Fkey=x", "API Key: x", "TO\u{212A}EN=x",
      "user[password] => x",
      "<a:Token\n>x</a:Token>", "\"--password\", \"x\"", "x -api.key y", "\\\"password\\\"  : 1", "apiKey != 1",
      "user%5Bpassword%5D%253Dx", "token_of_some_kind`=x", "МойToken=x",
    ])
  func spellings(text: String) throws {
    let detector = try AssignmentRig.detector()
    #expect(!AssignmentRig.ranges(Array(text.utf8), detector.find).isEmpty)
    #expect(
      try detector.triggers.contains { try text.firstMatch(of: Regex($0).matchingSemantics(.unicodeScalar)) != nil })
  }
}
