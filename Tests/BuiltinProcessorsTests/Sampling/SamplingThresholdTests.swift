internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("Rejection thresholds")
struct SamplingThresholdTests {
  private func text(_ threshold: SamplingThreshold) -> String {
    var bytes: [UInt8] = []
    threshold.appendTH(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func read(_ text: String) -> SamplingThreshold? {
    Array(text.utf8).withUnsafeBufferPointer { SamplingThreshold(th: $0) }
  }

  @Test(
    "The specification's table of 1 in N, with 3, 4 and 5 digits",
    arguments: [
      (1, ["0", "0", "0"]),
      (2, ["8", "8", "8"]),
      (3, ["aab", "aaab", "aaaab"]),
      (4, ["c", "c", "c"]),
      (5, ["ccd", "cccd", "ccccd"]),
      (8, ["e", "e", "e"]),
      (10, ["e66", "e666", "e6666"]),
      (16, ["f", "f", "f"]),
      (100, ["fd71", "fd70a", "fd70a4"]),
      (1000, ["ffbe7", "ffbe77", "ffbe76d"]),
      (10000, ["fff972", "fff9724", "fff97247"]),
      (100_000, ["ffff584", "ffff583a", "ffff583a5"]),
      (1_000_000, ["ffffef4", "ffffef39", "ffffef391"]),
    ] as [(Double, [String])])
  func table(inverse: Double, digits: [String]) throws {
    for (precision, expected) in zip(3...5, digits) {
      let threshold = try #require(SamplingThreshold(probability: 1 / inverse, precision: precision))
      #expect(text(threshold) == expected)
    }
  }

  @Test("Four digits are the default")
  func defaultPrecision() {
    #expect(SamplingThreshold(probability: 0.01).map(text) == "fd70a")
  }

  @Test("A threshold's text says its probability", arguments: [("8", 0.5), ("c", 0.25), ("0", 1.0), ("f", 0.0625)])
  func probability(th: String, probability: Double) {
    #expect(read(th)?.probability == probability)
  }

  @Test("The ends of the range")
  func ends() {
    #expect(SamplingThreshold(probability: 0x1p-56).map(text) == "ffffffffffffff")
    #expect(SamplingThreshold(probability: 1) == .always)
    #expect(SamplingThreshold(probability: 1.0.nextDown) == .always)
    #expect(SamplingThreshold(probability: 1.0.nextDown, precision: 14)?.probability == 1.0.nextDown)
    for outside in [0, -0.0, -1, 0x1p-57, 1.0.nextUp, .nan, .infinity] {
      #expect(SamplingThreshold(probability: outside) == nil)
    }
    #expect(SamplingThreshold((1 << 56) - 1) != nil)
    #expect(SamplingThreshold(1 << 56) == nil)
  }

  @Test("Rounding stays within the precision and in the range, for every magnitude")
  func rounding() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<50_000 {
      let magnitude = Double.exp2(-Int.random(in: 0...55, using: &generator))
      let probability = Double.random(in: 0.5...1, using: &generator) * magnitude
      let threshold = try #require(SamplingThreshold(probability: probability))
      #expect(abs(threshold.probability / probability - 1) < (probability < 0x1p-40 ? 0.5 : 0.0002))
    }
  }

  @Test("What was written is read again as the same")
  func roundTrip() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<20_000 {
      let shift = UInt64.random(in: 0...55, using: &generator)
      let value = UInt64.random(in: 0..<(1 << 56), using: &generator)
      let threshold = SamplingThreshold((value >> shift) << shift)
      #expect(threshold.map(text).flatMap(read) == threshold)
    }
  }

  @Test("Trailing zeros may be written or not")
  func trailingZeros() {
    #expect(read("c0") == read("c"))
    #expect(read("c0000000000000") == read("c"))
    #expect(read("00000000000000") == .always)
  }

  @Test("Other texts are no threshold", arguments: ["", "C", "g", "0x8", "8 ", "-8", "c00000000000000", "é"])
  func malformed(th: String) {
    #expect(read(th) == nil)
  }

  @Test("A larger threshold keeps less")
  func order() throws {
    let half = try #require(SamplingThreshold(probability: 0.5))
    let tenth = try #require(SamplingThreshold(probability: 0.1))
    #expect(half < tenth)
    #expect(half.keeps(randomness: half.value))
    #expect(!half.keeps(randomness: half.value - 1))
  }
}

extension Double {
  fileprivate static func exp2(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
}
