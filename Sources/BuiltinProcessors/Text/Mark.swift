internal import ProcessorHost

/// What stands for a part that must not show.
enum Mark {
  static let bytes = Array(HideAction.markText.utf8)
}

extension UnsafeBufferPointer<UInt8> {
  /// A range with the whole of the marks that it touches: a pattern that finds capitals would mark the mark.
  func widenedOverMarks(_ range: Range<Int>) -> Range<Int> {
    if range.isEmpty { return range }
    let length = Mark.bytes.count
    var start = range.lowerBound
    var end = range.upperBound
    // Two marks never overlap, so there is one at most that reaches over either end.
    for place in Swift.max(range.lowerBound - length + 1, 0)..<range.lowerBound where hasMark(at: place) {
      start = place
      end = Swift.max(end, place + length)
    }
    for place in Swift.max(range.upperBound - length + 1, range.lowerBound)..<range.upperBound where hasMark(at: place)
    {
      end = Swift.max(end, place + length)
    }
    return start..<end
  }

  private func hasMark(at place: Int) -> Bool {
    self[place] == Mark.bytes[0] && place + Mark.bytes.count <= count
      && UnsafeBufferPointer(rebasing: self[place..<place + Mark.bytes.count]).elementsEqual(Mark.bytes)
  }
}
