extension OTLPJSONParser {
  /// Appends a span, or a message of spans; what is wrong in it is noted, and only it is lost.
  mutating func part(_ message: WireMessage, _ number: UInt32) throws(JSONFault) {
    scanner.skipWhitespace()
    let offset = scanner.position
    let written = output.count
    let openSegments = self.openSegments
    let mark = tally.mark
    do {
      try delimited(message, number, depth: message == .span ? 1 : 0)
      if message == .span { tally.counts.spans += 1 }
    } catch {
      if error.endsDocument { throw error }
      output.truncate(to: written)
      closeSegments(to: openSegments)
      tally.rewind(to: mark)
      scanner.position = offset
      tally.refuse(error, spans: try skipCountingSpans(message))
    }
  }

  /// Passes over a part that was refused; returns how many spans it has.
  private mutating func skipCountingSpans(_ message: WireMessage) throws(JSONFault) -> Int {
    scanner.skipWhitespace()
    guard message != .span, scanner.peek == JSONByte.openBrace else {
      try scanner.skipValue()
      return message == .span ? 1 : 0
    }
    scanner.position += 1
    var spans = 0
    var isFirst = true
    while let name = try scanner.nextName(isFirst: &isFirst) {
      guard case .messages(let inner)? = schema.field(message, named: content(of: name))?.kind, inner.holdsSpans,
        scanner.peek == JSONByte.openBracket
      else {
        try scanner.skipValue()
        continue
      }
      scanner.position += 1
      var isFirstElement = true
      while try scanner.nextElement(isFirst: &isFirstElement) { spans += try skipCountingSpans(inner) }
    }
    return spans
  }
}

extension WireMessage {
  /// Whether the message is a span or has spans inside.
  var holdsSpans: Bool { self == .resourceSpans || self == .scopeSpans || self == .span }
}
