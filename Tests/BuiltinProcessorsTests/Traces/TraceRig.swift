internal import BuiltinProcessors
internal import ProcessorHost

/// What holds traces and what decides them, as one shard has them, with the test's own time.
final class TraceRig {
  let holder: any TraceHolder
  let pipeline: TracePipeline
  private let routing: TraceRouting
  /// What came in, as a lane counts it.
  private var lane = SpanLedger()
  /// What has left.
  private(set) var emitted: [PlainSpan] = []

  init(
    _ limits: TraceLimits = TraceLimits(), ruleSet: Int = 1, hide: [HideStep] = [],
    sampling: ConsistentProbabilitySampler.Mode = .equalizing, _ processors: [any TraceProcessor] = []
  ) throws {
    var loader = RuleSetLoader(RuleDirectory(), natives: .builtin(samplingMode: sampling))
    loader.traceProcessors = processors
    loader.hide = HidePolicy(hide)
    let set = try Lane().runAndWait { [loader] in try loader.load() }
    holder = BuiltinTraces().makeHolder(limits)
    pipeline = try set.makeTracePipeline(RuleSetNumber(ruleSet))
    routing = TraceRouting(endsWithLocalRoot: limits.endsWithLocalRoot)
  }

  var figures: TraceFigures { holder.figures }

  /// The account of lane and shard together.
  var ledger: SpanLedger {
    var sum = lane
    sum += pipeline.ledger
    return sum
  }

  func add(_ spans: [PlainSpan], at now: UInt64 = 0, ruleSet: Int = 1) {
    let request = spans.flatMap { $0.encodedRequest() }
    for arrival in routing.arrivals(of: Door().admit(request).takeBatch(), RuleSetNumber(ruleSet)) {
      holder.add(arrival, at: now, pipeline)
    }
    lane.received += spans.count
    lane.held += spans.count
    take()
  }

  func advance(to now: UInt64) {
    holder.advance(to: now, pipeline)
    take()
  }

  func end() {
    holder.decideAll(.shutdown, pipeline)
    take()
  }

  private func take() { emitted += PlainSpan.all(in: pipeline.takeBatch()) }
}

extension UInt64 {
  /// So many seconds in nanoseconds.
  static func seconds(_ count: Double) -> UInt64 { UInt64(count * 1_000_000_000) }
}

extension PlainSpan {
  /// A span of a trace that a number stands for.
  static func of(
    trace: UInt64, id: UInt64, parent: UInt64? = nil, start: UInt64 = 1_000, end: UInt64 = 2_000,
    attributes: [AttributeValue.Entry] = [], service: String = "shop"
  ) -> PlainSpan {
    var span = PlainSpan()
    // Spread, as the randomness of real ids is in their last bytes.
    var generator = IDGenerator(state: trace)
    span.traceID = TraceID(high: trace, low: generator.next())
    span.spanID = SpanID(id)
    span.parentSpanID = parent.map { SpanID($0) }
    span.name = "span \(id)"
    span.startTimeUnixNano = start
    span.endTimeUnixNano = end
    span.attributes = attributes
    span.resource = [AttributeValue.Entry("service.name", .string(service))]
    span.scopeName = "test"
    return span
  }
}

/// Makes the low half of a trace id out of a number.
private struct IDGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    var value = (state &+ 1) &* 0x9e37_79b9_7f4a_7c15
    value = (value ^ (value >> 31)) &* 0xd6e8_feb8_6659_fd93
    return value ^ (value >> 32)
  }
}
