internal import BuiltinProcessors
internal import ProcessorHost
internal import TestSupport
internal import Testing

/// What holds for any order in which spans come.
struct TracePropertyTests {
  /// Decides by the id alone, so that one knows what has to become of a trace.
  private static func deciding(_ noted: Noted<[TraceID]>) -> ClosureTraceProcessor {
    ClosureTraceProcessor("deciding") { trace in
      let id = trace.traceID
      noted.change { $0.append(id) }
      switch id.low % 4 {
      case 0: trace.drop("unwanted")
      case 1: trace.sample(0.5, "ratio")
      case 2:
        trace.keep("wanted")
        trace.set("wanted", true)
      default: break
      }
    }
  }

  private static func keeps(_ id: TraceID) -> Bool {
    switch id.low % 4 {
    case 0: false
    case 1: id.low & (1 << 56 - 1) >= 1 << 55
    default: true
    }
  }

  @Test(arguments: 0..<20)
  func everySpanIsDecidedOnceAndEachTraceAsAWhole(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let limits = TraceLimits()
    let decided = Noted<[TraceID]>([])
    let rig = try TraceRig(limits, [Self.deciding(decided)])
    var model = TraceModel(wait: .seconds(30), grace: .seconds(2), keeps: Self.keeps)
    let batches = TraceTraffic().batches(&generator)
    for batch in batches {
      rig.add(batch.spans, at: batch.now)
      model.advance(to: batch.now)
      for span in batch.spans { model.add(span, at: batch.now) }
      #expect(rig.figures.heldSpans == model.heldSpans)
      #expect(rig.ledger.held == model.heldSpans)
      #expect(rig.ledger.isBalanced)
      // Those that came in one batch have the same age, and may be due in any order.
      #expect(Set(decided.value) == Set(model.order))
    }
    rig.end()
    model.end()
    var left: [TraceModel.Left: Int] = [:]
    for span in rig.emitted {
      left[TraceModel.Left(trace: span.traceID, span: span.spanID.value), default: 0] += 1
      #expect((span.attributes.first?.value == true) == (span.traceID.low % 4 == 2))
    }
    #expect(left == model.left)
    #expect(decided.value.count == 200)
    #expect(rig.figures.lateKept + rig.figures.lateDropped == model.late)
    #expect(rig.ledger.received == batches.reduce(0) { $0 + $1.spans.count })
    #expect(rig.ledger.isBalanced && rig.ledger.held == 0)
  }

  @Test(arguments: 0..<5)
  func memoryStaysUnderItsCapAtTenTimesTheLoad(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    // Room for some 200 spans, and there are 2,000 at a time.
    let limits = TraceLimits(bytes: 256 << 10, traces: 500, spansPerTrace: 10, decisions: 5_000)
    let decided = Noted<[TraceID]>([])
    let rig = try TraceRig(limits, [Self.deciding(decided)])
    let batches = TraceTraffic(traces: 600, duration: .seconds(1), ballast: 1_000).batches(&generator)
    for batch in batches {
      rig.add(batch.spans, at: batch.now)
      let figures = rig.figures
      // The index over what is held: some 128 bytes a trace.
      #expect(figures.heldBytes <= limits.bytes + 128 * 500)
      #expect(figures.heldTraces <= 500)
      // Slabs are a MiB each, and a remembered decision is 32 bytes at most.
      #expect(figures.reservedBytes <= 1 << 20 + limits.bytes + 128 * 500 + 10_000 * 32)
    }
    rig.end()
    #expect(rig.figures.decided[.earlyMemory] ?? 0 > 300)
    #expect(rig.figures.decided.values.reduce(0, +) == 600)
    let kept = Set(rig.emitted.map(\.traceID))
    #expect(kept.allSatisfy(Self.keeps))
    #expect(rig.ledger.emitted == rig.emitted.count)
    let expected = batches.flatMap(\.spans).count { Self.keeps($0.traceID) }
    #expect(rig.emitted.count == expected)
    #expect(rig.ledger.isBalanced && rig.ledger.held == 0)
  }

  @Test func theOldestGoFirstWhereThereAreTooManyTraces() throws {
    let rig = try TraceRig(TraceLimits(traces: 10))
    for trace in 0..<25 { rig.add([.of(trace: UInt64(trace), id: 1, parent: 9)], at: UInt64(trace)) }
    #expect(rig.emitted.map(\.traceID.high) == Array(0..<15))
    #expect(rig.figures.decided == [.earlyTraces: 15])
    #expect(rig.figures.heldTraces == 10)
  }

  @Test func aTraceThatHasAsManySpansAsItMayIsDecidedAndTheRestIsLate() throws {
    let rig = try TraceRig(TraceLimits(spansPerTrace: 10))
    rig.add((1...25).map { .of(trace: 1, id: $0, parent: 99) })
    #expect(rig.emitted.map(\.spanID.value) == Array(1...25))
    #expect(rig.figures.decided == [.earlySpans: 1])
    #expect(rig.figures.lateKept == 15)
  }

  @Test func oneSpanIsTakenHoweverLarge() throws {
    let rig = try TraceRig(TraceLimits(bytes: 10_000))
    let large = [AttributeValue.Entry("large", .string(String(repeating: "x", count: 100_000)))]
    rig.add([.of(trace: 1, id: 1, attributes: large)])
    rig.add([.of(trace: 2, id: 1, attributes: large)])
    #expect(rig.emitted.map(\.traceID.high) == [1])
    rig.end()
    #expect(rig.emitted.count == 2)
  }

  @Test(arguments: [200, 1_200, 3_000])
  func holdingCostsItsBytesAndLittleMore(_ ballast: Int) throws {
    let rig = try TraceRig()
    let text = String(repeating: "x", count: ballast)
    var encoded = 0
    for trace in 0..<2_000 {
      let spans = (1...20).map { index in
        PlainSpan.of(
          trace: UInt64(trace), id: index, parent: index == 1 ? nil : 1,
          attributes: [AttributeValue.Entry("ballast", .string(text))])
      }
      for span in spans {
        let bytes = WireBuffer()
        span.encode(into: bytes)
        encoded += bytes.count
      }
      rig.add(spans)
    }
    #expect(rig.figures.heldSpans == 40_000)
    #expect(rig.figures.reservedBytes <= encoded * 6 / 5 + 64 * 40_000)
    rig.end()
    // Afterwards one slab is left, and what is remembered.
    #expect(rig.figures.heldBytes < 100_000)
    #expect(rig.figures.reservedBytes < 2 << 20)
  }
}
