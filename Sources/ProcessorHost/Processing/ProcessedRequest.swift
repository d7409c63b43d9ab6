/// How the spans of a request are written.
public enum RequestFormat: Sendable, Hashable {
  /// An OTLP `ExportTraceServiceRequest` in protobuf.
  case protobuf
  /// The same in OTLP/JSON.
  case json
}

/// What became of one request on a lane.
struct ProcessedRequest: Sendable {
  /// The set under which its spans were processed.
  var ruleSet: RuleSetNumber
  /// What survived.
  var parts = SpanBatch().takeParts()
  /// Of these, where traces are held, the spans for each shard; then they are not in `parts`.
  var arrivals: [TraceArrival] = []
  /// Spans that passed the door.
  var admittedSpans = 0
  /// Spans that did not, as far as they can be counted.
  var refusedSpans = 0
  /// Why the first part that was refused was.
  var firstRefusal: String?
  /// Why nothing of the request could be taken; nil where something was, or there was nothing to take.
  var malformed: String?
  /// What the door put right.
  var notes = DoorNotes()

  init(ruleSet: RuleSetNumber) { self.ruleSet = ruleSet }

  mutating func note(_ notes: OTLPJSONNotes) {
    refusedSpans += notes.refusedSpans
    firstRefusal = notes.refusals.first.map { $0.error.description }
    if notes.spans == 0, notes.refusalCount > 0 { malformed = firstRefusal }
  }

  /// - Parameter offered: how many spans a plain walk over the request counts.
  mutating func note(_ refusals: [DoorRefusal], _ notes: DoorNotes, offered: Int, admitted: Int) {
    self.notes = notes
    guard let first = refusals.first else { return }
    refusedSpans += max(offered - admitted, refusals.count { $0.extent == .span })
    firstRefusal = firstRefusal ?? first.description
    if admitted == 0 { malformed = malformed ?? first.description }
  }
}
