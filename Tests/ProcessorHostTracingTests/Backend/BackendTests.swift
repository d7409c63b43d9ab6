internal import Foundation
internal import Logging
internal import ProcessorHost
internal import ProcessorHostTestSupport
internal import ProcessorHostTracing
internal import ServiceLifecycle
internal import Testing
internal import Tracing

@Suite("Tracing backend")
struct BackendTests {
  @Test("without any configuration secrets are hidden, and the scope says by which rules")
  func standardRules() async throws {
    let spans = try await withTestTracing { tracing in
      withSpan("login") { span in
        span.attributes["password"] = "hunter2"
        span.attributes["note"] = "mail me at ann@example.com"
      }
      return await tracing.finishedSpans()
    }
    #expect(spans.first?.attributes == ["password": "[REDACTED]", "note": "mail me at [REDACTED]"])
    #expect(spans.first?.scope["processor_host.rules.digest"] != nil)
  }

  @Test("a broken rule keeps the backend from being made")
  func brokenRule() {
    var configuration = TracingBackend.Configuration()
    configuration.rules = .inMemory(
      RuleDirectory(rules: [RuleSource(file: "redact.lua", text: "return rule { about = 'x', hyde = {} }")]))
    #expect(throws: RuleErrors.self) { try TracingBackend.make(configuration, environment: [:]) }
  }

  @Test("a service that was never run holds what the queue holds, and counts what it drops")
  func neverRun() async throws {
    let (tracer, service) = try make(GatedExporter(), queue: 100)
    for _ in 0..<50_000 { tracer.startSpan("a").end() }
    let account = await service.account()
    #expect(account.waiting == 100 && account.droppedByFullQueue == 49_900 && account.processed.received == 0)
    #expect(account.ended == 50_000 && account.dropped == 49_900)
  }

  @Test(
    "a backend that stalls costs memory up to the queue's limit; what is dropped is counted, and nothing else is lost")
  func stalledBackend() async throws {
    let exporter = GatedExporter()
    let (tracer, service) = try make(exporter, queue: 1000, batch: 100)
    let running = Task { try await service.run() }
    for _ in 0..<50_000 { tracer.startSpan("a").end() }
    // Whatever could be brought on has been; the exporter has taken nothing.
    while await service.account().exporters["gated"]?.inside ?? 0 == 0 { try await Task.sleep(for: .milliseconds(2)) }
    var account = await service.account()
    let inside = account.exporters["gated"]?.inside ?? 0
    // One drain may have been on its way when the limit was asked for.
    #expect(account.waiting + inside <= 2000)
    exporter.open()
    #expect(await service.forceFlush())
    account = await service.account()
    #expect(account.droppedByFullQueue > 0)
    #expect(exporter.spans + account.droppedByFullQueue == 50_000)
    #expect(account.waiting == 0 && account.processed.isBalanced)
    running.cancel()
    try? await running.value
  }

  @Test("force flush waits for what had ended before it, and not for what ends later")
  func forceFlush() async throws {
    let exporter = GatedExporter()
    let (tracer, service) = try make(exporter)
    let running = Task { try await service.run() }
    for _ in 0..<10 { tracer.startSpan("before").end() }
    let flush = Task { await service.forceFlush() }
    while await service.account().exporters["gated"]?.inside ?? 0 < 10 { try await Task.sleep(for: .milliseconds(2)) }
    tracer.startSpan("after").end()
    exporter.open()
    #expect(await flush.value)
    #expect(exporter.spans == 10)
    #expect(await service.account().waiting == 1)
    running.cancel()
    try? await running.value
    #expect(exporter.spans == 11)
  }

  @Test("force flush gives up when its time is over, and says so")
  func forceFlushTimeout() async throws {
    let exporter = GatedExporter()
    let (tracer, service) = try make(exporter)
    let running = Task { try await service.run() }
    tracer.startSpan("a").end()
    #expect(await !service.forceFlush(within: .milliseconds(20)))
    exporter.open()
    running.cancel()
    try? await running.value
  }

  @Test("when it is told to end, the service first sends what has ended", arguments: [true, false])
  func shutdown(isGraceful: Bool) async throws {
    let exporter = GatedExporter(isOpen: true)
    let (tracer, service) = try make(exporter)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [service], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    let running = Task { try await group.run() }
    for _ in 0..<10 { tracer.startSpan("a").end() }
    #expect(await service.forceFlush())
    for _ in 0..<5 { tracer.startSpan("a").end() }
    if isGraceful { await group.triggerGracefulShutdown() } else { running.cancel() }
    try? await running.value
    #expect(exporter.spans == 15)
    tracer.startSpan("late").end()
    #expect(await service.account().droppedAfterShutdown == 1)
  }

  @Test("a backend that stalls holds the end up for the time limit and no longer; what is left is counted as lost")
  func shutdownTimeout() async throws {
    let (tracer, service) = try make(GatedExporter(), shutdownTimeout: .milliseconds(50))
    let running = Task { try await service.run() }
    for _ in 0..<10 { tracer.startSpan("a").end() }
    await service.forceFlush(within: .milliseconds(20))
    running.cancel()
    try? await running.value
    let account = try #require(await service.account().exporters["gated"])
    #expect(account.lost == [.shutdown: 10] && account.isBalanced && account.inside == 0)
  }

  @Test("spans of a sampler that drops are not recorded, and their context still travels")
  func unsampled() async throws {
    var configuration = TracingBackend.Configuration.withoutRules
    configuration.sampler = AlwaysOffSampler()
    try await withTestTracing(configuration) { tracing in
      withSpan("a") { span in
        #expect(!span.isRecording)
        span.attributes["a"] = 1
        let context = span.context.spanContext
        #expect(context?.isValid == true && context?.isSampled == false)
        withSpan("b") { #expect($0.context.spanContext?.traceID == context?.traceID) }
      }
      #expect(await tracing.finishedSpans().isEmpty)
      #expect(await tracing.service.account().processed.received == 0)
    }
  }

  @Test("spans that a sampler only records reach live processors, and no exporter")
  func recordOnly() async throws {
    let started = StartedNames()
    var configuration = TracingBackend.Configuration.withoutRules
    configuration.sampler = RecordOnlySampler()
    configuration.processors = [started]
    try await withTestTracing(configuration) { tracing in
      withSpan("a") { #expect($0.isRecording) }
      #expect(await tracing.finishedSpans().isEmpty)
    }
    #expect(started.names == ["a"])
  }

  @Test("where tracing is switched off nothing is recorded, and a caller's context is passed on as it came")
  func disabled() async throws {
    var configuration = TracingBackend.Configuration()
    configuration.isEnabled = false
    let (tracer, service) = try TracingBackend.make(configuration, environment: [:])
    var context = InstrumentationContext.topLevel
    let caller = SpanContext(
      traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), traceFlags: .sampled, isRemote: true)
    context.spanContext = caller
    let span = tracer.startSpan("a", context: context)
    #expect(!span.isRecording && span.context.spanContext == caller)
    span.end()
    #expect(await service.account() == (try TracingBackend.make(configuration, environment: [:])).service.account())
  }

  @Test("processors see spans when they start and before they end, closures too, and rules run with them")
  func processors() async throws {
    var configuration = TracingBackend.Configuration()
    configuration.processors = [
      TenantProcessor(),
      ClosureProcessor("count") { span in span[attribute: "attribute.count"] = .int(Int64(span.attributes.count)) },
    ]
    let spans = try await withTestTracing(configuration) { tracing in
      withSpan("a") { $0.attributes["api_key"] = "made up" }
      return await tracing.finishedSpans()
    }
    #expect(spans.first?.attributes == ["api_key": "[REDACTED]", "tenant": "t-1", "attribute.count": 2])
  }

  @Test("an edit of the rules takes effect while the app runs, and one that is broken does not")
  func edits() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ name: String) throws {
      let rule = "return rule { about = 'Hides.', hide = { match.names { '\(name)' } } }"
      try Data(rule.utf8).write(to: folder.appending(path: "redact.lua"), options: .atomic)
    }
    try write("first")
    try Data("return chain { api = 1, 'redact' }".utf8).write(to: folder.appending(path: "chain.lua"))
    var configuration = TracingBackend.Configuration()
    configuration.rules = .directory(folder.path, watchInterval: .milliseconds(20))
    try await withTestTracing(configuration) { tracing in
      func hidden() async throws -> [String] {
        await tracing.reset()
        withSpan("a") { $0.attributes = ["first": 1, "second": 2] }
        let span = try #require(await tracing.finishedSpans().first)
        return span.attributes.filter { $0.value == "[REDACTED]" }.map(\.key)
      }
      #expect(try await hidden() == ["first"])
      let before = tracing.service.rulesDigest
      try write("second")
      while try await hidden() != ["second"] { try await Task.sleep(for: .milliseconds(10)) }
      let after = tracing.service.rulesDigest
      #expect(before != nil && before != after)
      #expect(await tracing.finishedSpans().first?.scope["processor_host.rules.digest"] == after.map { .string($0) })
      try Data("return rule {".utf8).write(to: folder.appending(path: "redact.lua"), options: .atomic)
      try await Task.sleep(for: .milliseconds(300))
      #expect(try await hidden() == ["second"])
    }
  }

  private func make(
    _ exporter: any SpanExporter, queue: Int = 2048, batch: Int = 512, shutdownTimeout: Duration = .seconds(10)
  ) throws -> (tracer: HostTracer, service: TracingService) {
    var configuration = TracingBackend.Configuration.withoutRules
    configuration.exporter = .custom(exporter)
    configuration.queue.maxQueueSize = queue
    configuration.queue.maxExportBatchSize = min(batch, queue)
    configuration.queue.scheduleDelay = .seconds(3600)
    configuration.shutdownTimeout = shutdownTimeout
    return try TracingBackend.make(
      configuration, environment: [:], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }
}

/// Records everything, samples nothing.
private struct RecordOnlySampler: Sampler {
  var description: String { "RecordOnly" }

  func shouldSample(
    parent: SpanContext?, traceID: TraceID, name: String, kind: Tracing.SpanKind, attributes: SpanAttributes
  ) -> SamplingResult { SamplingResult(.recordOnly) }
}

private struct TenantProcessor: LiveSpanProcessor {
  let name = "tenant"

  func onStart(_ span: HostSpan, parentContext: InstrumentationContext) { span.attributes["tenant"] = "t-1" }
}
