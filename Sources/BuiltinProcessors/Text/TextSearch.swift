internal import ProcessorHost

/// Finds the parts of a text that the finders of a policy look for, in the text as it is. One lane owns it.
package final class TextSearch {
  /// A part that was found.
  package struct Find {
    /// Which of the policy's finders found it.
    var finder: Int
    var range: Range<Int>
    /// What is asked for it.
    var verdict: KeyVerdict
  }

  private let policy: TextPolicy
  /// One for each finder that is a list of patterns.
  private let scanners: [PatternDatabase.Scanner?]
  @exclusivity(unchecked) private var found = TextRanges()

  package init(_ policy: TextPolicy) {
    self.policy = policy
    scanners = policy.finders.map { finder in
      if case .patterns(let database) = finder.kind { PatternDatabase.Scanner(database) } else { nil }
    }
  }

  /// Calls `use` with each part, those of one finder behind each other, on the boundaries of characters and
  /// marks.
  /// - Parameters:
  ///   - mask: the finders that may find something in the text.
  ///   - requested: the conditional steps that were asked for.
  @inline(__always)
  func forEachFind(
    in text: UnsafeBufferPointer<UInt8>, mask: UInt64, requested: UInt64, _ use: (Find) -> Void
  ) {
    var rest = mask
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      rest &= rest - 1
      guard index < policy.finders.count else { break }
      let verdict = policy.finders[index].verdict(requested: requested)
      if verdict.strength == .none { continue }
      found.removeAll()
      find(policy.finders[index].kind, index, text)
      for range in found.ranges { use(Find(finder: index, range: Self.aligned(range, text), verdict: verdict)) }
    }
  }

  private func find(_ kind: TextFinder.Kind, _ index: Int, _ text: UnsafeBufferPointer<UInt8>) {
    switch kind {
    case .detector(let detector): detector.find(in: ScannedText(text), into: &found)
    case .query(let parameters): parameters.find(in: ScannedText(text), into: &found)
    case .patterns: scanners[index]?.find(in: text, into: &found)
    }
  }

  /// The range with the whole of the characters and marks that it touches, within the text.
  private static func aligned(_ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let range = range.clamped(to: 0..<text.count)
    var start = range.lowerBound
    var end = range.upperBound
    while start > 0, start < text.count, isContinuation(text[start]) { start -= 1 }
    while end < text.count, isContinuation(text[end]) { end += 1 }
    return text.widenedOverMarks(start..<max(start, end))
  }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}

extension PatternDatabase.Scanner {
  /// Adds every match, from its leftmost beginning. What cannot be scanned is taken as found from end to end.
  func find(in text: UnsafeBufferPointer<UInt8>, into found: inout TextRanges) {
    let isDone = withUnsafeMutablePointer(to: &found) { found in
      scan(text, found) { _, start, end, _, context in
        context?.assumingMemoryBound(to: TextRanges.self).pointee.addMatch(Int(start)..<Int(end))
        return 0
      }
    }
    if !isDone { found.add(0..<text.count) }
  }
}
