internal import Synchronization

/// The threads that hold traces and decide them, made when rules first ask for whole traces.
final class TraceShards: Sendable {
  private struct State {
    var shards: [TraceShard] = []
    var output: (any TraceOutput)?
  }

  /// How often is looked for what is due.
  private static let tick = Duration.milliseconds(100)
  /// How long it waits for room behind before it tries again.
  private static let rest = Duration.milliseconds(10)

  let limits: TraceLimits
  private let native: any TraceHoldingNative
  private let clock: any Clock<Duration>
  private let elapsed: @Sendable () -> Duration
  private let state = Mutex(State())
  private let made = OneTimeSignal()
  private let closing = OneTimeSignal()

  init(_ limits: TraceLimits, _ native: any TraceHoldingNative, clock: some Clock<Duration>) {
    self.limits = limits
    self.native = native
    self.clock = clock
    let start = clock.now
    elapsed = { start.duration(to: clock.now) }
  }

  var count: Int { max(limits.shards, 1) }

  /// How lanes find the shard of a span.
  var routing: TraceRouting { TraceRouting(shards: count, endsWithLocalRoot: limits.endsWithLocalRoot) }

  /// Where decided spans go.
  var output: any TraceOutput { Outlet(shards: self) }

  func deliver(to output: any TraceOutput) { state.withLock { $0.output = output } }

  private var shards: [TraceShard] { state.withLock { $0.shards } }

  /// Spans that are held.
  var heldSpans: Int { shards.reduce(0) { $0 + $1.heldSpans } }

  /// Makes the shards, with the set that runs first on each.
  func start(_ running: [RunningTraces]) throws(LaneError) {
    var own = limits
    own.bytes /= count
    own.traces = max(limits.traces / count, 1)
    own.decisions /= count
    var made: [TraceShard] = []
    for running in running {
      made.append(TraceShard(try Lane(), native.makeHolder(own), running, elapsed: elapsed))
    }
    state.withLock { $0.shards = made }
    self.made.fire()
  }

  var areMade: Bool { made.hasFired }

  /// Hands over what came from a lane, and returns once it is held.
  func add(_ arrivals: [TraceArrival]) async {
    for (shard, arrival) in zip(shards, arrivals) where !arrival.spans.isEmpty { await shard.add(arrival) }
  }

  func addAndWait(_ arrivals: [TraceArrival]) {
    for (shard, arrival) in zip(shards, arrivals) where !arrival.spans.isEmpty { shard.addAndWait(arrival) }
  }

  /// - Returns: the sets that ran, which have to be freed on a lane.
  func replace(_ running: [RunningTraces]) async -> [RunningTraces] {
    var before: [RunningTraces] = []
    for (shard, running) in zip(shards, running) { before.append(await shard.replace(running)) }
    return before
  }

  /// Decides what is due, until `drain` is called or the task is cancelled.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.made.wait() }
      group.addTask { await self.closing.wait() }
      await group.next()
      group.cancelAll()
    }
    while !closing.hasFired, !Task.isCancelled {
      await closing.wait(atMost: Self.tick, on: clock)
      await advance()
    }
  }

  func advance() async { for shard in shards { await shard.advance() } }

  /// Decides those whose root has come until now, as fast as there is room behind, or until the task is cancelled.
  func decideEnded() async {
    let now = elapsed()
    while !Task.isCancelled, let output = state.withLock({ $0.output }) {
      var isDone = true
      for shard in shards where await !shard.decideEnded(by: now) { isDone = false }
      if isDone { return }
      output.flush()
      try? await ContinuousClock().sleep(for: Self.rest)
    }
  }

  /// Decides all that is held, as fast as there is room for it behind, or until the task is cancelled.
  func drain() async {
    closing.fire()
    // Where nobody takes what is decided, all stays where it is.
    while !Task.isCancelled, let output = state.withLock({ $0.output }) {
      var held = 0
      for shard in shards { held += await shard.decideAll(.shutdown) }
      if held == 0 { return }
      output.flush()
      try? await ContinuousClock().sleep(for: Self.rest)
    }
  }

  func report() async -> (report: PipelineReport, figures: TraceFigures) {
    var sum = (report: PipelineReport(), figures: TraceFigures())
    for shard in shards {
      let (report, figures) = await shard.report()
      sum.report += report
      sum.figures += figures
    }
    return sum
  }

  /// What the set that runs has counted on each.
  func runningReports() async -> [(number: RuleSetNumber, report: PipelineReport)] {
    var reports: [(number: RuleSetNumber, report: PipelineReport)] = []
    for shard in shards { reports.append(await shard.runningReport()) }
    return reports
  }

  func reportAndWait() -> (report: PipelineReport, figures: TraceFigures) {
    shards.map { $0.reportAndWait() }.reduce(into: (PipelineReport(), TraceFigures())) {
      $0.0 += $1.report
      $0.1 += $1.figures
    }
  }

  /// The output that was set last. Pipelines that are made before there is one find it here.
  private struct Outlet: TraceOutput {
    unowned let shards: TraceShards

    private var output: (any TraceOutput)? { shards.state.withLock { $0.output } }

    /// Without an output, spans stay where they are.
    var hasRoom: Bool { output?.hasRoom ?? false }

    func add(_ batch: consuming SpanBatch, ruleSet: RuleSetNumber) {
      guard let output else { preconditionFailure("traces are held and nobody was named to take what is decided") }
      output.add(batch, ruleSet: ruleSet)
    }

    func flush() { output?.flush() }
  }
}
