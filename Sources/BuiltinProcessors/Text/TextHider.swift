package import ProcessorHost

/// Says what becomes of a text: a function of the text and what is asked for, and of nothing else.
///
/// Everything is looked for in the text as it came, and the parts are united; nothing is rewritten step by step. So
/// another thing to look for never shows what the others find. What is left beside a mark can look like something else;
/// a text in which something was found is looked at again until nothing more is found, so hiding twice is hiding once.
/// One lane owns it.
///
/// It never calls out, so the run-time checks for overlapping accesses are left out.
package final class TextHider {
  /// What becomes of a text.
  package enum Outcome {
    /// It stays as it is.
    case unchanged
    /// `result` stands in its place.
    case replaced
    /// The value is to be marked or to go as a whole.
    case whole(KeyVerdict)
  }

  private static let ellipsis = Array("...".utf8)
  static let mark = Array(HideAction.markText.utf8)

  /// How often a text is looked at again; one in which then still more is found is marked as a whole.
  static let passes = 4

  private let markLength = TextHider.mark.count
  private let policy: TextPolicy
  private let rings: [Pseudonymizer]
  /// One for each finder that is a list of patterns.
  private let scanners: [PatternDatabase.Scanner?]
  @exclusivity(unchecked) private var found = TextRanges()
  @exclusivity(unchecked) private var hidden = HiddenParts()
  /// Whether a finder has found something in the text at hand.
  @exclusivity(unchecked) private var hasFound = false
  /// The text of one pass, to be looked at in the next.
  private let earlier = WireBuffer(capacity: 1024)
  private lazy var scanner = TextScanner(policy)
  @exclusivity(unchecked) private var pseudonym: [UInt8] = []
  /// The text after `hide` said `replaced`, until the next call.
  package let result = WireBuffer(capacity: 4096)
  /// The steps that decided, one for each part that changed, until the next call.
  @exclusivity(unchecked) private(set) var steps: [UInt16] = []
  /// What each of those parts was before, kept only while `isExplaining`.
  @exclusivity(unchecked) private(set) var hiddenTexts: [[UInt8]] = []
  @exclusivity(unchecked) var isExplaining = false

  package init(_ policy: TextPolicy, rings: [Pseudonymizer]) {
    self.policy = policy
    self.rings = rings
    scanners = policy.finders.map { finder in
      if case .patterns(let database) = finder.kind { PatternDatabase.Scanner(database) } else { nil }
    }
  }

  /// - Parameters:
  ///   - verdict: what is asked for the whole text, by its key or its value.
  ///   - mask: the finders that may find something in it.
  ///   - requested: the conditional steps that were asked for.
  package func hide(
    _ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict, mask: UInt64, requested: UInt64
  ) -> Outcome {
    let outcome = hideOnce(text, verdict, mask: mask, requested: requested)
    guard case .replaced = outcome, hasFound else { return outcome }
    return settle(verdict, requested)
  }

  private func hideOnce(
    _ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict, mask: UInt64, requested: UInt64
  ) -> Outcome {
    if verdict.isWhole { return .whole(verdict) }
    if isStandIn(text) { return .unchanged }
    hidden.removeAll()
    hasFound = false
    if let removal = find(in: text, mask, requested) { return .whole(removal) }
    addWhole(text, verdict)
    if hidden.isEmpty, !verdict.isCut { return .unchanged }
    widenOverMarks(text)
    hidden.unite()
    result.truncate(to: 0)
    steps.removeAll(keepingCapacity: true)
    hiddenTexts.removeAll()
    write(text, verdict)
    return text.elementsEqual(result.bytes) ? .unchanged : .replaced
  }

  /// Hides in the result what only became something by what was hidden beside it.
  private func settle(_ verdict: KeyVerdict, _ requested: UInt64) -> Outcome {
    for _ in 0..<Self.passes {
      let known = (steps: steps, texts: hiddenTexts)
      earlier.truncate(to: 0)
      earlier.append(run: result.bytes)
      scanner.begin(slots: 1)
      scanner.add(earlier.bytes, slot: 0)
      let mask = scanner.scanAdded() ? scanner.mask(of: 0) : 0
      switch hideOnce(earlier.bytes, verdict, mask: mask, requested: requested) {
      case .whole(let whole): return .whole(whole)
      case .unchanged:
        (steps, hiddenTexts) = known
        return .replaced
      case .replaced:
        steps = known.steps + steps
        hiddenTexts = known.texts + hiddenTexts
      }
    }
    result.truncate(to: 0)
    result.append(Self.mark)
    return .replaced
  }

  /// Whether a text is the mark or a pseudonym of one of the host's own keys: then it says nothing any more, and has no
  /// length that tells anything.
  func isStandIn(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.count == markLength, text.elementsEqual(Self.mark) { return true }
    return !rings.isEmpty && rings.contains { $0.isPseudonym(text) }
  }

  // MARK: What is hidden

  /// Adds the parts that the finders find; what is found for a step that removes, is said instead.
  private func find(in text: UnsafeBufferPointer<UInt8>, _ mask: UInt64, _ requested: UInt64) -> KeyVerdict? {
    var removal: KeyVerdict?
    forEachPart(of: text, mask: mask, requested: requested) { range, verdict in
      hasFound = true
      if verdict.strength != .remove {
        add(Self.aligned(range, text), text, verdict)
      } else if removal.map({ verdict.step < $0.step }) ?? true {
        // The first step in the policy's order tells the same whatever the order of finders.
        removal = verdict
      }
    }
    return removal
  }

  /// Calls `use` with each part that the finders find in a text as it is, and what is asked for it.
  @inline(__always)
  func forEachPart(
    of text: UnsafeBufferPointer<UInt8>, mask: UInt64, requested: UInt64, _ use: (Range<Int>, KeyVerdict) -> Void
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
      for range in found.ranges { use(range, verdict) }
    }
  }

  private func find(_ kind: TextFinder.Kind, _ index: Int, _ text: UnsafeBufferPointer<UInt8>) {
    switch kind {
    case .detector(let detector): detector.find(in: ScannedText(text), into: &found)
    case .query(let parameters): parameters.find(in: ScannedText(text), into: &found)
    case .patterns: scanners[index]?.find(in: text, into: &found)
    }
  }

  private func addWhole(_ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) {
    if verdict.strength != .none { add(0..<text.count, text, verdict) }
  }

  private func add(_ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) {
    switch verdict.strength {
    case .none, .remove: break
    case .mark: hidden.add(range, verdict)
    case .pseudonym: if !isStandIn(UnsafeBufferPointer(rebasing: text[range])) { hidden.add(range, verdict) }
    case .keepLast: hidden.add(Self.withoutLast(verdict, range, text), verdict)
    }
  }

  /// A range without its last characters. Of a part that is shorter than twice as many, nothing is kept: four digits of
  /// five would tell the fifth.
  private static func withoutLast(
    _ verdict: KeyVerdict, _ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>
  ) -> Range<Int> {
    let keep = Int(verdict.keep)
    let part = UnsafeBufferPointer(rebasing: text[range])
    if part.starts(with: mark) {
      // Hidden before: what is left behind the mark may stay if it is no more than would be left of it.
      let rest = UnsafeBufferPointer(rebasing: part[mark.count...])
      if rest.elementsEqual(ellipsis) || scalarCount(rest) <= keep {
        return range.lowerBound..<range.lowerBound + mark.count
      }
    }
    if scalarCount(part) < Int(verdict.keepOfLonger) * 2 { return range }
    var end = range.upperBound
    for _ in 0..<keep {
      end -= 1
      while end > range.lowerBound, isContinuation(text[end]) { end -= 1 }
    }
    return range.lowerBound..<end
  }

  private static func scalarCount(_ text: UnsafeBufferPointer<UInt8>) -> Int { text.count { !isContinuation($0) } }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// The range with the whole of the characters that it touches, within the text.
  private static func aligned(_ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let range = range.clamped(to: 0..<text.count)
    var start = range.lowerBound
    var end = range.upperBound
    while start > 0, start < text.count, isContinuation(text[start]) { start -= 1 }
    while end < text.count, isContinuation(text[end]) { end += 1 }
    return start..<max(start, end)
  }

  /// Takes the whole of marks that parts touch: a pattern that finds capitals would mark the mark.
  private func widenOverMarks(_ text: UnsafeBufferPointer<UInt8>) {
    if hidden.isEmpty { return }
    hidden.unite()
    var start = 0
    while let place = Self.nextMark(text, from: start) {
      hidden.widen(over: place..<place + Self.mark.count)
      start = place + Self.mark.count
    }
  }

  private static func nextMark(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start
    while index + mark.count <= text.count {
      if text[index] == mark[0], UnsafeBufferPointer(rebasing: text[index..<index + mark.count]).elementsEqual(mark) {
        return index
      }
      index += 1
    }
    return nil
  }

  // MARK: What is written

  private func write(_ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) {
    // A mark or a pseudonym for the whole text has no length that tells anything.
    let isAllHidden = hidden.parts.first?.range == 0..<text.count
    let cut = verdict.isCut && !isAllHidden ? Cut(text, Int(verdict.cut)) : nil
    let end = cut?.end ?? text.count
    var position = 0
    for part in hidden.parts {
      if part.range.lowerBound >= end { break }
      copy(text, position..<part.range.lowerBound)
      writeReplacement(of: part, text)
      position = part.range.upperBound
    }
    if position < end { copy(text, position..<end) }
    guard let cut else { return }
    let isCapped = cap(Int(verdict.cut))
    if isCapped || cut.isCut { Self.ellipsis.withUnsafeBufferPointer(result.append(run:)) }
    if isCapped || end < text.count && !cut.isCutAlready {
      note(verdict.cutStep, UnsafeBufferPointer(rebasing: text[end...]))
    }
  }

  private func writeReplacement(of part: HiddenPart, _ text: UnsafeBufferPointer<UInt8>) {
    let original = UnsafeBufferPointer(rebasing: text[part.range])
    if part.verdict.strength == .pseudonym {
      pseudonym.removeAll(keepingCapacity: true)
      rings[Int(part.verdict.ring)].append(original, to: &pseudonym)
      result.append(pseudonym)
    } else {
      Self.mark.withUnsafeBufferPointer(result.append(run:))
      if original.elementsEqual(Self.mark) { return }
    }
    note(part.verdict.step, original)
  }

  private func note(_ step: UInt16, _ hidden: UnsafeBufferPointer<UInt8>) {
    steps.append(step)
    if isExplaining { hiddenTexts.append(Array(hidden)) }
  }

  private func copy(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    result.append(run: UnsafeBufferPointer(rebasing: text[range]))
  }

  /// Shortens the result to so many characters; false where it has no more.
  private func cap(_ length: Int) -> Bool {
    let (kept, isCut) = UTF8Text.prefixLength(UnsafePointer(result.base), result.count, scalars: length)
    if isCut { result.truncate(to: kept) }
    return isCut
  }
}

/// Where a cut ends a text.
private struct Cut {
  /// Behind the last byte that stays.
  var end: Int
  /// Whether dots stand behind it, or are to.
  var isCut: Bool
  /// Whether the dots behind it are those of an earlier pass.
  var isCutAlready = false

  init(_ text: UnsafeBufferPointer<UInt8>, _ length: Int) {
    guard let start = text.baseAddress else {
      end = 0
      isCut = false
      return
    }
    let (kept, isCut) = UTF8Text.prefixLength(start, text.count, scalars: length)
    self.end = isCut ? kept : text.count
    self.isCut = isCut
    isCutAlready = isCut && text[kept...].elementsEqual("...".utf8)
  }
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
