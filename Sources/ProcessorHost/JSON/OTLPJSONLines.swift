/// One line of a file of OTLP/JSON lines.
package struct OTLPJSONLine: Sendable {
  /// Counted from 1.
  package var number: Int
  /// What the line holds; an error names the line and its offset in the whole text.
  package var content: Result<Content, OTLPJSONError>

  package struct Content: Sendable {
    package var request: [UInt8]
    package var notes: OTLPJSONNotes
  }
}

extension OTLPJSONReader {
  /// Reads JSON lines: one request in each line that is not blank. A line that can not be read loses no other.
  package static func readLines(_ text: UnsafeBufferPointer<UInt8>, _ body: (OTLPJSONLine) throws -> Void) rethrows {
    var number = 1
    var start = JSONByte.orderMarkLength(text)
    while start < text.count {
      let end = text[start...].firstIndex(of: 0x0A) ?? text.count
      let line = UnsafeBufferPointer(rebasing: text[start..<end])
      if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
        try body(OTLPJSONLine(number: number, content: content(line, number, start)))
      }
      number += 1
      start = end + 1
    }
  }

  private static func content(
    _ line: UnsafeBufferPointer<UInt8>, _ number: Int, _ start: Int
  ) -> Result<OTLPJSONLine.Content, OTLPJSONError> {
    do {
      let (request, notes) = try read(line, firstLine: number, firstOffset: start)
      return .success(OTLPJSONLine.Content(request: request, notes: notes))
    } catch {
      return .failure(error)
    }
  }
}
