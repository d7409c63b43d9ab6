internal import ProcessorHost

/// Finds what only becomes something by what is hidden beside it: behind a token, `+49 30 1234567` is part of a longer
/// word, and behind a mark it is a phone number.
///
/// A text is looked at as it is where the mark stands for what *one* finder has found, whatever others there are. Were all
/// finds marked at once, one finder more could take the `+49`, and the rest of the number would show. What comes
/// to light that way is marked too, and looked at once more. So whatever is found without a finder is also found with it. One
/// lane owns it.
final class SecondLook {
  /// What came of it.
  enum Outcome {
    case done
    /// All finds are of one finder, and beside their marks nothing came to light: a text with these marks was looked at.
    case nothingMore
    /// The whole value is to go, for this step.
    case removal(KeyVerdict)
    /// More and more is found.
    case endless
  }

  /// Parts of the text that marks stand for: `ranges` of `hidden`, united and in order.
  private struct Reading {
    var ranges: Range<Int>
    var depth: Int
  }

  /// How many looks may lead from one to the next.
  private static let maximumDepth = 4
  /// How many readings may come of what other readings brought to light: each is one more scan of the text.
  private static let maximumDerived = 16

  private let search: TextSearch
  private let scanner: TextScanner
  @exclusivity(unchecked) private var readings: [Reading] = []
  /// How many of them are of finds in the text as it came.
  @exclusivity(unchecked) private var firstCount = 0
  @exclusivity(unchecked) private var hidden: [Range<Int>] = []
  /// The reading that has the mark for what a finder found in the text as it came, by finder.
  @exclusivity(unchecked) private var firstReadings = [Int](repeating: -1, count: TextPolicy.maximumFinders)
  @exclusivity(unchecked) private var pieces = TextPieces()
  private let text = WireBuffer(capacity: 1024)

  init(_ policy: TextPolicy, _ search: TextSearch) {
    self.search = search
    scanner = TextScanner(policy)
  }

  /// Adds to what was found in a text as it came.
  /// - Parameters:
  ///   - finds: what was found, those of one finder behind each other.
  ///   - requested: the conditional steps that were asked for.
  func look(
    at original: UnsafeBufferPointer<UInt8>, _ finds: inout [TextSearch.Find], requested: UInt64
  ) -> Outcome {
    readings.removeAll(keepingCapacity: true)
    hidden.removeAll(keepingCapacity: true)
    defer { for find in finds { firstReadings[find.finder] = -1 } }
    readFirst(finds)
    firstCount = readings.count
    let known = finds.count
    var index = 0
    while index < readings.count {
      if let outcome = look(at: original, reading: index, &finds, requested) { return outcome }
      index += 1
    }
    return readings.count == 1 && finds.count == known ? .nothingMore : .done
  }

  /// Makes a reading of what each finder has found.
  private func readFirst(_ finds: [TextSearch.Find]) {
    var index = 0
    while index < finds.count {
      let finder = finds[index].finder
      let start = hidden.count
      while index < finds.count, finds[index].finder == finder {
        hidden.append(finds[index].range)
        index += 1
      }
      firstReadings[finder] = add(from: start, depth: 1)
    }
  }

  /// Makes a reading of the ranges from a place on; the index of one that is the same, where there is one.
  private func add(from start: Int, depth: Int) -> Int {
    hidden.unite(from: start)
    let ranges = start..<hidden.count
    for (index, known) in readings.enumerated() where hidden[known.ranges] == hidden[ranges] {
      hidden.removeSubrange(ranges)
      return index
    }
    readings.append(Reading(ranges: ranges, depth: depth))
    return readings.count - 1
  }

  /// Looks at one reading; an outcome where there is nothing more to do.
  private func look(
    at original: UnsafeBufferPointer<UInt8>, reading: Int, _ finds: inout [TextSearch.Find], _ requested: UInt64
  ) -> Outcome? {
    write(original, readings[reading])
    scanner.begin(slots: 1)
    scanner.add(text.bytes, slot: 0)
    guard scanner.scanAdded() else { return nil }
    var removal: KeyVerdict?
    let known = finds.count
    search.forEachFind(in: text.bytes, mask: scanner.mask(of: 0), requested: requested) { find in
      let range = pieces.original(of: find.range)
      if isHidden(range, in: reading) || isHidden(range, in: firstReadings[find.finder]) { return }
      if find.verdict.strength == .remove {
        if removal.map({ find.verdict.step < $0.step }) ?? true { removal = find.verdict }
      }
      finds.append(TextSearch.Find(finder: find.finder, range: range, verdict: find.verdict))
    }
    if let removal { return .removal(removal) }
    var next = known
    while next < finds.count {
      let finder = finds[next].finder
      let start = hidden.count
      hidden.append(contentsOf: hidden[readings[reading].ranges])
      while next < finds.count, finds[next].finder == finder {
        hidden.append(finds[next].range)
        next += 1
      }
      let depth = readings[reading].depth + 1
      _ = add(from: start, depth: depth)
      if depth > Self.maximumDepth || readings.count - firstCount > Self.maximumDerived { return .endless }
    }
    return nil
  }

  private func isHidden(_ range: Range<Int>, in reading: Int) -> Bool {
    if reading < 0 { return false }
    let ranges = readings[reading].ranges
    // The last one that begins at the range's beginning or before it.
    var low = ranges.lowerBound
    var high = ranges.upperBound
    while high - low > 1 {
      let middle = (low + high) / 2
      if hidden[middle].lowerBound <= range.lowerBound { low = middle } else { high = middle }
    }
    return low < high && hidden[low].lowerBound <= range.lowerBound && range.upperBound <= hidden[low].upperBound
  }

  private func write(_ original: UnsafeBufferPointer<UInt8>, _ reading: Reading) {
    text.truncate(to: 0)
    pieces.removeAll()
    var position = 0
    for range in hidden[reading.ranges] {
      copy(original, position..<range.lowerBound)
      pieces.addStandIn(for: range, at: text.count)
      Mark.bytes.withUnsafeBufferPointer(text.append(run:))
      position = range.upperBound
    }
    copy(original, position..<original.count)
  }

  private func copy(_ original: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    pieces.addCopy(of: range, at: text.count)
    text.append(run: UnsafeBufferPointer(rebasing: original[range]))
  }
}

extension [Range<Int>] {
  /// Puts the ranges from a place on in order, and makes one of those that overlap or touch.
  fileprivate mutating func unite(from start: Int) {
    guard count - start > 1 else { return }
    self[start...].sort { $0.lowerBound < $1.lowerBound }
    var kept = start
    for index in (start + 1)..<count {
      if self[index].lowerBound <= self[kept].upperBound {
        self[kept] = self[kept].lowerBound..<Swift.max(self[kept].upperBound, self[index].upperBound)
      } else {
        kept += 1
        self[kept] = self[index]
      }
    }
    removeSubrange((kept + 1)...)
  }
}
