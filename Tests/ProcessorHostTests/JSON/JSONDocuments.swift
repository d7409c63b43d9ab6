internal import ProcessorHost

/// Documents around the part that a test is about, and what comes of reading them.
enum JSONDocuments {
  /// A request with these spans, each given as an object.
  static func spans(_ spans: String...) -> String {
    #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#
  }

  /// A request with one span that has one attribute, "k", with this AnyValue.
  static func value(_ value: String) -> String { spans(#"{"attributes":[{"key":"k","value":\#(value)}]}"#) }

  static func read(_ text: String) throws(OTLPJSONError) -> (request: [UInt8], notes: OTLPJSONNotes) {
    try OTLPJSONReader.read(Array(text.utf8))
  }

  static func request(_ text: String) throws(OTLPJSONError) -> [UInt8] { try read(text).request }

  /// The error of the only span of the document.
  static func refusal(_ text: String) throws -> OTLPJSONError? { try read(text).notes.refusals.first?.error }

  static func write(_ request: [UInt8], as style: OTLPJSONWriter.Style = .line) -> (text: [UInt8], leftOut: Int) {
    let output = WireBuffer()
    let leftOut = request.withUnsafeBufferPointer { OTLPJSONWriter.write($0, as: style, to: output) }
    return (Array(output.bytes), leftOut)
  }

  static func line(_ request: [UInt8]) -> String { String(decoding: write(request).text, as: UTF8.self) }
}
