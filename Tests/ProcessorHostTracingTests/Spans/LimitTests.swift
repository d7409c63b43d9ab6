internal import ProcessorHost
internal import ProcessorHostTestSupport
internal import ProcessorHostTracing
internal import Testing
internal import Tracing

@Suite("Span limits")
struct LimitTests {
  @Test("of too many attributes those stay that were there first, and the others are counted")
  func attributes() async throws {
    let span = try await limited(SpanLimits { $0.attributeCount = 3 }) { span in
      span.attributes["z"] = 1
      span.attributes = ["z": 2, "d": 1, "c": 1, "b": 1, "a": 1]
      span.attributes["e"] = 1
    }
    #expect(span.attributes == ["z": 2, "a": 1, "b": 1])
    #expect(span.dropped == (3, 0, 0))
  }

  @Test("events and links past the limit are dropped, the newest first, and counted")
  func eventsAndLinks() async throws {
    let span = try await limited(SpanLimits { ($0.eventCount, $0.linkCount) = (2, 1) }) { span in
      for name in ["a", "b", "c"] { span.addEvent(Tracing.SpanEvent(name: name)) }
      for number in 1...3 {
        var context = InstrumentationContext.topLevel
        context.spanContext = SpanContext(traceID: TraceID(high: 0, low: 1), spanID: SpanID(UInt64(number)))
        span.addLink(Tracing.SpanLink(context: context, attributes: [:]))
      }
    }
    #expect(span.events == ["a", "b"] && span.links == [SpanID(1)])
    #expect(span.dropped == (0, 1, 2))
  }

  @Test("attributes of an event past the limit are dropped by their keys, and counted in the event")
  func eventAttributes() async throws {
    var event: ProcessorHost.SpanEvent?
    _ = try await limited(SpanLimits { $0.eventAttributeCount = 1 }) { span in
      span.addEvent(Tracing.SpanEvent(name: "a", attributes: ["b": 1, "a": 2, "c": 3]))
    } seen: {
      event = $0.events.first
    }
    #expect(event?.attributes == [AttributeValue.Entry("a", 2)] && event?.droppedAttributesCount == 2)
  }

  @Test("with a limit of zero nothing is kept")
  func zero() async throws {
    let span = try await limited(SpanLimits { ($0.attributeCount, $0.eventCount) = (0, 0) }) { span in
      span.attributes["a"] = 1
      span.addEvent("b")
    }
    #expect(span.attributes == [:] && span.events == [] && span.dropped == (1, 1, 0))
  }

  @Test("texts are cut behind hiding: the half of a secret that a cut leaves would match nothing")
  func length() async throws {
    var configuration = TracingBackend.Configuration()
    configuration.limits.attributeValueLength = 24
    let spans = try await withTestTracing(configuration) { tracing in
      withSpan("a") { span in
        span.attributes["note"] = "the card is 4111 1111 1111 1111, he said"
        span.attributes["long"] = "ünïcödé is counted in characters"
        span.attributes["list"] = ["short", "this one is too long for it by far"]
        span.addEvent(Tracing.SpanEvent(name: "e", attributes: ["text": "this one is too long for it by far"]))
      }
      return await tracing.finishedSpans()
    }
    let span = try #require(spans.first)
    #expect(span.attributes["note"] == "the card is [REDACTED], ")
    #expect(span.attributes["long"] == "ünïcödé is counted in ch")
    #expect(span.attributes["list"] == .array(["short", "this one is too long for"]))
    #expect(span.events.first?.attributes == [AttributeValue.Entry("text", "this one is too long for")])
  }

  @Test("a value above 64 KiB is replaced whole, and one of 64 KiB is not")
  func ceiling() async throws {
    let ceiling = SpanLimits.maximumValueBytes
    let span = try await limited(SpanLimits()) { span in
      span.attributes["fits"] = String(repeating: "x", count: ceiling)
      span.attributes["over"] = String(repeating: "x", count: ceiling + 1)
      span.attributes["list"] = [String](repeating: String(repeating: "x", count: 1000), count: 100)
    }
    #expect(span.attributes["fits"] == .string(String(repeating: "x", count: ceiling)))
    #expect(span.attributes["over"] == "[over 64 KiB]" && span.attributes["list"] == "[over 64 KiB]")
  }

  private struct Seen {
    var attributes: [String: AttributeValue]
    var events: [String]
    var links: [SpanID]
    var dropped: (attributes: UInt32, events: UInt32, links: UInt32)
  }

  /// One span under limits, as it came out.
  private func limited(
    _ limits: SpanLimits, _ body: (any Tracing.Span) -> Void,
    seen: (FinishedSpan) -> Void = { _ in }
  ) async throws -> Seen {
    var configuration = TracingBackend.Configuration.withoutRules
    configuration.limits = limits
    let dropped = DroppedCounts()
    configuration.processors = [dropped]
    let spans = try await withTestTracing(configuration) { tracing in
      withSpan("a", body)
      return await tracing.finishedSpans()
    }
    let span = try #require(spans.first)
    seen(span)
    return Seen(
      attributes: span.attributes, events: span.events.map(\.name), links: span.links.map(\.spanID),
      dropped: try #require(dropped.last))
  }
}

extension SpanLimits {
  /// The defaults, changed.
  fileprivate init(_ change: (inout SpanLimits) -> Void) {
    self.init()
    change(&self)
  }
}
