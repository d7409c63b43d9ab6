/// Reads OTLP/JSON into the protobuf bytes that a span is kept as.
///
/// It follows the OTLP specification's "JSON Protobuf Encoding" and the proto3 JSON mapping. Beyond them it takes the
/// field names of the .proto files (`trace_id`), the names of enumeration values (`SPAN_KIND_SERVER`), and an array of
/// requests. A field given twice is refused; among ignored fields that is not looked for, since none of them is kept.
package enum OTLPJSONReader {
  /// Reads one document: an ExportTraceServiceRequest, which TracesData is too.
  ///
  /// A span that can not be read is refused by itself, and so is a ScopeSpans or ResourceSpans whose own fields can
  /// not be; the notes say which, and the rest comes in. The lengths of ids are the door's to check.
  ///
  /// - Returns: the canonical request (fields in the order of their numbers, no defaults), and what was not taken.
  /// - Throws: when the text is not JSON to its end, or is no request. Nothing of it is taken then.
  package static func read(
    _ text: UnsafeBufferPointer<UInt8>
  ) throws(OTLPJSONError) -> (request: [UInt8], notes: OTLPJSONNotes) {
    try read(text, firstLine: 1, firstOffset: 0)
  }

  package static func read(_ text: [UInt8]) throws(OTLPJSONError) -> (request: [UInt8], notes: OTLPJSONNotes) {
    try text.withUnsafeBufferPointer { (text) throws(OTLPJSONError) in try read(text) }
  }

  /// - Parameters:
  ///   - firstLine: the line of a larger text that this one begins at.
  ///   - firstOffset: the offset there.
  static func read(
    _ text: UnsafeBufferPointer<UInt8>, firstLine: Int, firstOffset: Int
  ) throws(OTLPJSONError) -> (request: [UInt8], notes: OTLPJSONNotes) {
    do throws(JSONFault) {
      guard let base = text.baseAddress else {
        throw JSONFault(.syntax, at: 0, expected: "an object with resourceSpans")
      }
      var parser = OTLPJSONParser(JSONScanner(base, JSONByte.orderMarkLength(text)..<text.count))
      try parser.document()
      let notes = parser.tally.notes(in: text, firstLine: firstLine, firstOffset: firstOffset)
      return (Array(parser.output.bytes), notes)
    } catch {
      let places = JSONLocator.locate([error.offset], in: text, firstLine: firstLine)
      throw OTLPJSONError(error, at: places[0], firstOffset: firstOffset)
    }
  }
}
