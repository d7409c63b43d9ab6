internal import ProcessorHost
internal import ProcessorHostTestSupport
internal import ProcessorHostTracing
internal import Testing
internal import Tracing

@Suite("Spans")
struct SpanTests {
  @Test("a span in another is its child, in the same trace, and ends with the name and kind it was given")
  func parents() async throws {
    let spans = try await recorded { _ in
      withSpan("handle", ofKind: .server) { span in
        span.operationName = "handle ticket"
        withSpan("lookup", ofKind: .client) { _ in }
      }
    }
    let child = try #require(spans.first { $0.name == "lookup" })
    let root = try #require(spans.first { $0.name == "handle ticket" })
    #expect(root.parentSpanID == nil && child.parentSpanID == root.spanID)
    #expect(root.traceID == child.traceID && root.spanID != child.spanID)
    #expect(root.kind == .server && child.kind == .client)
    #expect(root.startTimeUnixNano <= child.startTimeUnixNano && child.endTimeUnixNano <= root.endTimeUnixNano)
  }

  @Test("spans with nothing around them are traces of their own")
  func roots() async throws {
    let spans = try await recorded { _ in
      withSpan("a") { _ in }
      withSpan("b") { _ in }
    }
    #expect(spans.count == 2 && spans[0].traceID != spans[1].traceID)
  }

  @Test("a span under a caller's is in the caller's trace, with its trace state and random flag")
  func remoteParent() async throws {
    let caller = SpanContext(
      traceID: TraceID(high: 7, low: 8), spanID: SpanID(9), traceFlags: [.sampled, .random], isRemote: true)
    var seen: SpanContext?
    let spans = try await recorded { tracing in
      var context = InstrumentationContext.topLevel
      context.spanContext = caller
      let span = tracing.tracer.startSpan("serve", context: context)
      seen = span.spanContext
      span.end()
    }
    #expect(spans.first?.traceID == caller.traceID && spans.first?.parentSpanID == caller.spanID)
    #expect(seen?.traceFlags == [.sampled, .random] && seen?.isRemote == false)
  }

  @Test("a new trace says that its id is random")
  func randomFlag() async throws {
    try await withTestTracing(.withoutRules) { tracing in
      #expect(tracing.tracer.startSpan("a").spanContext.traceFlags == [.sampled, .random])
    }
  }

  @Test("attributes of every kind arrive as what they are")
  func attributeKinds() async throws {
    let spans = try await recorded { _ in
      withSpan("a") { span in
        span.attributes["string"] = "text"
        span.attributes["int"] = -7
        span.attributes["double"] = 0.5
        span.attributes["bool"] = true
        span.attributes["strings"] = ["a", "b"]
        span.attributes["ints"] = [1, 2]
        span.attributes["doubles"] = [0.25]
        span.attributes["bools"] = [true, false]
        span.attributes["int32"] = Int32(5)
        span.attributes["int32s"] = [Int32(6)]
        span.attributes["shown"] = SpanAttribute.stringConvertible(SpanID(1))
        span.attributes["showns"] = SpanAttribute.stringConvertibleArray([SpanID(2)])
        span.attributes["empty"] = ""
      }
    }
    #expect(
      spans.first?.attributes == [
        "string": "text", "int": -7, "double": 0.5, "bool": true, "strings": .array(["a", "b"]),
        "ints": .array([1, 2]),
        "doubles": .array([0.25]), "bools": .array([true, false]), "int32": 5, "int32s": .array([6]),
        "shown": "0000000000000001", "showns": .array(["0000000000000002"]), "empty": "",
      ])
  }

  @Test("an attribute that is set to nil goes")
  func removal() async throws {
    let spans = try await recorded { _ in
      withSpan("a") { span in
        span.attributes = ["a": 1, "b": 2]
        span.attributes["a"] = String?.none
      }
    }
    #expect(spans.first?.attributes == ["b": 2])
  }

  @Test("events and links arrive in their order, with their attributes; a link to nothing does not")
  func eventsAndLinks() async throws {
    let target = SpanContext(
      traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), traceFlags: .sampled, isRemote: true)
    let spans = try await recorded { _ in
      withSpan("a") { span in
        span.addEvent(Tracing.SpanEvent(name: "first", attributes: ["n": 1]))
        span.addEvent("second")
        var context = InstrumentationContext.topLevel
        context.spanContext = target
        span.addLink(Tracing.SpanLink(context: context, attributes: ["why": "batch"]))
        span.addLink(Tracing.SpanLink(context: .topLevel, attributes: [:]))
      }
    }
    let span = try #require(spans.first)
    #expect(span.events.map(\.name) == ["first", "second"])
    #expect(span.events.first?.attributes == [AttributeValue.Entry("n", 1)])
    #expect(span.events.allSatisfy { $0.timeUnixNano >= span.startTimeUnixNano })
    #expect(span.links.count == 1)
    #expect(span.links.first?.traceID == target.traceID && span.links.first?.spanID == target.spanID)
    #expect(span.links.first?.attributes == [AttributeValue.Entry("why", "batch")])
    #expect(span.links.first?.flags == 0x301)
  }

  @Test("the status of an operation that threw is an error, and the error is an event with its type and message")
  func errors() async throws {
    let spans = try await recorded { _ in
      try? withSpan("a") { _ in throw Refused(reason: "no such ticket") }
    }
    let span = try #require(spans.first)
    #expect(span.statusCode == .error)
    let event = try #require(span.events.first)
    let facts = Dictionary(uniqueKeysWithValues: event.attributes.map { ($0.key, $0.value) })
    #expect(event.name == "exception")
    #expect(facts["exception.message"] == .string("no such ticket"))
    guard case .string(let type) = facts["exception.type"] else {
      Issue.record("no type")
      return
    }
    #expect(type.hasSuffix("Refused"))
  }

  @Test("ok is final, an error may be replaced, and only errors have a message")
  func status() async throws {
    let spans = try await recorded { _ in
      withSpan("a") { span in
        span.setStatus(SpanStatus(code: .error, message: "first"))
        span.setStatus(SpanStatus(code: .error, message: "second"))
      }
      withSpan("b") { span in
        span.setStatus(SpanStatus(code: .error, message: "first"))
        span.setStatus(SpanStatus(code: .ok, message: "fine"))
        span.setStatus(SpanStatus(code: .error))
      }
      withSpan("c") { _ in }
    }
    let status = Dictionary(uniqueKeysWithValues: spans.map { ($0.name, ($0.statusCode, $0.statusMessage)) })
    #expect(status["a"].map { $0 == (.error, "second") } == true)
    #expect(status["b"].map { $0 == (.ok, "") } == true)
    #expect(status["c"].map { $0 == (.unset, "") } == true)
  }

  @Test("what is set on a span that has ended is not seen, and ending it again is nothing")
  func afterTheEnd() async throws {
    let spans = try await recorded { tracing in
      let span = tracing.tracer.startSpan("a")
      #expect(span.isRecording)
      span.end()
      #expect(!span.isRecording)
      span.attributes["late"] = true
      span.operationName = "late"
      span.addEvent("late")
      span.end()
    }
    #expect(spans.map(\.name) == ["a"] && spans.first?.attributes == [:] && spans.first?.events == [])
  }

  @Test("a clock that was set back does not make a span end before it began")
  func clock() async throws {
    let spans = try await recorded { tracing in
      let late = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 2000)
      let early = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 1000)
      tracing.tracer.startSpan("a", at: late).end(at: early)
    }
    #expect(spans.first?.startTimeUnixNano == 2000 && spans.first?.endTimeUnixNano == 2000)
  }

  @Test("the context of a span holds it, also for a tracer that looks it up, and what it was started with")
  func context() async throws {
    try await withTestTracing(.withoutRules) { tracing in
      var base = InstrumentationContext.topLevel
      base[TenantKey.self] = "t-1"
      let span = tracing.tracer.startSpan("a", context: base)
      #expect(span.context.spanContext == span.spanContext && span.context[TenantKey.self] == "t-1")
      #expect(tracing.tracer.activeSpan(identifiedBy: span.context) === span)
      span.end()
      #expect(span.context.spanContext == span.spanContext && span.context[TenantKey.self] == "t-1")
      #expect(tracing.tracer.activeSpan(identifiedBy: base) == nil)
    }
  }

  @Test("a chain of spans, each started in one that has ended, keeps none of them")
  func chain() async throws {
    try await withTestTracing(.withoutRules) { tracing in
      var span = tracing.tracer.startSpan("first", context: .topLevel)
      weak let first = span
      for _ in 0..<10_000 {
        let next = tracing.tracer.startSpan("next", context: span.context)
        span.end()
        span = next
      }
      #expect(first == nil)
      span.end()
    }
  }

  @Test("of what many tasks set at a time on one span nothing is lost")
  func tasks() async throws {
    let spans = try await recorded { tracing in
      let span = tracing.tracer.startSpan("a")
      await withTaskGroup(of: Void.self) { group in
        for task in 0..<8 {
          group.addTask {
            for step in 0..<15 {
              span.attributes["\(task).\(step)"] = step
              span.addEvent(Tracing.SpanEvent(name: "\(task).\(step)"))
            }
          }
        }
      }
      span.end()
    }
    #expect(spans.first?.attributes.count == 120 && spans.first?.events.count == 120)
  }

  @Test("a function that is handed the attributes and turns to the same span for more neither stops nor ends the app")
  func overlap() async throws {
    func enrich(_ attributes: inout SpanAttributes, _ span: HostSpan) {
      attributes["before"] = 1
      span.attributes["inside"] = 2
      span.end()
      attributes["after"] = 3
    }
    let spans = try await recorded { tracing in
      let span = tracing.tracer.startSpan("a")
      enrich(&span.attributes, span)
    }
    #expect(spans.map(\.name) == ["a"])
  }

  /// Runs without rules, and gives back the spans.
  private func recorded(_ body: (TestTracing) async throws -> Void) async throws -> [FinishedSpan] {
    try await withTestTracing(.withoutRules) { tracing in
      try await body(tracing)
      return await tracing.finishedSpans()
    }
  }

  private struct Refused: Error, CustomStringConvertible {
    var reason: String
    var description: String { reason }
  }

  private enum TenantKey: InstrumentationContextKey {
    typealias Value = String
  }
}

extension TracingBackend.Configuration {
  /// Spans come out as they were made.
  static var withoutRules: TracingBackend.Configuration {
    var configuration = TracingBackend.Configuration()
    configuration.rules = .none
    return configuration
  }
}
