/// What the reader of one document refused, left out or repaired.
package struct OTLPJSONNotes: Hashable, Sendable {
  /// A part of the document that could not be taken: a span, or where the fault lies outside its spans, a whole
  /// ScopeSpans or ResourceSpans.
  package struct Refusal: Hashable, Sendable {
    package var error: OTLPJSONError
    /// How many spans are lost with it; what `partial_success.rejected_spans` counts.
    package var spans: Int
  }

  /// Spans in the request that came out.
  package var spans = 0
  /// Spans that did not come in.
  package var refusedSpans = 0
  /// How many parts were refused.
  package var refusalCount = 0
  /// The first refusals, at most 100, in the document's order.
  package var refusals: [Refusal] = []
  /// Fields that this version of OTLP's trace signal does not have; they are ignored, as the specification asks.
  package var ignoredFields = 0
  /// The paths of the first eight of them.
  package var ignoredPaths: [String] = []
  /// Strings that were not UTF-8 and hold U+FFFD now.
  package var invalidStrings = 0
  /// Halves of a surrogate pair that became U+FFFD.
  package var loneSurrogates = 0

  package init() {}

  /// Whether everything in the document came in as it was.
  package var isEmpty: Bool {
    refusalCount == 0 && ignoredFields == 0 && invalidStrings == 0 && loneSurrogates == 0
  }
}
