internal import ProcessorHost
internal import Testing

@Suite("What the door refuses")
struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var span: [UInt8]
    /// Where reading stops, counted from the span's content.
    var offset: Int
    /// What the reason names.
    var reason: String

    init(_ description: String, _ span: [UInt8], at offset: Int, _ reason: String) {
      testDescription = description
      self.span = span
      self.offset = offset
      self.reason = reason
    }
  }

  static let secret = SpanBytes.attribute("k", "hunter-two")
  static let before = SpanBytes.ids + secret

  static let broken = [
    Case("a trace id of 15 bytes", Proto.bytes(1, [1]) + before, at: 0, "16 bytes, this one has 1"),
    Case("a trace id of 17 bytes", before + Proto.bytes(1, Array(0..<17)), at: before.count, "has 17"),
    Case("an empty trace id", before + Proto.bytes(1, []), at: before.count, "has 0"),
    Case("no trace id", Proto.bytes(2, SpanBytes.spanID) + secret, at: 0, "must have a trace id"),
    Case("no span id", Proto.bytes(1, SpanBytes.traceID) + secret, at: 0, "a span id of 8 bytes"),
    Case("nothing at all", [], at: 0, "must have a trace id"),
    Case("a span id of 7 bytes", before + Proto.bytes(2, Array(0..<7)), at: before.count, "8 bytes, this one has 7"),
    Case("a parent of 5 bytes", before + Proto.bytes(4, Array(0..<5)), at: before.count, "or none, this one has 5"),
    Case(
      "a link's trace id of 15 bytes", before + Proto.bytes(13, Proto.bytes(1, Array(0..<15))), at: before.count + 2,
      "has 15"),
    Case("a link without ids", before + Proto.bytes(13, []), at: before.count + 2, "a link must have"),
    Case("a field that is longer than the span", before + [0x2A, 0x7F], at: before.count + 2, "cut off"),
    Case("a tag that is cut off", before + [0x80], at: before.count + 1, "cut off"),
    Case("a fixed number that is cut off", before + [0x39, 1, 2], at: before.count + 1, "cut off"),
    Case("field number 0", before + [0x02, 0x00], at: before.count + 1, "field number"),
    Case(
      "field number 536,870,912", before + Proto.varint(536_870_912 << 3) + [0], at: before.count + 5, "field number"),
    Case("wire type 6", before + [0x2E, 0x00], at: before.count + 1, "type that protobuf does not have"),
    Case(
      "a varint of 11 bytes", before + [0x30] + [UInt8](repeating: 0xFF, count: 10) + [1], at: before.count + 11,
      "more than 10 bytes"),
    Case(
      "a varint past 64 bits", before + [0x30] + [UInt8](repeating: 0xFF, count: 9) + [2], at: before.count + 11,
      "more than 10 bytes"),
    Case("a group without an end", before + [0xA3, 0x01], at: before.count, "no matching end"),
    Case("a group's end without a start", before + [0xA4, 0x01], at: before.count, "no matching end"),
    Case("a group with another's end", before + [0xA3, 0x01, 0xAC, 0x01], at: before.count, "no matching end"),
  ]

  @Test("a broken span is refused by itself, at the right place, and without a word of its content", arguments: broken)
  func brokenSpans(_ example: Case) {
    let good = [SpanBytes.span("first"), SpanBytes.span("second")]
    let request = Proto.request(spans: [good[0], example.span, good[1]])
    let admitted = AdmittedRequest(request)
    #expect(admitted.bytes == Proto.request(spans: good))
    #expect(admitted.notes.isClean)
    guard admitted.refusals.count == 1, let refusal = admitted.refusals.first else {
      Issue.record("\(admitted.refusals.count) refusals")
      return
    }
    let start = request.count - Proto.bytes(2, good[1]).count - example.span.count
    #expect(refusal.extent == .span)
    #expect(refusal.offset - start == example.offset)
    #expect(refusal.reason.contains(example.reason))
    #expect(!"\(refusal)".contains("hunter") && "\(refusal)".contains("\(refusal.offset)"))
  }

  @Test("a broken scope costs its own spans, not those of the scopes beside it")
  func brokenScopes() {
    let scopes = ["a", "b", "c"].map { SpanBytes.scopeSpans($0, [SpanBytes.span($0)]) }
    let torn = Proto.bytes(2, Proto.bytes(2, SpanBytes.span("lost")) + [0x2E])
    let admitted = AdmittedRequest(Proto.bytes(1, scopes[0] + torn + scopes[1]) + Proto.bytes(1, scopes[2]))
    #expect(admitted.bytes == Proto.bytes(1, scopes[0] + scopes[1]) + Proto.bytes(1, scopes[2]))
    #expect(admitted.refusals.map(\.extent) == [.container])
    #expect(admitted.notes.isClean)
  }

  @Test("a broken resource costs its spans, not those of the resources beside it")
  func brokenResources() {
    let good = Proto.request(SpanBytes.span("good"))
    let scopes = SpanBytes.scopeSpans("s", [SpanBytes.span("lost")])
    for torn in [scopes + [0x0A], Proto.bytes(1, [0x0A, 5]) + scopes, scopes + Proto.bytes(1, [0x07])] {
      let admitted = AdmittedRequest(good + Proto.bytes(1, torn) + good)
      #expect(admitted.bytes == good + good)
      #expect(admitted.refusals.map(\.extent) == [.container])
      #expect((admitted.refusals.first?.offset ?? 0) > good.count)
    }
  }

  @Test("of a container that is refused nothing stays: no count, and not what was written anew for it")
  func nothingStays() {
    let mended = SpanBytes.span("", Proto.bytes(5, [0xFF]), SpanBytes.group(20), Proto.bytes(5, [0xFE]))
    let torn = Proto.bytes(1, Proto.bytes(2, Proto.bytes(2, mended)) + Proto.integer(3, 1) + [0x2E])
    let admission = Door().admit(torn + Proto.request(SpanBytes.span("good")))
    #expect(admission.notes.isClean)
    #expect(admission.batch.count == 1 && admission.batch.scopes.count == 1 && admission.batch.resources.count == 1)
    #expect(admission.batch.bytes.count == torn.count + Proto.request(SpanBytes.span("good")).count)
  }

  /// The sanitizer sees a read behind the request's last byte.
  @Test("numbers and texts that are cut off inside an attribute, at the very end of the request")
  func cutOffAttributes() {
    for value: [UInt8] in [[0x0A, 0x80], [0x0A], [0x10, 0x80], [0x21, 1, 2], [0x0A, 0x85, 0x00], [0x3A, 0x80]] {
      let attribute = Proto.bytes(9, Proto.string(1, "k") + Proto.bytes(2, value))
      let admitted = AdmittedRequest(Proto.request(SpanBytes.span("a", attribute)))
      #expect(admitted.spans.isEmpty && admitted.refusals.map(\.extent) == [.span])
      #expect(admitted.refusals.first?.reason.contains("cut off") == true)
    }
  }

  @Test("what is no protobuf is refused whole", arguments: ["hello, world\n", "<html>", "{}", "\0\0\0"])
  func noProtobuf(text: String) {
    let admitted = AdmittedRequest(Array(text.utf8))
    #expect(admitted.bytes.isEmpty)
    #expect(admitted.refusals.map(\.extent) == [.rest])
  }

  @Test("requests that are cut off at any byte give the resources that are whole", arguments: 0..<6)
  func cutOff(seed: UInt64) {
    var maker = RandomRequest(seed: 3000 + seed)
    let parts = (0..<3).map { _ in Proto.bytes(1, SpanBytes.scopeSpans("s", maker.spans(2))) }
    let request = parts.flatMap { $0 }
    let borders = (0...3).map { parts[..<$0].reduce(0) { $0 + $1.count } }
    for length in 0..<request.count {
      let admitted = AdmittedRequest(Array(request[..<length]))
      let whole = borders.last { $0 <= length } ?? 0
      #expect(admitted.bytes == Array(request[..<whole]))
      #expect(admitted.refusals.map(\.extent) == (length == whole ? [] : [.rest]))
      #expect(admitted.refusals.allSatisfy { $0.offset >= whole && $0.offset <= length })
    }
  }

  @Test(
    "spans that are cut off at any byte, and spans with a byte changed, never harm their neighbours", arguments: 0..<6)
  func damagedSpans(seed: UInt64) {
    var maker = RandomRequest(seed: 4000 + seed)
    let good = maker.spans(2)
    let span = maker.spans(1)[0]
    for at in 0..<span.count {
      var changed = span
      changed[at] = UInt8.random(in: 0...255, using: &maker.random)
      for damaged in [Array(span[..<at]), changed] {
        let admitted = AdmittedRequest(Proto.request(spans: [good[0], damaged, good[1]]))
        #expect(admitted.spans.first == good[0] && admitted.spans.last == good[1])
        #expect(admitted.spans.count + admitted.refusals.count == 3)
        #expect(AdmittedRequest(admitted.bytes).isClean)
      }
    }
  }
}

extension RandomRequest {
  /// Contents of spans, as many as are asked for.
  mutating func spans(_ count: Int) -> [[UInt8]] {
    var found: [[UInt8]] = []
    while found.count < count { found += AdmittedRequest(request()).spans.filter { $0.count < 1500 } }
    return Array(found[..<count])
  }
}
