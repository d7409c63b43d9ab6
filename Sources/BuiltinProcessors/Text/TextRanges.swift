/// Where secrets stand in a text, in the order in which they were found. Emptied and filled again, it allocates nothing.
package struct TextRanges {
  package private(set) var ranges: [Range<Int>] = []

  package init() {}

  /// Adds a range of bytes; an empty one says nothing and is left out.
  package mutating func add(_ range: Range<Int>) {
    if !range.isEmpty { ranges.append(range) }
  }

  package mutating func removeAll() { ranges.removeAll(keepingCapacity: true) }
}
