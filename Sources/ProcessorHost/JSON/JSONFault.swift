/// Why a text can not be read, as light as a hot path wants it: where, and what was expected there.
///
/// `OTLPJSONError` is what a person sees of it; line, path and what was found are looked up only then.
struct JSONFault: Error {
  var code: OTLPJSONError.Code
  /// Bytes from the start of the text.
  var offset: Int
  var expected: StaticString

  init(_ code: OTLPJSONError.Code, at offset: Int, expected: StaticString) {
    self.code = code
    self.offset = offset
    self.expected = expected
  }

  /// Whether the rest of the document can not be told apart any more, so that no neighbour can be saved.
  var endsDocument: Bool { code == .syntax || code == .documentTooDeep }
}
