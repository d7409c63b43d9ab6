internal import BuiltinProcessors
import TestSupport
import Testing

/// Secrets for tests: 32 bytes of which each stands for itself.
private let hexadecimal = String(repeating: "0123456789abcdef", count: 4)
private let otherHexadecimal = String(repeating: "fedcba9876543210", count: 4)
/// The bytes of `hexadecimal`, in groups of which 30 bytes make whole groups of base64 and two are left.
private let base64 = "ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8="

private let faultyTexts: [(String, String)] = [
  ("", "a.keys: there is no key; expected lines of the form id: secret"),
  ("# nothing\n", "a.keys: there is no key; expected lines of the form id: secret"),
  (hexadecimal, "a.keys:1: expected id: secret, found a line without a colon"),
  ("\n: \(hexadecimal)", "a.keys:2: an id has 1 to 16 characters out of a-z, 0-9 and -; here is none"),
  (
    "a.b: \(hexadecimal)",
    "a.keys:1: an id has 1 to 16 characters out of a-z, 0-9 and -; byte 2 of this one is another sign"
  ),
  (
    "kEY: \(hexadecimal)",
    "a.keys:1: an id has 1 to 16 characters out of a-z, 0-9 and -; byte 2 of this one is a capital letter"
  ),
  ("\(hexadecimal): a", "a.keys:1: an id has 1 to 16 characters out of a-z, 0-9 and -; this one has 64 bytes"),
  ("a:  # later", "a.keys:1: expected a secret in hexadecimal digits or base64, found nothing"),
  ("a: \(hexadecimal.dropLast(2))", "a.keys:1: a secret has 32 bytes or more; this one has 31"),
  ("a: \(base64.dropLast(4))", "a.keys:1: a secret has 32 bytes or more; this one has 30"),
  (
    "a: \(hexadecimal)7",
    "a.keys:1: expected a secret in hexadecimal digits or base64, found 65 hexadecimal digits; two make a byte, so one is missing or too many"
  ),
  (
    "a: \(hexadecimal.dropLast(3))o0o",
    "a.keys:1: expected a secret in hexadecimal digits or base64, found hexadecimal digits but for 2 of 64; byte 62 is a small letter"
  ),
  (
    "a: \(base64.dropLast(2)) \(base64)",
    "a.keys:1: expected a secret in hexadecimal digits or base64, found 87 bytes of which byte 43 is white space"
  ),
  (
    "a: \(base64)==",
    "a.keys:1: expected a secret in hexadecimal digits or base64, found base64 whose 46 letters do not come out even"
  ),
  (
    "a: \(hexadecimal)\nb: \(hexadecimal)\na: \(otherHexadecimal)",
    "a.keys:3: the id stands in line 1 already; each key has an id of its own"
  ),
]

@Suite("The text of keys")
struct PseudonymKeyTextTests {
  private func ring(_ text: String, inEnvironment: Bool = false) throws -> PseudonymKeyRing {
    try PseudonymKeyRing(
      parsing: Array(text.utf8), from: inEnvironment ? .environment("PROCESSOR_HOST_KEY_A") : .file("a.keys"))
  }

  private func error(_ text: String, inEnvironment: Bool = false) -> String {
    do throws(PseudonymKeyError) {
      _ = try PseudonymKeyRing(
        parsing: Array(text.utf8), from: inEnvironment ? .environment("PROCESSOR_HOST_KEY_A") : .file("a.keys"))
      return "no error"
    } catch {
      return error.description
    }
  }

  @Test("The first key is in use, comments, blank lines and space around words count for nothing")
  func layout() throws {
    let text = """
      \u{FEFF}# keys of customers

      \tnew-2 : \(hexadecimal)  # since November\r
      old:\(otherHexadecimal)
      """
    let ring = try ring(text)
    #expect(ring.keys.map(\.id) == ["new-2", "old"])
    #expect(ring.current.id == "new-2")
  }

  @Test("Hexadecimal digits in either case and base64 of either alphabet, padded or not, give the same secret")
  func encodings() throws {
    let expected = try ring("a: \(hexadecimal)")
    #expect(try ring("a: \(hexadecimal.uppercased())") == expected)
    #expect(try ring("a: \(base64)") == expected)
    #expect(try ring("a: \(base64.dropLast())") == expected)
    #expect(try ring("a: \(otherHexadecimal)") != expected)
    let ones = String(repeating: "/", count: 44)
    #expect(try ring("a: \(ones)") == ring("a: \(String(repeating: "_", count: 44))"))
  }

  @Test("In a variable ; parts keys, and ends a comment so that it swallows none")
  func environment() throws {
    let text = "b: \(hexadecimal) # new; a: \(otherHexadecimal)\n\nc: \(base64);"
    #expect(try ring(text, inEnvironment: true).keys.map(\.id) == ["b", "a", "c"])
    #expect(
      error("b: \(hexadecimal);;a: \(hexadecimal);a: \(base64)", inEnvironment: true).hasPrefix(
        "PROCESSOR_HOST_KEY_A:4: "))
    #expect(error("b: \(hexadecimal); a: \(otherHexadecimal)").hasPrefix("a.keys:1: "))
  }

  @Test(
    "An error names the line, what was expected and what was found",
    arguments: faultyTexts)
  func errors(text: String, expected: String) {
    #expect(error(text) == expected)
  }

  @Test("No error shows four bytes of a secret, however its line is damaged")
  func secretsStaySecret() {
    var generator = SeededGenerator(seed: 11)
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/".utf8)
    var refused = 0
    for _ in 0..<5000 {
      let secret = (0..<Int.random(in: 20...60, using: &generator)).map { _ in
        letters[Int.random(in: 0..<letters.count, using: &generator)]
      }
      var line = Array("key-1: ".utf8) + secret
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        let place = Int.random(in: 0..<line.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: line.remove(at: place)
        case 1: line.insert(Array(":;# =\n-\u{7F}".utf8)[Int.random(in: 0..<8, using: &generator)], at: place)
        default: line.swapAt(place, Int.random(in: 0..<line.count, using: &generator))
        }
      }
      let said = error(String(decoding: line, as: UTF8.self))
      refused += said == "no error" ? 0 : 1
      for start in 0...(secret.count - 4) {
        #expect(!said.contains(String(decoding: secret[start..<start + 4], as: UTF8.self)))
      }
    }
    #expect((1000..<4900).contains(refused))
  }

  @Test("Printing, reflecting and dumping a key or a ring shows ids alone")
  func printing() throws {
    let ring = try ring("key-1: \(String(repeating: "11", count: 32))")
    let key = ring.current
    #expect("\(key)" == "key-1")
    #expect(String(reflecting: key) == "key-1")
    for value in [key, ring, Pseudonymizer(ring)] as [Any] {
      var dumped = ""
      dump(value, to: &dumped)
      #expect(dumped.contains("key-1"))
      for text in [dumped, "\(value)", String(reflecting: value)] {
        #expect(!text.contains("17, 17") && !text.contains("SymmetricKey") && !text.contains("SHA256"))
      }
    }
  }

  @Test("A made key's line is read, and no two are alike")
  func newKey() throws {
    let lines = [try PseudonymKey.newLine(id: "a"), try PseudonymKey.newLine(id: "a")]
    #expect(lines[0] != lines[1])
    for line in lines { #expect(try ring(line).current.id == "a") }
    #expect(throws: PseudonymKeyError.self) { try PseudonymKey.newLine(id: "A") }
    #expect(throws: PseudonymKeyError.self) { try PseudonymKey.newLine(id: "a-id-of-17-letter") }
  }

  @Test("A ring from keys refuses none and two with one id")
  func rings() throws {
    let key = try PseudonymKey(id: "a", secret: Array(1...32))
    #expect(throws: PseudonymKeyError.self) { try PseudonymKeyRing([]) }
    #expect(throws: PseudonymKeyError.self) { try PseudonymKeyRing([key, key]) }
    #expect(throws: PseudonymKeyError.self) { try PseudonymKey(id: "a", secret: Array(1...31)) }
    #expect(try PseudonymKeyRing([key]).current == key)
  }
}
