/// Turns one JSON document into the protobuf bytes of an ExportTraceServiceRequest, in one pass and without a tree.
///
/// A message's fields are appended as the text has them and put into the order of their numbers when it ends, where
/// they are not in it already.
struct OTLPJSONParser {
  /// A field's bytes in the output.
  private struct Segment {
    var number: UInt32
    var range: Range<Int>
  }

  var scanner: JSONScanner
  let output = WireBuffer()
  let scratch = WireBuffer(capacity: 256)
  var tally = OTLPJSONTally()

  let schema = OTLPJSONSchema.otlp
  private let sorted = WireBuffer()
  private var segments: [Segment] = []

  init(_ scanner: JSONScanner) { self.scanner = scanner }

  /// Reads the whole document: a request, or an array of them, which are joined.
  mutating func document() throws(JSONFault) {
    scanner.skipWhitespace()
    if scanner.peek == JSONByte.openBracket {
      scanner.position += 1
      var isFirst = true
      while try scanner.nextElement(isFirst: &isFirst) { try message(.request, depth: 0) }
    } else {
      try message(.request, depth: 0)
    }
    scanner.skipWhitespace()
    guard scanner.position == scanner.end else {
      throw JSONFault(.syntax, at: scanner.position, expected: "the end of the document")
    }
  }

  /// Appends the fields of one JSON object.
  ///
  /// `depth` counts as the door does: a span, resource or scope is the first level.
  mutating func message(_ message: WireMessage, depth: Int) throws(JSONFault) {
    guard depth <= StructureCheck.maximumDepth else {
      throw JSONFault(.valueTooDeep, at: scanner.position, expected: "at most 64 messages inside one another")
    }
    try scanner.enter(JSONByte.openBrace, message == .request ? "an object with resourceSpans" : "an object")
    let firstSegment = segments.count
    let start = output.count
    var seen: UInt32 = 0
    var hasMember = false
    var isSorted = true
    var isFirst = true
    while let name = try scanner.nextName(isFirst: &isFirst) {
      guard let field = schema.field(message, named: content(of: name)) else {
        try ignoreField(of: message, name)
        continue
      }
      let bit = UInt32(1) << field.number
      guard seen & bit == 0 else {
        throw JSONFault(.duplicateField, at: name.start - 1, expected: "each field once in an object")
      }
      seen |= bit
      if scanner.peek == JSONByte.lowerN {
        try scanner.takeLiteral("null")
        continue
      }
      if message == .anyValue {
        if hasMember { throw JSONFault(.severalValues, at: name.start - 1, expected: "one member in a value") }
        hasMember = true
      }
      let fieldStart = output.count
      try value(of: field, in: message, depth: depth)
      if output.count > fieldStart {
        if let last = segments.last, segments.count > firstSegment, last.number > field.number { isSorted = false }
        segments.append(Segment(number: field.number, range: fieldStart..<output.count))
      }
    }
    if !isSorted { sortFields(from: firstSegment, start) }
    closeSegments(to: firstSegment)
  }

  private mutating func sortFields(from first: Int, _ start: Int) {
    sorted.truncate(to: 0)
    sorted.append(UnsafePointer(output.base + start), output.count - start)
    segments[first...].sort { $0.number < $1.number }
    output.truncate(to: start)
    for segment in segments[first...] {
      output.append(UnsafePointer(sorted.base + segment.range.lowerBound - start), segment.range.count)
    }
  }

  private mutating func value(
    of field: OTLPJSONField, in message: WireMessage, depth: Int
  ) throws(JSONFault) {
    switch field.kind {
    case .scalar(let scalar):
      try self.scalar(scalar, field.number, isKept: message == .anyValue)
    case .message(let inner):
      try delimited(inner, field.number, depth: depth + 1)
    case .messages(let inner):
      try scanner.enter(JSONByte.openBracket, "an array")
      var isFirst = true
      while try scanner.nextElement(isFirst: &isFirst) {
        if inner.holdsSpans {
          try part(inner, field.number)
        } else {
          try delimited(inner, field.number, depth: depth + 1)
        }
      }
    case .strings:
      try scanner.enter(JSONByte.openBracket, "an array")
      var isFirst = true
      while try scanner.nextElement(isFirst: &isFirst) { try text(field.number, isKept: true) }
    }
  }

  /// Appends a field that holds a message.
  mutating func delimited(_ message: WireMessage, _ number: UInt32, depth: Int) throws(JSONFault) {
    let content = output.openDelimited(number)
    try self.message(message, depth: depth)
    output.closeDelimited(content)
  }

  /// How many fields lie open.
  var openSegments: Int { segments.count }

  /// Gives up the fields that lie open since there were `count` of them.
  mutating func closeSegments(to count: Int) { segments.removeLast(segments.count - count) }

  private mutating func ignoreField(of message: WireMessage, _ name: JSONString) throws(JSONFault) {
    if message == .request, JaegerFormat.begins(with: content(of: name), scanner) {
      throw JSONFault(.notOTLP, at: name.start - 1, expected: "an object with resourceSpans")
    }
    tally.ignore(at: name.start - 1)
    try scanner.skipValue()
  }

  /// The bytes that a string stands for; they last until the next string is asked for.
  mutating func content(of string: JSONString) -> UnsafeBufferPointer<UInt8> {
    if string.isPlain { return UnsafeBufferPointer(start: scanner.base + string.start, count: string.count) }
    scratch.truncate(to: 0)
    var text = JSONText()
    text.append(string, of: scanner.base, to: scratch)
    return scratch.bytes
  }
}
