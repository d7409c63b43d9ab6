internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Requests on their way in")
struct SpanIntakeTests {
  /// An exporter that never answers, so that what is inside stays there.
  private struct Stuck: SpanExporter {
    let name = "stuck"

    func export(_ batch: ExportBatch) async -> ExportOutcome {
      try? await Task.sleep(for: .seconds(3600))
      return .retry("cancelled")
    }
  }

  private func request(_ spans: Int, size: Int = 20) -> [UInt8] {
    let span = SpanBytes.span("s", SpanBytes.attribute("text", String(repeating: "x", count: size)))
    return SpanBytes.resource([], spans: Array(repeating: span, count: spans))
  }

  private func makeIntake(
    _ limits: SpanQueue.Limits = SpanQueue.Limits(batchSize: 10, spans: 20), isRequired: Bool = true
  ) throws -> (SpanIntake, SpanQueue, ExportQueue) {
    let exporter = ExportQueue(Stuck(), isRequired: isRequired, limits: .init(spans: limits.spans, bytes: limits.bytes))
    let queue = SpanQueue([exporter], limits: limits)
    let host = try SpanProcessorHost(.init(hide: HidePolicy([HideStep(.names(["text"]))])))
    return (SpanIntake(host: host, queue: queue), queue, exporter)
  }

  @Test("are accepted while the queue is below its limit, and one may overshoot it")
  func overshoot() async throws {
    let (intake, queue, exporter) = try makeIntake()
    #expect(await intake.accept(request(19), format: .protobuf) == .accepted(refusedSpans: 0, reason: nil))
    #expect(intake.refusal == nil)
    #expect(await intake.accept(request(100), format: .protobuf) == .accepted(refusedSpans: 0, reason: nil))
    #expect(intake.refusal == .full(retryAfter: .seconds(1)))
    #expect(await intake.accept(request(1), format: .protobuf) == .full(retryAfter: .seconds(1)))
    #expect(exporter.account.inside == 110 && queue.gathered.spans == 9)
    #expect(intake.account.acceptedSpans == 119 && intake.account.pushedBackRequests == 1)
  }

  @Test("that come together never overshoot by more than one of them")
  func together() async throws {
    let (intake, queue, exporter) = try makeIntake()
    let body = request(15)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<40 { group.addTask { _ = await intake.accept(body, format: .protobuf) } }
    }
    let inside = exporter.account.inside + queue.gathered.spans
    #expect(inside == intake.account.acceptedSpans)
    #expect(inside >= 20 && inside < 20 + 15)
  }

  @Test("are bounded by bytes as well")
  func bytes() async throws {
    let (intake, _, _) = try makeIntake(SpanQueue.Limits(batchSize: 1000, spans: 100_000, bytes: 2000))
    // What counts is what is inside: a value that was hidden takes no room any more.
    #expect(await intake.accept(request(1, size: 3000), format: .protobuf) == .accepted(refusedSpans: 0, reason: nil))
    #expect(intake.refusal == nil)
    #expect(await intake.accept(request(80), format: .protobuf) == .accepted(refusedSpans: 0, reason: nil))
    #expect(await intake.accept(request(1), format: .protobuf) == .full(retryAfter: .seconds(1)))
  }

  @Test("do not wait for exporters that are not required")
  func optionalExporter() async throws {
    let (intake, _, exporter) = try makeIntake(isRequired: false)
    for _ in 0..<10 {
      #expect(await intake.accept(request(10), format: .protobuf) == .accepted(refusedSpans: 0, reason: nil))
    }
    let account = exporter.account
    #expect(account.received == 100 && account.inside == 20 && account.lost == [.queueFull: 80] && account.isBalanced)
  }

  @Test("of which nothing can be read are told apart from those that can in part")
  func malformed() async throws {
    let (intake, queue, _) = try makeIntake()
    guard case .malformed(let reason) = await intake.accept([0x0A, 0xFF], format: .protobuf) else {
      Issue.record("it was accepted")
      return
    }
    #expect(reason.contains("offset"))
    let bad = Proto.bytes(1, [1, 2, 3])
    let mixed = SpanBytes.resource([], spans: [SpanBytes.span("good"), bad])
    guard case .accepted(let refused, let why) = await intake.accept(mixed, format: .protobuf) else {
      Issue.record("it was not accepted")
      return
    }
    #expect(refused == 1 && why?.contains("offset") == true)
    guard case .malformed = await intake.accept(Array("{]".utf8), format: .json) else {
      Issue.record("it was accepted")
      return
    }
    #expect(
      await intake.accept(Array("{\"resourceSpans\":[]}".utf8), format: .json)
        == .accepted(refusedSpans: 0, reason: nil))
    #expect(queue.gathered.spans == 1)
    #expect(intake.account.malformedRequests == 2 && intake.account.acceptedRequests == 2)
    #expect(intake.account.refusedSpans >= 1)
  }

  @Test("leave room behind when they were refused")
  func roomAgain() async throws {
    let (intake, _, _) = try makeIntake()
    for _ in 0..<50 { _ = await intake.accept([0x0A, 0x05, 0xFF], format: .protobuf) }
    #expect(intake.refusal == nil)
  }

  @Test("are refused once the intake is closed")
  func closed() async throws {
    let (intake, _, _) = try makeIntake()
    intake.close()
    #expect(intake.refusal == .closed)
    #expect(await intake.accept(request(1), format: .protobuf) == .closed)
  }

  @Test("are hidden in before they are in the queue")
  func hidden() async throws {
    let collector = Collector()
    let exporter = ExportQueue(collector, isRequired: true)
    let queue = SpanQueue([exporter], limits: .init(batchSize: 5))
    let host = try SpanProcessorHost(.init(hide: HidePolicy([HideStep(.names(["text"]))])))
    let intake = SpanIntake(host: host, queue: queue)
    async let running: Void = queue.run()
    _ = await intake.accept(request(13), format: .protobuf)
    queue.close()
    await running
    let requests = await collector.requests
    #expect(requests.map(\.spanCount).sorted() == [3, 5, 5])
    #expect(requests.allSatisfy { $0.request.firstRange(of: Array("xxx".utf8)) == nil })
    #expect(exporter.account.exported == 13 && exporter.account.isBalanced && exporter.account.inside == 0)
    #expect(exporter.account.insideBytes == 0)
  }

  private actor Collector: SpanExporter {
    nonisolated let name = "collector"
    private(set) var requests: [ExportBatch] = []

    func export(_ batch: ExportBatch) async -> ExportOutcome {
      requests.append(batch)
      return .exported
    }
  }
}
