internal import Foundation
internal import ProcessorHost
internal import ProcessorHostTestSupport
internal import ProcessorHostTracing
internal import Testing
internal import Tracing

@Suite("Rules for whole traces, in an app")
struct WholeTraceTests {
  @Test("a trace that is slow only by waiting in a queue is tagged on each of its spans")
  func waitingInAQueue() async throws {
    var configuration = TracingBackend.Configuration()
    configuration.ruleSettings = ["slow_trace": ["whole_trace": "true", "threshold": "60s"]]
    try await withTestTracing(configuration) { tracing in
      let request = tracing.tracer.start("POST /tickets", at: 100)
      let enqueue = tracing.tracer.start("enqueue", under: request, at: 100)
      enqueue.end(atSecond: 101)
      request.end(atSecond: 102)
      // It takes up what was enqueued long ago.
      let work = tracing.tracer.start("process ticket", under: enqueue, at: 170)
      work.end(atSecond: 171)
      tracing.tracer.start("GET /tickets", at: 100).end(atSecond: 103)
      let spans = await tracing.finishedSpans()
      #expect(spans.map(\.name) == ["enqueue", "POST /tickets", "GET /tickets", "process ticket"])
      #expect(spans.map { $0.attributes["slow_trace"] } == [true, true, nil, true])
      #expect(spans.first { $0.name == "POST /tickets" }?.attributes["slow_trace_span"] != nil)
    }
  }

  @Test("a trace is kept or dropped as a whole, whatever its single spans are")
  func wholly() async throws {
    let configuration = TracingBackend.Configuration.traceRule(
      "if trace.error_count > 0 then trace:keep 'error' else trace:drop 'fine' end",
      can: "read = { 'trace.error_count' }, sample = { 'error' }, drop = { 'fine' }")
    try await withTestTracing(configuration) { tracing in
      for name in ["fine", "failed"] {
        let root = tracing.tracer.start(name)
        let child = tracing.tracer.start(name, under: root)
        if name == "failed" { child.setStatus(SpanStatus(code: .error)) }
        child.end(atSecond: 2)
        tracing.tracer.start(name, under: root).end(atSecond: 2)
        root.end(atSecond: 3)
      }
      #expect(await tracing.finishedSpans().map(\.name) == ["failed", "failed", "failed"])
      let account = await tracing.service.account()
      #expect(account.processed.dropped == ["fine": 3] && account.processed.isBalanced && account.held == 0)
    }
  }

  @Test("a force flush decides the traces whose root has ended, and holds the others on")
  func forceFlush() async throws {
    try await withTestTracing(.tagging) { tracing in
      let open = tracing.tracer.start("open")
      tracing.tracer.start("child of open", under: open).end(atSecond: 2)
      let ended = tracing.tracer.start("ended")
      tracing.tracer.start("child of ended", under: ended).end(atSecond: 2)
      ended.end(atSecond: 3)
      var spans = await tracing.finishedSpans()
      #expect(spans.map(\.name) == ["child of ended", "ended"])
      #expect(spans.allSatisfy { $0.attributes["tagged"] == true })
      var account = await tracing.service.account()
      #expect(account.held == 1 && account.traces.heldTraces == 1 && account.processed.isBalanced)
      #expect(account.ended == 3 && account.exporters.values.allSatisfy { $0.exported == 2 })
      await tracing.reset()
      // What ends later follows the decision.
      tracing.tracer.start("late", under: ended, at: 4).end(atSecond: 5)
      open.end(atSecond: 6)
      spans = await tracing.finishedSpans()
      #expect(spans.map(\.name) == ["child of open", "late", "open"])
      #expect(spans.allSatisfy { $0.attributes["tagged"] == true })
      account = await tracing.service.account()
      #expect(account.held == 0 && account.traces.lateKept == 1 && account.traces.decided == [.complete: 2])
    }
  }

  @Test(
    "a request from another service is decided when its first span here has ended, unless only roots count",
    arguments: [TracingBackend.Configuration.Traces.Root.service, .trace])
  func remoteParent(root: TracingBackend.Configuration.Traces.Root) async throws {
    var configuration = TracingBackend.Configuration.traceRule(
      "trace:set('rooted', trace.root ~= nil) trace:set('complete', trace.complete)",
      can: "read = { 'trace.complete' }, set = { rooted = 'boolean', complete = 'boolean' }")
    configuration.traces.root = root
    try await withTestTracing(configuration) { tracing in
      let entry = tracing.tracer.start("handle", from: .caller)
      tracing.tracer.start("look up", under: entry).end(atSecond: 2)
      #expect(await tracing.finishedSpans().isEmpty)
      entry.end(atSecond: 3)
      let spans = await tracing.finishedSpans()
      #expect(spans.map(\.name) == (root == .service ? ["look up", "handle"] : []))
      // Most of the trace is elsewhere, the root as well.
      for span in spans { #expect(span.attributes == ["rooted": false, "complete": false]) }
      #expect(await tracing.service.account().held == (root == .service ? 0 : 2))
    }
  }

  @Test("where no rule looks at traces nothing is held, and nothing is there that could")
  func nothingHeld() async throws {
    try await withTestTracing { tracing in
      let open = tracing.tracer.start("open")
      tracing.tracer.start("child", under: open).end(atSecond: 2)
      #expect(await tracing.finishedSpans().map(\.name) == ["child"])
      let account = await tracing.service.account()
      #expect(account.held == 0 && account.traces == TraceFigures())
      open.end(atSecond: 3)
    }
  }

  @Test("where there is no room the oldest are decided early, and counted")
  func early() async throws {
    var configuration = TracingBackend.Configuration.tagging
    configuration.traces.maxTraces = 10
    try await withTestTracing(configuration) { tracing in
      let open = (0..<50).map { tracing.tracer.start("\($0)") }
      for span in open { tracing.tracer.start("child", under: span).end(atSecond: 2) }
      #expect(await tracing.finishedSpans().count == 40)
      let account = await tracing.service.account()
      #expect(account.held == 10 && account.traces.decided == [.earlyTraces: 40] && account.processed.isBalanced)
    }
  }

  @Test("a rule that fails keeps the trace")
  func failing() async throws {
    let configuration = TracingBackend.Configuration.traceRule(
      "trace:drop 'bad' error('x')", can: "drop = { 'bad' }")
    try await withTestTracing(configuration) { tracing in
      tracing.tracer.start("a").end(atSecond: 2)
      #expect(await tracing.finishedSpans().map(\.name) == ["a"])
      #expect(await tracing.service.account().processed.failures.values.reduce(0, +) == 1)
    }
  }

  @Test("processors of whole traces written in Swift run with the rules")
  func swiftProcessor() async throws {
    var configuration = TracingBackend.Configuration()
    configuration.traceProcessors = [
      ClosureTraceProcessor("count") { trace in trace.set("trace.spans", .int(Int64(trace.spanCount))) }
    ]
    try await withTestTracing(configuration) { tracing in
      let root = tracing.tracer.start("root")
      let child = tracing.tracer.start("child", under: root)
      child.attributes["password"] = "hunter2"
      child.end(atSecond: 2)
      root.end(atSecond: 3)
      let spans = await tracing.finishedSpans()
      #expect(spans.map(\.attributes) == [["password": "[REDACTED]", "trace.spans": 2], ["trace.spans": 2]])
    }
  }

  @Test("an edit that begins to look at traces takes effect while the app runs, and so does one that ceases to")
  func edits() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ hook: String, set: String) throws {
      let rule = "return rule { about = 't', can = { set = { \(set) = 'boolean' } }, \(hook) }"
      try Data(rule.utf8).write(to: folder.appending(path: "traces.lua"), options: .atomic)
    }
    try write("on_span = function(span) span.attributes.alone = true end", set: "alone")
    try Data("return chain { api = 1, 'traces' }".utf8).write(to: folder.appending(path: "chain.lua"))
    var configuration = TracingBackend.Configuration()
    configuration.rules = .directory(folder.path, watchInterval: .milliseconds(20))
    try await withTestTracing(configuration) { tracing in
      func change(_ edit: () throws -> Void) async throws {
        let before = tracing.service.rulesDigest
        try edit()
        while tracing.service.rulesDigest == before { try await Task.sleep(for: .milliseconds(5)) }
      }
      let root = tracing.tracer.start("root")
      tracing.tracer.start("first", under: root).end(atSecond: 2)
      #expect(await tracing.finishedSpans().map(\.name) == ["first"])
      try await change { try write("on_trace = function(trace) trace:set('tagged', true) end", set: "tagged") }
      tracing.tracer.start("second", under: root).end(atSecond: 3)
      #expect(await tracing.finishedSpans().map(\.name) == ["first"])
      #expect(await tracing.service.account().held == 1)
      try await change { try write("on_span = function(span) span.attributes.again = true end", set: "again") }
      root.end(atSecond: 4)
      let spans = await tracing.finishedSpans()
      #expect(spans.map(\.attributes) == [["alone": true], [:], ["again": true]])
      let account = await tracing.service.account()
      #expect(account.held == 0 && account.traces.decided == [.rules: 1] && account.processed.isBalanced)
    }
  }
}
