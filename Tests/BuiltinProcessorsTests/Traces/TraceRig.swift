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
    sampling: ConsistentProbabilitySampler.Mode = .equalizing, rules: RuleDirectory = RuleDirectory(),
    _ processors: [any TraceProcessor] = []
  ) throws {
    var loader = RuleSetLoader(rules, natives: .builtin(samplingMode: sampling))
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
