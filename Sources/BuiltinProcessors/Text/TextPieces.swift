/// Where the bytes of a text came from, in which something stands for some parts of another.
struct TextPieces {
  private struct Piece {
    /// Where it begins in the text that was written.
    var start: Int
    /// What it is of the text that was read, or what it stands for there.
    var original: Range<Int>
    var isCopy: Bool
  }

  private var pieces: [Piece] = []

  mutating func removeAll() { pieces.removeAll(keepingCapacity: true) }

  /// Notes a part that was copied as it is.
  mutating func addCopy(of original: Range<Int>, at start: Int) {
    if !original.isEmpty { pieces.append(Piece(start: start, original: original, isCopy: true)) }
  }

  /// Notes that something stands for a part.
  mutating func addStandIn(for original: Range<Int>, at start: Int) {
    pieces.append(Piece(start: start, original: original, isCopy: false))
  }

  /// Forgets what was written from a place on.
  mutating func truncate(to end: Int) {
    while let last = pieces.last, last.start >= end { pieces.removeLast() }
  }

  /// What a range of the text that was written is, in the text that was read: what is touched of a stand-in, is all that
  /// it stands for.
  func original(of range: Range<Int>) -> Range<Int> {
    guard !range.isEmpty, !pieces.isEmpty else { return 0..<0 }
    let first = piece(at: range.lowerBound)
    let last = piece(at: range.upperBound - 1)
    let start = first.original.lowerBound + (first.isCopy ? range.lowerBound - first.start : 0)
    let end = last.isCopy ? last.original.lowerBound + range.upperBound - last.start : last.original.upperBound
    return start..<max(start, end)
  }

  /// The last piece that begins at a place or before it.
  private func piece(at place: Int) -> Piece {
    var low = 0
    var high = pieces.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if pieces[middle].start <= place { low = middle } else { high = middle }
    }
    return pieces[low]
  }
}
