internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("Runs of digits")
struct DigitRunTests {
  /// Where runs of so many digits have that many.
  private static func ends(_ text: [UInt8], atLeast length: Int) -> [Int] {
    var ends: [Int] = []
    text.withUnsafeBufferPointer { text in DigitRuns.forEach(in: text, atLeast: length) { ends.append($0) } }
    return ends
  }

  /// The same by the pass that looks for shapes of numbers, too.
  private static func endsBesideShapes(_ text: [UInt8], atLeast length: Int) -> [Int] {
    var ends: [Int] = []
    text.withUnsafeBufferPointer { text in
      NumberShapeScan.forEach(of: [.address, .phone], digitRun: length, in: text) { shape, end in
        if shape == .digitRun { ends.append(end) }
      }
    }
    return ends
  }

  /// The same, byte by byte.
  private static func simpleEnds(_ text: [UInt8], atLeast length: Int) -> [Int] {
    var ends: [Int] = []
    var digits = 0
    var separators = 0
    for (index, byte) in text.enumerated() {
      if byte &- UInt8(ascii: "0") < 10 {
        digits += 1
        separators = 0
        if digits == length { ends.append(index + 1) }
      } else {
        separators += 1
        if separators > 1 || !Array(" -.+%".utf8).contains(byte) { digits = 0 }
      }
    }
    return ends
  }

  @Test(
    "Digits count across single separators",
    arguments: [
      ("4111111111111111", [14]), ("4111 1111 1111 1111", [17]), ("4111-1111.1111+1111", [17]),
      ("4111%201111%201111", [16]), ("4111  1111 1111 11", []), ("4111/1111/1111/1111", []), ("1234567890123", []),
      ("1234567\n8901234", []), ("", []), ("1", []), ("id 12345678901234, 12345678901234", [17, 33]),
    ])
  func separators(text: String, ends: [Int]) {
    #expect(Self.ends(Array(text.utf8), atLeast: 14) == ends)
  }

  @Test("A run is found at every place of a text of any length")
  func places() {
    let run = Array("3782 822463 1000".utf8)
    for before in 0..<100 {
      for after in 0..<20 {
        let text = [UInt8](repeating: 0x7A, count: before) + run + [UInt8](repeating: 0x20, count: after)
        #expect(Self.ends(text, atLeast: 14) == [before + run.count])
      }
    }
  }

  @Test("What leaps finds what reads every byte", arguments: [4, 5, 14, 17])
  func leaps(length: Int) {
    var generator = SeededGenerator(seed: 15)
    let pieces = ["1", "22", "4111", "12345678", " ", "-", "%20", "  ", "(", "?", ":", "a", "word", "\n", "é"]
    for _ in 0..<3000 * detectorRounds {
      let count = Int.random(in: 0...30, using: &generator)
      let text = (0..<count).flatMap { _ in Array(generator.pick(pieces).utf8) }
      let ends = Self.simpleEnds(text, atLeast: length)
      let string = String(decoding: text, as: UTF8.self).debugDescription
      #expect(Self.ends(text, atLeast: length) == ends, "\(string)")
      #expect(Self.endsBesideShapes(text, atLeast: length) == ends, "\(string)")
    }
  }
}
