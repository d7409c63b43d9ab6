/// What is counted while a document is read; `OTLPJSONNotes` is made from it at the end.
struct OTLPJSONTally {
  /// Details beyond these are only counted, so that a hostile document can not make the notes larger than itself.
  static let maximumRefusals = 100
  static let maximumIgnored = 8

  /// A state to go back to when the part that was read since turns out to be refused.
  struct Mark {
    fileprivate var counts: Counts
  }

  struct Counts {
    var spans = 0
    var refusedSpans = 0
    var refusals = 0
    var ignoredFields = 0
    var invalidStrings = 0
    var loneSurrogates = 0
  }

  var counts = Counts()
  private(set) var refusals: [(fault: JSONFault, spans: Int)] = []
  private(set) var ignoredOffsets: [Int] = []

  var mark: Mark { Mark(counts: counts) }

  mutating func rewind(to mark: Mark) {
    counts = mark.counts
    if refusals.count > counts.refusals { refusals.removeLast(refusals.count - counts.refusals) }
    if ignoredOffsets.count > counts.ignoredFields {
      ignoredOffsets.removeLast(ignoredOffsets.count - counts.ignoredFields)
    }
  }

  mutating func refuse(_ fault: JSONFault, spans: Int) {
    counts.refusals += 1
    counts.refusedSpans += spans
    if refusals.count < Self.maximumRefusals { refusals.append((fault, spans)) }
  }

  mutating func ignore(at offset: Int) {
    counts.ignoredFields += 1
    if ignoredOffsets.count < Self.maximumIgnored { ignoredOffsets.append(offset) }
  }

  /// The notes, with every offset turned into a place in `text`.
  func notes(in text: UnsafeBufferPointer<UInt8>, firstLine: Int, firstOffset: Int) -> OTLPJSONNotes {
    var notes = OTLPJSONNotes()
    notes.spans = counts.spans
    notes.refusedSpans = counts.refusedSpans
    notes.refusalCount = counts.refusals
    notes.ignoredFields = counts.ignoredFields
    notes.invalidStrings = counts.invalidStrings
    notes.loneSurrogates = counts.loneSurrogates
    let places = JSONLocator.locate(
      refusals.map(\.fault.offset) + ignoredOffsets, in: text, firstLine: firstLine)
    for (refusal, place) in zip(refusals, places) {
      let error = OTLPJSONError(refusal.fault, at: place, firstOffset: firstOffset)
      notes.refusals.append(.init(error: error, spans: refusal.spans))
    }
    notes.ignoredPaths = places.dropFirst(refusals.count).map(\.path)
    return notes
  }
}
