internal import Logging
internal import ProcessorHost
internal import ProcessorHostTracing
internal import ServiceLifecycle
internal import Testing

@Suite("Traces that are held when the app ends")
struct HeldAtTheEndTests {
  @Test("all of them are decided and sent, those whose root has not ended, too", arguments: [true, false])
  func decided(isGraceful: Bool) async throws {
    let exporter = InMemoryExporter()
    let (tracer, service) = try make(exporter)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(services: [service], logger: Self.silent))
    let running = Task { try await group.run() }
    let open = (0..<100).map { tracer.start("\($0)") }
    for root in open { tracer.start("child", under: root).end(atSecond: 2) }
    #expect(await service.forceFlush())
    #expect(await service.account().held == 100)
    // These are not yet held.
    for root in open.prefix(50) { root.end(atSecond: 3) }
    if isGraceful { await group.triggerGracefulShutdown() } else { running.cancel() }
    try? await running.value
    #expect(exporter.spans.count == 150)
    #expect(exporter.spans.allSatisfy { $0.attributes.first?.value == true })
    open.last?.end(atSecond: 4)
    let account = await service.account()
    #expect(account.droppedAfterShutdown == 1 && account.ended == 151 && account.held == 0)
    #expect(account.processed.isBalanced && account.processed.emitted == 150)
    #expect(account.traces.decided == [.shutdown: 100])
    #expect(account.exporters.values.allSatisfy { $0.exported == 150 && $0.isBalanced })
  }

  @Test("a backend that stalls holds the end up for the time limit; what could not be decided is counted as held")
  func timeout() async throws {
    let (tracer, service) = try make(GatedExporter(), queue: 100, shutdownTimeout: .milliseconds(50))
    let running = Task { try await service.run() }
    for _ in 0..<20 {
      for _ in 0..<50 { tracer.start("child", under: tracer.start("open")).end(atSecond: 2) }
      #expect(await service.forceFlush())
    }
    #expect(await service.account().held == 1000)
    running.cancel()
    try? await running.value
    let account = await service.account()
    let exporter = try #require(account.exporters["gated"])
    // Some are decided before the queue is full, as far as there was time for it.
    let lost = exporter.lost[.shutdown] ?? 0
    #expect(account.held > 0 && account.held + lost == 1000 && account.ended == 1000)
    #expect(account.processed.isBalanced && exporter.isBalanced && exporter.inside == 0)
  }

  @Test("a force flush and the end do not wait for a batch to become full", arguments: [true, false])
  func batchUnderConstruction(isFlushed: Bool) async throws {
    let exporter = GatedExporter(isOpen: true)
    let (tracer, service) = try make(exporter, queue: 600, maxTraces: 1)
    let running = Task { try await service.run() }
    let first = tracer.start("first")
    for _ in 0..<400 { tracer.start("child", under: first).end(atSecond: 2) }
    #expect(await service.forceFlush())
    // The first trace is decided early, and takes up more than half of the queue, and less than a batch.
    tracer.start("second").end(atSecond: 2)
    if isFlushed { #expect(await service.forceFlush() && exporter.spans == 401) }
    running.cancel()
    try? await running.value
    #expect(exporter.spans == 401)
    #expect(await service.account().traces.decided[.earlyTraces] == 1)
  }

  @Test("while a backend stalls, decided traces leave room in the queue for the spans that end now")
  func roomForOthers() async throws {
    let exporter = GatedExporter()
    let (tracer, service) = try make(exporter, queue: 2000)
    let running = Task { try await service.run() }
    let roots = (0..<3).map { _ in tracer.start("root") }
    for root in roots {
      for _ in 0..<1000 { tracer.start("child", under: root).end(atSecond: 2) }
      #expect(await service.forceFlush())
    }
    for root in roots { root.end(atSecond: 3) }
    // One trace takes up half of the queue; the others wait where they are held.
    repeat { await service.forceFlush(within: .milliseconds(50)) } while await service.account().held > 2002
    #expect(await service.account().held == 2002)
    // The inbox asks for the room that there is.
    await service.forceFlush(within: .milliseconds(50))
    for _ in 0..<500 { tracer.start("now").end(atSecond: 2) }
    #expect(await service.account().droppedByFullQueue == 0)
    exporter.open()
    #expect(await service.forceFlush())
    #expect(exporter.spans == 3503)
    running.cancel()
    try? await running.value
  }

  @Test("of what many tasks end at a time each span is counted once, wherever it is")
  func balance() async throws {
    let exporter = InMemoryExporter()
    let (tracer, service) = try make(exporter, queue: 500)
    let running = Task { try await service.run() }
    let (tasks, traces) = (8, 200)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<tasks {
        group.addTask {
          for number in 0..<traces {
            let root = tracer.start("root")
            for _ in 0..<3 { tracer.start("child", under: root).end(atSecond: 2) }
            // Every fourth never ends.
            if number % 4 != 0 { root.end(atSecond: 3) }
            if number % 50 == 0 {
              await service.forceFlush()
              let account = await service.account()
              #expect(account.processed.isBalanced && account.held >= 0)
            }
          }
        }
      }
    }
    running.cancel()
    try? await running.value
    let account = await service.account()
    #expect(account.ended == tasks * traces * 3 + tasks * traces * 3 / 4)
    #expect(account.held == 0 && account.waiting == 0 && account.processed.isBalanced)
    #expect(account.processed.emitted == exporter.spans.count)
    #expect(account.ended == exporter.spans.count + account.dropped)
    #expect(exporter.spans.allSatisfy { $0.attributes.first?.value == true })
  }

  private static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

  private func make(
    _ exporter: any SpanExporter, queue: Int = 2048, maxTraces: Int = 100_000, shutdownTimeout: Duration = .seconds(10)
  ) throws -> (tracer: HostTracer, service: TracingService) {
    var configuration = TracingBackend.Configuration.tagging
    configuration.exporter = .custom(exporter)
    configuration.queue.maxQueueSize = queue
    configuration.queue.maxExportBatchSize = min(512, queue)
    configuration.queue.scheduleDelay = .seconds(3600)
    configuration.traces.maxTraces = maxTraces
    configuration.shutdownTimeout = shutdownTimeout
    return try TracingBackend.make(configuration, environment: [:], logger: Self.silent)
  }
}
