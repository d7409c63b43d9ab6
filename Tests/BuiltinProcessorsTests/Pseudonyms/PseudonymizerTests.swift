internal import BuiltinProcessors
internal import Testing

@Suite("Pseudonyms")
struct PseudonymizerTests {
  private let old: PseudonymKey
  private let new: PseudonymKey

  init() throws {
    old = try PseudonymKey(id: "k1", secret: Array(1...32))
    new = try PseudonymKey(id: "k2", secret: Array(2...40))
  }

  private func pseudonym(_ value: String, _ keys: PseudonymKey...) throws -> String {
    try pseudonym(value, Pseudonymizer(PseudonymKeyRing(keys)))
  }

  private func pseudonym(_ value: String, _ pseudonymizer: Pseudonymizer) -> String {
    var output: [UInt8] = []
    Array(value.utf8).withUnsafeBufferPointer { pseudonymizer.append($0, to: &output) }
    return String(decoding: output, as: UTF8.self)
  }

  @Test("A pseudonym is its mark, the key's id and 32 digits, and is appended")
  func form() throws {
    let digits = try pseudonym("alice", old).dropFirst("p1:k1:".count)
    #expect(digits.count == 32 && digits.allSatisfy { "0123456789abcdef".contains($0) })
    var output = Array("before ".utf8)
    let pseudonymizer = try Pseudonymizer(PseudonymKeyRing([old]))
    Array("alice".utf8).withUnsafeBufferPointer { pseudonymizer.append($0, to: &output) }
    #expect(String(decoding: output, as: UTF8.self) == "before p1:k1:\(digits)")
  }

  @Test("Equal values have equal pseudonyms, also from another pseudonymizer, and others have others")
  func equality() throws {
    let pseudonymizer = try Pseudonymizer(PseudonymKeyRing([old]))
    var seen: [String: String] = [:]
    // Around the ends of SHA-256's blocks, and far beyond.
    for length in Array(0...200) + [1000, 100_000] {
      for last in ["a", "b"] {
        let value = String(repeating: "a", count: length) + last
        let found = pseudonym(value, pseudonymizer)
        #expect(try pseudonym(value, old) == found)
        #expect(seen.updateValue(value, forKey: found) == nil)
      }
    }
    #expect(seen[pseudonym("", pseudonymizer)] == nil)
  }

  @Test("Keys with the same id and other secrets give other pseudonyms")
  func secrets() throws {
    let other = try PseudonymKey(id: "k1", secret: Array(2...33))
    #expect(try pseudonym("alice", old) != pseudonym("alice", other))
  }

  @Test("After a rotation the new key is used, and the old key's pseudonyms stay as they are")
  func rotation() throws {
    let before = try pseudonym("alice", old)
    #expect(try pseudonym("alice", new, old) == pseudonym("alice", new))
    #expect(try pseudonym(before, new, old) == before)
    // Without the old key in the ring its pseudonym is a value like any other.
    #expect(try pseudonym(before, new).hasPrefix("p1:k2:"))
    let ring = try PseudonymKeyRing([new, old])
    #expect(pseudonym("alice", Pseudonymizer(old, of: ring)) == before)
  }

  @Test("Hiding twice equals hiding once", arguments: ["", "alice", "p1:k1:", "p1", "42"])
  func idempotence(value: String) throws {
    let once = try pseudonym(value, new, old)
    #expect(once != value)
    #expect(try pseudonym(once, new, old) == once)
  }

  @Test("What only looks like a pseudonym is hidden")
  func lookalikes() throws {
    let real = try pseudonym("alice", old)
    let pseudonymizer = try Pseudonymizer(PseudonymKeyRing([new, old]))
    let digits = real.dropFirst("p1:k1:".count)
    let lookalikes = [
      "\(real)0", "\(real.dropLast())", "\(real.dropFirst())", "\(real) ", " \(real)", real.uppercased(),
      "p2:k1:\(digits)", "P1:k1:\(digits)", "p1-k1:\(digits)", "p1:k1:\(digits.dropLast())g", "p1:k3:\(digits)",
      "p1:k:\(digits)", "p1:k11:\(digits)", "p1::\(digits)", "p1:k1-\(digits)", "p1:k1:\(real)",
    ]
    for value in lookalikes { #expect(pseudonym(value, pseudonymizer) != value, "\(value)") }
    #expect(pseudonym(real, pseudonymizer) == real)
  }

  @Test("A pseudonym of which one bit was changed is hidden", arguments: 0..<32)
  func forgeries(place: Int) throws {
    let pseudonymizer = try Pseudonymizer(PseudonymKeyRing([new, old]))
    let real = try pseudonym("alice", old)
    var characters = Array(real)
    let index = characters.count - 32 + place
    let digit = try #require(characters[index].hexDigitValue)
    for bit in 0..<4 {
      characters[index] = Array("0123456789abcdef")[digit ^ 1 << bit]
      let forged = String(characters)
      #expect(pseudonym(forged, pseudonymizer) != forged)
    }
  }

  @Test("Another key with the same id does not know a pseudonym")
  func otherOwner() throws {
    let real = try pseudonym("alice", old)
    let other = try PseudonymKey(id: "k1", secret: Array(2...33))
    #expect(try pseudonym(real, other) != real)
  }

  @Test("A number and its text have the same pseudonym")
  func numbers() throws {
    let pseudonymizer = try Pseudonymizer(PseudonymKeyRing([old]))
    var output: [UInt8] = []
    pseudonymizer.append(Int64(42), to: &output)
    #expect(String(decoding: output, as: UTF8.self) == pseudonym("42", pseudonymizer))
    output = []
    pseudonymizer.append(42.0, to: &output)
    #expect(String(decoding: output, as: UTF8.self) == pseudonym("42", pseudonymizer))
    output = []
    pseudonymizer.append(0.5, to: &output)
    #expect(String(decoding: output, as: UTF8.self) == pseudonym("0.5", pseudonymizer))
  }
}
