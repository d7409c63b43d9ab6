internal import BuiltinProcessors
import TestSupport
import Testing

private let doublesAndTexts: [(Double, String)] = [
  (42.0, "42"), (-42.0, "-42"), (0.0, "0"), (-0.0, "0"), (1e15, "1000000000000000"),
  (0x1p53 - 1, "9007199254740991"), (1 - 0x1p53, "-9007199254740991"), (0x1p53, "9007199254740992.0"),
  (0.1, "0.1"), (-0.5, "-0.5"), (1e-7, "1e-07"), (1e20, "1e+20"), (.infinity, "Infinity"),
  (-.infinity, "-Infinity"), (.nan, "NaN"), (-.nan, "NaN"), (.signalingNaN, "NaN"),
]

@Suite("The text of a number")
struct CanonicalNumberTests {
  private func text(_ value: Int64) -> String {
    var text = ""
    CanonicalNumber.withText(of: value) { text = String(decoding: $0, as: UTF8.self) }
    return text
  }

  private func text(_ value: Double) -> String {
    var text = ""
    CanonicalNumber.withText(of: value) { text = String(decoding: $0, as: UTF8.self) }
    return text
  }

  @Test("Integers are written in decimal digits")
  func integers() {
    var generator = SeededGenerator(seed: 3)
    for value in [0, 1, -1, 9, 10, -10, .max, .min] { #expect(text(Int64(value)) == "\(value)") }
    for _ in 0..<2000 {
      let value = Int64.random(in: .min ... .max, using: &generator) >> Int64.random(in: 0..<64, using: &generator)
      #expect(text(value) == "\(value)")
    }
  }

  @Test(
    "Doubles that are small integers are written as integers, others as short as can be",
    arguments: doublesAndTexts)
  func doubles(value: Double, expected: String) {
    #expect(text(value) == expected)
  }

  @Test("Different doubles have different texts, which give them again")
  func roundTrip() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<5000 {
      let value = Double(bitPattern: generator.next())
      if value.isFinite { #expect(Double(text(value)) == value) }
    }
  }

  @Test("An integer and the double of the same worth have the same text")
  func types() {
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<2000 {
      let value = Int64.random(in: -(1 << 53) + 1..<1 << 53, using: &generator)
      #expect(text(value) == text(Double(value)))
    }
  }
}
