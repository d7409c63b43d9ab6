/// A part of a text that must not show, and what stands in its place.
struct HiddenPart: Equatable {
  var range: Range<Int>
  /// The strongest thing that was asked for anywhere in the part; it decides on the replacement.
  var verdict: KeyVerdict
}

/// The parts of one text, united: no two overlap, and they stand in order.
struct HiddenParts {
  private(set) var parts: [HiddenPart] = []
  private var isSorted = true

  mutating func removeAll() {
    parts.removeAll(keepingCapacity: true)
    isSorted = true
  }

  var isEmpty: Bool { parts.isEmpty }

  /// Adds a part, whatever others there are.
  mutating func add(_ range: Range<Int>, _ verdict: KeyVerdict) {
    if range.isEmpty { return }
    if let last = parts.last, last.range.lowerBound > range.lowerBound { isSorted = false }
    parts.append(HiddenPart(range: range, verdict: verdict))
  }

  /// Whether one part more would change nothing. For parts that are united.
  func covers(_ range: Range<Int>, _ verdict: KeyVerdict) -> Bool {
    if range.isEmpty { return true }
    // The last part that begins at the range's beginning or before it.
    var low = 0
    var high = parts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if parts[middle].range.lowerBound <= range.lowerBound { low = middle } else { high = middle }
    }
    guard low < high, parts[low].range.lowerBound <= range.lowerBound,
      range.upperBound <= parts[low].range.upperBound
    else { return false }
    return parts[low].united(with: HiddenPart(range: range, verdict: verdict)).verdict == parts[low].verdict
  }

  /// Makes one part of those that overlap, and of marks that touch.
  ///
  /// What is hidden is the union of all, so one part more never shows a character. A part that is longer
  /// than any of those it was made of is not the text of which a pseudonym would tell, so the mark stands for it.
  mutating func unite() {
    guard parts.count > 1 else { return }
    if !isSorted { parts.sort { $0.range.lowerBound < $1.range.lowerBound } }
    isSorted = true
    var kept = 0
    for index in 1..<parts.count {
      let next = parts[index]
      let last = parts[kept]
      let bothMarked = last.verdict.strength != .pseudonym && next.verdict.strength != .pseudonym
      if next.range.lowerBound < last.range.upperBound
        || (next.range.lowerBound == last.range.upperBound && bothMarked)
      {
        parts[kept] = last.united(with: next)
      } else {
        kept += 1
        parts[kept] = next
      }
    }
    parts.removeSubrange((kept + 1)...)
  }
}

extension HiddenPart {
  fileprivate func united(with other: HiddenPart) -> HiddenPart {
    var result = self
    result.range = range.lowerBound..<max(range.upperBound, other.range.upperBound)
    result.verdict.unite(other.verdict)
    if result.verdict.strength == .pseudonym {
      let isOfAll = { (part: HiddenPart) in part.verdict.strength == .pseudonym && part.range == result.range }
      if !isOfAll(self), !isOfAll(other) { result.verdict.strength = .mark }
    }
    return result
  }
}
