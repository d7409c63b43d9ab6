/// Where secrets stand in a text, in the order in which they were found. Emptied and filled again, it allocates nothing.
package struct TextRanges {
  package private(set) var ranges: [Range<Int>] = []

  package init() {}

  /// Adds a range of bytes; an empty one says nothing and is left out.
  package mutating func add(_ range: Range<Int>) {
    if !range.isEmpty { ranges.append(range) }
  }

  /// Adds a match of a pattern: of those that overlap, as all ends of one match do, one range is made. The ends come in
  /// rising order.
  mutating func addMatch(_ range: Range<Int>) {
    var united = range
    while let last = ranges.last, last.upperBound > united.lowerBound || last.lowerBound == united.lowerBound {
      united = min(last.lowerBound, united.lowerBound)..<max(last.upperBound, united.upperBound)
      ranges.removeLast()
    }
    add(united)
  }

  package mutating func removeAll() { ranges.removeAll(keepingCapacity: true) }
}
