internal import ProcessorHost

/// What the door made of a request, as plain values to compare.
struct AdmittedRequest: Equatable {
  /// The batch as a request.
  var bytes: [UInt8]
  /// The content of each span.
  var spans: [[UInt8]]
  var resourceCount: Int
  var scopeCount: Int
  var refusals: [DoorRefusal]
  var notes: DoorNotes

  init(_ request: [UInt8]) {
    let admission = Door().admit(request)
    bytes = admission.batch.encoded()
    spans = admission.batch.spans.map { Array(admission.batch.bytes[$0]) }
    resourceCount = admission.batch.resources.count
    scopeCount = admission.batch.scopes.count
    refusals = admission.refusals
    notes = admission.notes
  }

  /// Whether the door had nothing to say.
  var isClean: Bool { refusals.isEmpty && notes.isClean }
}

extension [PlainSpan] {
  /// The spans of a request.
  init(request: [UInt8]) { self = PlainSpan.all(in: Door().admit(request).takeBatch()) }
}
