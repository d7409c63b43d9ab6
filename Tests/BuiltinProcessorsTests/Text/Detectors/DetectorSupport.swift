internal import BuiltinProcessors
internal import Foundation
import TestSupport

/// How much longer random tests try than they do in every build: `DETECTOR_ROUNDS`, 1 by default.
let detectorRounds = max(1, ProcessInfo.processInfo.environment["DETECTOR_ROUNDS"].flatMap(Int.init) ?? 1)

/// What a detector finds, as the text itself with `⟦` and `⟧` around each secret.
func marked(_ text: String, by name: String) -> String {
  let bytes = Array(text.utf8)
  var result: [UInt8] = []
  var position = 0
  for range in ranges(in: bytes, by: name) {
    result += bytes[position..<range.lowerBound] + Array("⟦".utf8) + bytes[range] + Array("⟧".utf8)
    position = range.upperBound
  }
  return String(decoding: result + bytes[position...], as: UTF8.self)
}

/// The text without the marks of `marked`.
func unmarked(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "⟦" && $0 != "⟧" }))
}

func ranges(in bytes: [UInt8], by name: String) -> [Range<Int>] {
  var found = TextRanges()
  guard let detector = TextDetectors.named(name) else { return [] }
  bytes.withUnsafeBufferPointer { detector.find(in: ScannedText($0), into: &found) }
  return found.ranges
}

/// The text with each secret replaced by the mark.
func hidden(_ bytes: [UInt8], by name: String) -> [UInt8] {
  var result: [UInt8] = []
  var position = 0
  for range in ranges(in: bytes, by: name) {
    result += bytes[position..<range.lowerBound] + Array("[REDACTED]".utf8)
    position = range.upperBound
  }
  return result + bytes[position...]
}

/// A text that counts how often its bytes are read.
final class CountingText: ByteText {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var reads = 0

  /// - Parameter bytes: have to stay for as long as the text is read.
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var count: Int { bytes.count }

  subscript(index: Int) -> UInt8 {
    reads += 1
    return bytes.indices.contains(index) ? bytes[index] : 0
  }

  subscript(range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    reads += range.count
    return UnsafeBufferPointer(rebasing: bytes[range.clamped(to: 0..<bytes.count)])
  }
}

extension SeededGenerator {
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }

  /// So many bytes of an alphabet.
  mutating func body(_ count: Int, of alphabet: String) -> String {
    let bytes = Array(alphabet.utf8)
    return String(decoding: (0..<count).map { _ in pick(bytes) }, as: UTF8.self)
  }
}
