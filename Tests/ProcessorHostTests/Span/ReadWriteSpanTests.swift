internal import BuiltinProcessors
internal import ProcessorHost
internal import Synchronization
internal import Testing

@Suite("The span as a Swift processor sees it")
struct ReadWriteSpanTests {
  @Test("every field is readable")
  func reading() async throws {
    let status = Proto.bytes(15, Proto.string(2, "broke") + Proto.integer(3, 2))
    let span = SpanBytes.span(
      "name", Proto.string(3, "a=1"), Proto.bytes(4, [UInt8](0xB0..<0xB8)), Proto.integer(6, 3), Proto.fixed64(7, 1000),
      Proto.fixed64(8, 1500), Proto.integer(10, 1), Proto.integer(12, 2), Proto.integer(14, 3), status,
      Proto.fixed32(16, 0x301))
    let scope = Proto.bytes(
      1, Proto.string(1, "lib") + Proto.string(2, "2.0") + SpanBytes.attribute(3, "s", Proto.integer(2, 1)))
    let resource = Proto.bytes(1, SpanBytes.attribute(1, "service.name", Proto.string(1, "shop")))
    let scopeSpans = Proto.bytes(2, scope + Proto.bytes(2, span) + Proto.string(3, "https://scope"))
    // Own fields stand before and behind the children: both are found.
    for request in [
      resource + scopeSpans + Proto.string(3, "https://resource"),
      scopeSpans + Proto.string(3, "https://resource") + resource,
    ] {
      try await processor(Proto.bytes(1, request)) { span in
        #expect(span.traceID == TraceID(high: 0x1011_1213_1415_1617, low: 0x1819_1A1B_1C1D_1E1F))
        #expect(span.traceID.description == "101112131415161718191a1b1c1d1e1f")
        #expect(span.spanID.description == "a0a1a2a3a4a5a6a7")
        #expect(span.parentSpanID == SpanID(0xB0B1_B2B3_B4B5_B6B7))
        #expect(span.traceState == "a=1" && span.name == "name" && span.kind == .client)
        #expect(span.startTimeUnixNano == 1000 && span.endTimeUnixNano == 1500 && span.durationNanoseconds == 500)
        #expect(span.flags == 0x301 && span.statusCode == .error && span.statusMessage == "broke")
        #expect(span.droppedCounts == (1, 2, 3))
        #expect(span[resourceAttribute: "service.name"] == "shop" && span[resourceAttribute: "other"] == nil)
        #expect(span.scope.name == "lib" && span.scope.version == "2.0")
        #expect(span.scope.attributes == [AttributeValue.Entry("s", true)])
        #expect(span.resourceSchemaURL == "https://resource" && span.scopeSchemaURL == "https://scope")
      }
    }
  }

  @Test("what a span does not have reads as nothing")
  func absent() async throws {
    try await processor(Proto.request(SpanBytes.ids + Proto.bytes(4, [UInt8](repeating: 0, count: 8)))) { span in
      #expect(span.parentSpanID == nil, "an id of zeros is none")
      #expect(span.name.isEmpty && span.traceState.isEmpty && span.kind == .unspecified && span.flags == 0)
      #expect(span.durationNanoseconds == 0 && span.statusCode == .unset && span.statusMessage.isEmpty)
      #expect(span.attributes.isEmpty && span.events.isEmpty && span.links.isEmpty)
      #expect(span.resourceAttributes.isEmpty && span.scope.name.isEmpty && span.scopeSchemaURL.isEmpty)
      #expect(span[attribute: ""] == nil && span[resourceAttribute: ""] == nil)
    }
  }

  @Test("enumerations have 32 bits, as protobuf reads them; numbers that OTLP does not define are none of its cases")
  func enumerations() async throws {
    let far = UInt64(1) << 32
    let span = SpanBytes.span("a", Proto.integer(6, far | 2), Proto.bytes(15, Proto.integer(3, far | 2)))
    try await processor(Proto.request(span)) { span in
      #expect(span.kind == .server && span.statusCode == .error)
    }
    let other = SpanBytes.span("a", Proto.integer(6, 9), Proto.bytes(15, Proto.signed(3, -1)))
    try await processor(Proto.request(other)) { span in
      #expect(span.kind == .unspecified && span.statusCode == .unset)
    }
  }

  @Test("a clock that went backwards gives a duration of zero")
  func backwards() async throws {
    try await processor(Proto.request(SpanBytes.span("a", Proto.fixed64(7, 9), Proto.fixed64(8, 3)))) { span in
      #expect(span.durationNanoseconds == 0)
    }
  }

  @Test("attribute values of all kinds are read, and come back the same when written")
  func values() async throws {
    let values: [AttributeValue] = [
      "text", "", "\0é", true, false, 0, .int(.min), .int(.max), 0.5, .double(-.infinity), .bytes([]), .bytes([0xFF]),
      .empty, .array([]), .array(["a", .array([.empty]), 1]), .map([]),
      .map([AttributeValue.Entry("k", .map([AttributeValue.Entry("", 1)])), AttributeValue.Entry("k", "again")]),
    ]
    for value in values {
      let request = Proto.request(SpanBytes.span("", SpanBytes.attribute(9, "k", SpanModel.content(of: value))))
      let output = try await processor(request) { span in
        #expect(span[attribute: "k"] == value)
        #expect(span.attributes == [AttributeValue.Entry("k", value)])
        if let read = span[attribute: "k"] { span[attribute: "k"] = read }
      }
      #expect(output == request)
    }
  }

  @Test("keys are compared byte by byte, on the span and on the resource")
  func keys() async throws {
    let composed = SpanBytes.attribute(1, "\u{E9}", Proto.integer(3, 1))
    let request = SpanBytes.resource(composed, spans: [SpanBytes.span("", SpanBytes.attribute("\u{E9}", "x"))])
    try await processor(request) { span in
      #expect(span[attribute: "\u{E9}"] == "x" && span[attribute: "e\u{301}"] == nil)
      #expect(span[resourceAttribute: "\u{E9}"] == 1 && span[resourceAttribute: "e\u{301}"] == nil)
    }
  }

  @Test("events are read and rewritten")
  func events() async throws {
    let attribute = SpanBytes.attribute(3, "k", Proto.string(1, "v"))
    let first = Proto.bytes(11, Proto.fixed64(1, 5) + Proto.string(2, "one") + attribute + Proto.integer(4, 2))
    let mismatch = Proto.integer(11, 1)
    let request = Proto.request(SpanBytes.span("", first, SpanBytes.event("two"), mismatch, Proto.fixed32(16, 1)))
    let output = try await processor(request) { span in
      let wanted = SpanEvent(timeUnixNano: 5, name: "one", attributes: [.init("k", "v")], droppedAttributesCount: 2)
      #expect(span.events == [wanted, SpanEvent(name: "two")])
      span.events.removeFirst()
      span.events.append(wanted)
      #expect(span.events == [SpanEvent(name: "two"), wanted])
    }
    #expect(output == Proto.request(SpanBytes.span("", mismatch, Proto.fixed32(16, 1), SpanBytes.event("two"), first)))
  }

  @Test("links are read and rewritten")
  func links() async throws {
    let full = SpanBytes.link(
      Proto.string(3, "a=1"), SpanBytes.attribute(4, "k", Proto.integer(3, 1)), Proto.integer(5, 2), Proto.fixed32(6, 1)
    )
    let request = Proto.request(SpanBytes.span("", full))
    let output = try await processor(request) { span in
      #expect(span.links.count == 1)
      var link = span.links[0]
      #expect(link.traceID == span.traceID && link.spanID == span.spanID && link.traceState == "a=1" && link.flags == 1)
      #expect(link.attributes == [.init("k", 1)] && link.droppedAttributesCount == 2)
      link.attributes = []
      span.links.append(link)
    }
    let bare = SpanBytes.link(Proto.string(3, "a=1"), Proto.integer(5, 2), Proto.fixed32(6, 1))
    #expect(output == Proto.request(SpanBytes.span("", full, bare)))
  }

  @Test("a status keeps its message when its code is set, and the code when the message is")
  func status() async throws {
    let request = Proto.request(SpanBytes.span("a", Proto.bytes(15, Proto.string(2, "m") + Proto.integer(3, 7))))
    let output = try await processor(request) { span in
      span.statusMessage = "other"
      #expect(span.statusCode == .unset, "7 is no code that OTLP defines, and stays")
    }
    #expect(
      output == Proto.request(SpanBytes.span("a", Proto.bytes(15, Proto.string(2, "other") + Proto.integer(3, 7)))))
    let both = try await processor(request) { $0.statusCode = .error }
    #expect(both == Proto.request(SpanBytes.span("a", Proto.bytes(15, Proto.string(2, "m") + Proto.integer(3, 2)))))
  }

  /// Runs a request with one span through a host with one processor; gives the request that comes out.
  @discardableResult
  private func processor(
    _ request: [UInt8], _ body: @escaping @Sendable (borrowing ReadWriteSpan) throws -> Void
  ) async throws -> [UInt8] {
    let calls = Mutex(0)
    let counting = ClosureProcessor("test") { span in
      calls.withLock { $0 += 1 }
      try body(span)
    }
    let host = try SpanProcessorHost(.init(processors: [counting]))
    let output = await host.process(Door().admit(request).takeBatch()).encoded()
    #expect(calls.withLock { $0 } == 1)
    #expect(await host.ledger().failures.isEmpty)
    return output
  }
}
