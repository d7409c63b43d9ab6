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

  /// How often what is to leave is looked at again; where then still more is found, all is marked.
  static let passes = 4

  private let markLength = Mark.bytes.count
  private let policy: TextPolicy
  private let rings: [Pseudonymizer]
  let search: TextSearch
  private lazy var scanner = TextScanner(policy)
  private lazy var secondLook = SecondLook(policy, search)
  @exclusivity(unchecked) private var finds: [TextSearch.Find] = []
  @exclusivity(unchecked) private var hidden = HiddenParts()
  @exclusivity(unchecked) private var pieces = TextPieces()
  @exclusivity(unchecked) private var pseudonym: [UInt8] = []
  /// The text after `hide` said `replaced`, until the next call.
  package let result = WireBuffer(capacity: 4096)
  /// The steps that decided, one for each part that changed, until the next call.
  @exclusivity(unchecked) private(set) var steps: [UInt16] = []
  /// What each of those parts was before, kept only while `isExplaining`.
  @exclusivity(unchecked) private(set) var hiddenTexts: [[UInt8]] = []
  @exclusivity(unchecked) var isExplaining = false
  /// The bytes of the text that do not show, but for those that a cut took, until the next call.
  package var hiddenRanges: [Range<Int>] { hidden.parts.map(\.range) }

  package init(_ policy: TextPolicy, rings: [Pseudonymizer]) {
    self.policy = policy
    self.rings = rings
    search = TextSearch(policy)
  }

  /// - Parameters:
  ///   - verdict: what is asked for the whole text, by its key or its value.
  ///   - mask: the finders that may find something in it.
  ///   - requested: the conditional steps that were asked for.
  package func hide(
    _ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict, mask: UInt64, requested: UInt64
  ) -> Outcome {
    hidden.removeAll()
    if verdict.isWhole { return .whole(verdict) }
    if isStandIn(text) { return .unchanged }
    finds.removeAll(keepingCapacity: true)
    search.forEachFind(in: text, mask: mask, requested: requested) { finds.append($0) }
    var isSettled = true
    if !finds.isEmpty {
      if let removal = removal() { return .whole(removal) }
      switch secondLook.look(at: text, &finds, requested: requested) {
      case .nothingMore: isSettled = verdict.isNone && finds.allSatisfy { $0.verdict.strength == .mark }
      case .done: isSettled = false
      case .removal(let removal): return .whole(removal)
      case .endless: markAll(text)
      }
    }
    for find in finds { add(find.range, text, find.verdict) }
    if verdict.strength != .none { add(0..<text.count, text, verdict) }
    if hidden.isEmpty, !verdict.isCut { return .unchanged }
    write(text, verdict)
    if !isSettled, let removal = settle(text, verdict, requested) { return .whole(removal) }
    return text.elementsEqual(result.bytes) ? .unchanged : .replaced
  }

  /// Hides what is found in the text that is to leave: many finds together, and last characters that are kept, can make
  /// something that no find makes alone.
  /// - Returns: what takes the whole value along, where that is found.
  private func settle(
    _ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict, _ requested: UInt64
  ) -> KeyVerdict? {
    for _ in 0..<Self.passes {
      if isStandIn(result.bytes) { return nil }
      scanner.begin(slots: 1)
      scanner.add(result.bytes, slot: 0)
      guard scanner.scanAdded() else { return nil }
      finds.removeAll(keepingCapacity: true)
      search.forEachFind(in: result.bytes, mask: scanner.mask(of: 0), requested: requested) { finds.append($0) }
      if let removal = removal() { return removal }
      // What would be hidden of what stands there now, as the next host would do.
      for index in finds.indices {
        let part = hiddenPart(of: finds[index].range, result.bytes, finds[index].verdict)
        finds[index].range = pieces.original(of: part)
      }
      if finds.allSatisfy({ hidden.covers($0.range, $0.verdict) }) { return nil }
      for find in finds { hidden.add(find.range, find.verdict) }
      write(text, verdict)
    }
    markAll(text)
    write(text, verdict)
    return nil
  }

  /// Hides the text as a whole, for the step that found something first.
  private func markAll(_ text: UnsafeBufferPointer<UInt8>) {
    guard var verdict = finds.first?.verdict else { return }
    verdict.strength = .mark
    hidden.add(0..<text.count, verdict)
  }

  /// What is asked for what was found, where that is that the whole value goes. The first step in the policy's order
  /// tells the same whatever the order of finders.
  private func removal() -> KeyVerdict? {
    var removal: KeyVerdict?
    for find in finds where find.verdict.strength == .remove {
      if removal.map({ find.verdict.step < $0.step }) ?? true { removal = find.verdict }
    }
    return removal
  }

  /// Whether a text is the mark or a pseudonym of one of the host's own keys: then it says nothing any more, and has no
  /// length that tells anything.
  func isStandIn(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.count == markLength, text.elementsEqual(Mark.bytes) { return true }
    return !rings.isEmpty && rings.contains { $0.isPseudonym(text) }
  }

  // MARK: What is hidden

  private func add(_ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) {
    hidden.add(hiddenPart(of: range, text, verdict), verdict)
  }

  /// What of a range must not show; empty where all of it may.
  private func hiddenPart(
    of range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict
  ) -> Range<Int> {
    switch verdict.strength {
    case .none, .remove: 0..<0
    case .mark: range
    case .pseudonym: isStandIn(UnsafeBufferPointer(rebasing: text[range])) ? 0..<0 : range
    case .keepLast: text.widenedOverMarks(Self.withoutLast(verdict, range, text))
    }
  }

  /// A range without its last characters. Of a part that is shorter than twice as many, nothing is kept: four digits of
  /// five would tell the fifth.
  private static func withoutLast(
    _ verdict: KeyVerdict, _ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>
  ) -> Range<Int> {
    let keep = Int(verdict.keep)
    let part = UnsafeBufferPointer(rebasing: text[range])
    if part.starts(with: Mark.bytes) {
      // Hidden before: what is left behind the mark may stay if it is no more than would be left of it.
      let rest = UnsafeBufferPointer(rebasing: part[Mark.bytes.count...])
      if rest.elementsEqual(ellipsis) || scalarCount(rest) <= keep {
        return range.lowerBound..<range.lowerBound + Mark.bytes.count
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

  // MARK: What is written

  private func write(_ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) {
    hidden.unite()
    result.truncate(to: 0)
    pieces.removeAll()
    steps.removeAll(keepingCapacity: true)
    hiddenTexts.removeAll()
    // A mark or a pseudonym for the whole text has no length that tells anything.
    let isAllHidden = hidden.parts.first?.range == 0..<text.count
    let cut = verdict.isCut && !isAllHidden ? Cut(text, Int(verdict.cut)) : nil
    let end = cut?.end ?? text.count
    var position = 0
    for part in hidden.parts {
      if part.range.lowerBound >= end { break }
      copy(text, position..<part.range.lowerBound)
      pieces.addStandIn(for: part.range, at: result.count)
      writeReplacement(of: part, text)
      position = part.range.upperBound
    }
    if position < end { copy(text, position..<end) }
    guard let cut else { return }
    let cap = cap(Int(verdict.cut))
    let isCapped = cap != nil
    if isCapped || cut.isCut {
      pieces.addStandIn(for: (cap ?? end)..<text.count, at: result.count)
      Self.ellipsis.withUnsafeBufferPointer(result.append(run:))
    }
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
      Mark.bytes.withUnsafeBufferPointer(result.append(run:))
      if original.elementsEqual(Mark.bytes) { return }
    }
    note(part.verdict.step, original)
  }

  private func note(_ step: UInt16, _ hidden: UnsafeBufferPointer<UInt8>) {
    steps.append(step)
    if isExplaining { hiddenTexts.append(Array(hidden)) }
  }

  private func copy(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    pieces.addCopy(of: range, at: result.count)
    result.append(run: UnsafeBufferPointer(rebasing: text[range]))
  }

  /// Shortens the result to so many characters.
  /// - Returns: where in the text that came stands what was cut off; nil where it has no more.
  private func cap(_ length: Int) -> Int? {
    let (kept, isCut) = UTF8Text.prefixLength(UnsafePointer(result.base), result.count, scalars: length)
    if !isCut { return nil }
    let place = pieces.original(of: kept..<kept + 1).lowerBound
    result.truncate(to: kept)
    pieces.truncate(to: kept)
    return place
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
