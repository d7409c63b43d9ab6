internal import Synchronization

/// The engine: rules and processors over batches of spans, on lanes of its own.
///
/// Batches may be handed over from any number of tasks; each is worked on by one lane, under one rule set.
public final class SpanProcessorHost: Sendable {
  /// What the host is made of.
  public struct Configuration: Sendable {
    /// The rules; an empty directory has none.
    public var rules: RuleDirectory
    /// The names of the rules that run, in order, instead of `chain.lua`.
    public var chain: [String]?
    /// Values for settings that rules declare, by rule and by setting, as text: `["slow_trace": ["threshold": "30s"]]`.
    public var settings: [String: [String: String]]
    /// Processors written in Swift. One that the chain names stands there, others behind all rules.
    public var processors: [any SpanProcessor]
    /// Processors written in Swift that look at whole traces. One that the chain names stands there, others behind all.
    public var traceProcessors: [any TraceProcessor] = []
    /// How whole traces are held, where a rule or processor asks for them; nil where a batch is all there is, and its
    /// traces are decided as it is processed.
    public var traces: TraceLimits?
    /// What is hidden beside what the rules hide.
    public var hide: HidePolicy
    /// How many lanes work side by side, 1 or more.
    public var lanes: Int
    /// Whether each scope says under which set of rules its spans were processed.
    public var stamp = Stamp.off

    /// Where the digest of a set of rules is put.
    public enum Stamp: Sendable {
      /// Nowhere.
      case off
      /// On instrumentation scopes, as the attribute `processor_host.rules.digest`.
      case scope
    }
    /// The most Unicode scalars of a text in an attribute; what is longer is cut, behind hiding. Nil for no limit.
    /// OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT.
    public var valueLength: Int?
    /// What stays hidden for the time being, whatever the rules hide: for every span.
    package var kept = HidePolicy()
    /// Whether values for settings that no rule declares are passed over, as rules run in the place of others.
    package var passesOverUnknownSettings = false

    /// A configuration; by default without rules, processors or hiding, on one lane.
    public init(
      rules: RuleDirectory = RuleDirectory(), chain: [String]? = nil, settings: [String: [String: String]] = [:],
      processors: [any SpanProcessor] = [], hide: HidePolicy = HidePolicy(), lanes: Int = 1
    ) {
      self.rules = rules
      self.chain = chain
      self.settings = settings
      self.processors = processors
      self.hide = hide
      self.lanes = lanes
    }
  }

  private struct Current {
    var set: RuleSet
    var number: RuleSetNumber
    var configuration: Configuration
    /// What the sets before it have met and cost, the last ones.
    var retired: [(number: RuleSetNumber, figures: RuleSetFigures)] = []
  }

  /// Of how many sets that no longer run it is known what they have met.
  private static let maximumRetired = 32

  private let lanes: [PipelineLane]
  /// Where traces are held; nil where they are not.
  let traces: TraceShards?
  private let next = Atomic<Int>(0)
  private let configured: Mutex<Configuration>
  let natives: RuleNatives
  private let rateLimits: any RateLimitNative
  private let current: Mutex<Current>
  private let pauses = Mutex(ExchangePauses())
  /// Where spans that wait are hidden again.
  let hidingAgain = Mutex<HidingLane?>(nil)

  /// Loads the rules and starts the lanes.
  /// - Parameter clock: what the time of held traces is measured by.
  /// - Throws: `RuleErrors`, with everything that is wrong with the rules.
  package init(
    _ configuration: Configuration, natives: RuleNatives, clock: some Clock<Duration> = ContinuousClock()
  ) throws {
    configured = Mutex(configuration)
    self.natives = natives
    let rateLimits = natives.rateLimits()
    self.rateLimits = rateLimits
    let first = RuleSetNumber(1)
    let count = max(configuration.lanes, 1)
    let shards = configuration.traces.map { TraceShards($0, natives.traces, clock: clock) }
    traces = shards
    let loaded = try Lane().runAndWait {
      try Self.load(configuration, natives, rateLimits, first, copies: count, shards)
    }
    current = Mutex(
      Current(set: loaded.set, number: first, configuration: Self.used(of: configuration, by: loaded.set)))
    lanes = try loaded.running.map { PipelineLane(try Lane(), $0) }
    if !loaded.traces.isEmpty { try traces?.start(loaded.traces) }
  }

  /// The set that runs now.
  package var ruleSet: RuleSet { current.withLock { $0.set } }

  /// The chain and the values of settings with which the next set is loaded; those of the set that runs stay.
  package var overrides: RuleOverrides {
    get { configured.withLock { RuleOverrides(chain: $0.chain, settings: $0.settings) } }
    set {
      configured.withLock { configuration in
        configuration.chain = newValue.chain
        configuration.settings = newValue.settings
      }
    }
  }

  /// How long lanes stood still for that, each by itself.
  package var exchangePauses: ExchangePauses { pauses.withLock(\.self) }

  var currentSet: (RuleSet, RuleSetNumber) { current.withLock { ($0.set, $0.number) } }

  /// The number of the set that runs now.
  public var ruleSetNumber: RuleSetNumber { current.withLock { $0.number } }

  /// What the set that runs now was loaded from.
  package var runningConfiguration: (number: RuleSetNumber, configuration: Configuration) {
    current.withLock { ($0.number, $0.configuration) }
  }

  /// Loads rules and puts them in the place of those that run, lane by lane, between two batches. Where anything is
  /// wrong with them, those that run go on.
  ///
  /// Loading runs on a thread of its own; a lane waits for no more than the exchange. Not to be called again before it
  /// has returned.
  /// - Parameter kept: what stays hidden beside what the rules hide; nil: what was kept before.
  /// - Returns: the number of the new set.
  /// - Throws: `RuleErrors`, with everything that is wrong with the rules.
  @discardableResult
  public func replaceRules(with rules: RuleDirectory, keeping kept: HidePolicy? = nil) async throws -> RuleSetNumber {
    try await replaceRules(with: rules, keeping: kept, passingOverUnknownSettings: false)
  }

  /// The same.
  /// - Parameter passingOverUnknownSettings: whether there may be values for settings that none of the rules declares.
  package func replaceRules(
    with rules: RuleDirectory, keeping kept: HidePolicy?, passingOverUnknownSettings: Bool
  ) async throws -> RuleSetNumber {
    var configuration = configured.withLock { $0 }
    configuration.passesOverUnknownSettings = passingOverUnknownSettings
    configuration.rules = rules
    configuration.kept = kept ?? ruleSet.kept
    let number = RuleSetNumber(ruleSetNumber.value + 1)
    let loader = try Lane()
    let loaded = try await loader.run { [configuration, natives, rateLimits, traces, copies = lanes.count] in
      Result { try Self.load(configuration, natives, rateLimits, number, copies: copies, traces) }
    }.get()
    let set = loaded.set
    // Before the exchange: where there is no thread for it, what waits could not be hidden.
    _ = try hidingLane()
    let retired = RetiredSets()
    // Before lanes send spans where traces are held, and after they have ceased to.
    if set.wantsTraces { try await replaceTraces(loaded.traces, retired) }
    for (lane, running) in zip(lanes, loaded.running) {
      let pause = await lane.replace(running, retired)
      pauses.withLock { $0.add(pause) }
    }
    if !set.wantsTraces { try await replaceTraces(loaded.traces, retired) }
    current.withLock { current in
      current.retired.append((current.number, retired.figures))
      current.retired.removeFirst(max(current.retired.count - Self.maximumRetired, 0))
      (current.set, current.number) = (set, number)
      current.configuration = Self.used(of: configuration, by: set)
    }
    await loader.run { retired.free() }
    return number
  }

  private func replaceTraces(_ running: [RunningTraces], _ retired: RetiredSets) async throws {
    guard let traces, !running.isEmpty else { return }
    if traces.areMade {
      retired.add(await traces.replace(running))
    } else {
      try traces.start(running)
    }
  }

  /// What the sets from a number on have met and cost, as far as it is remembered.
  package func figures(since first: RuleSetNumber) async -> RuleSetFigures {
    var sum = retiredFigures(since: first)
    for lane in lanes {
      let (number, report) = await lane.runningReport()
      if number >= first { sum += RuleSetFigures(report) }
    }
    for (number, report) in await traces?.runningReports() ?? [] where number >= first {
      sum += RuleSetFigures(report)
    }
    return sum
  }

  /// The same, of those that no longer run.
  package func retiredFigures(since first: RuleSetNumber) -> RuleSetFigures {
    current.withLock { current in
      current.retired.filter { $0.number >= first }.reduce(into: RuleSetFigures()) { $0 += $1.figures }
    }
  }

  /// Only to be called on a lane, since it enters Lua.
  private static func load(
    _ configuration: Configuration, _ natives: RuleNatives, _ rateLimits: any RateLimitNative,
    _ number: RuleSetNumber, copies: Int, _ traces: TraceShards?
  ) throws -> Loaded {
    var loader = RuleSetLoader(configuration.rules, natives: natives)
    loader.chainOverride = configuration.chain
    loader.settings = configuration.settings
    loader.processors = configuration.processors
    loader.traceProcessors = configuration.traceProcessors
    loader.hide = configuration.hide
    loader.kept = configuration.kept
    loader.passesOverUnknownSettings = configuration.passesOverUnknownSettings
    loader.rateLimits = rateLimits
    let set = try loader.load()
    let stamping =
      configuration.stamp == .off ? .off : RuleStamping.put(RuleStamp(digest: natives.digest(configuration.rules)))
    // Also where the set does not ask for traces, while some are held that an older set has asked for.
    let shards = traces.map { set.wantsTraces || $0.areMade ? $0.count : 0 } ?? 0
    return Loaded(
      set: set,
      running: try (0..<copies).map { _ in
        try RunningSet(set, number, stamping, valueLength: configuration.valueLength, traces?.routing)
      },
      traces: try (0..<shards).map { _ in try RunningTraces(set, number, stamping, traces?.output) })
  }

  /// A set, and what runs of it on each lane and each shard.
  private struct Loaded: Sendable {
    var set: RuleSet
    var running: [RunningSet]
    var traces: [RunningTraces]
  }

  /// A configuration without values for settings that the set has not.
  private static func used(of configuration: Configuration, by set: RuleSet) -> Configuration {
    guard configuration.passesOverUnknownSettings else { return configuration }
    var used = configuration
    used.settings = [:]
    for rule in set.rules {
      let values = configuration.settings[rule.name]?.filter { value in
        rule.settings.contains { $0.name == value.key }
      }
      if let values, !values.isEmpty { used.settings[rule.name] = values }
    }
    return used
  }

  /// Runs a batch through the chain; what survives comes back.
  ///
  /// Where traces are held, nothing comes back: what is kept goes to the output that was named.
  public func process(_ batch: consuming SpanBatch) async -> SpanBatch {
    SpanBatch(await processNumbered(batch).parts)
  }

  /// The same, with the number of the set of rules under which it ran.
  package func processNumbered(_ batch: consuming SpanBatch) async -> (parts: SpanBatch.Parts, ruleSet: RuleSetNumber) {
    let survivors = await nextLane().process(batch)
    await traces?.add(survivors.arrivals)
    return (survivors.parts, survivors.ruleSet)
  }

  /// Runs a request as it came through its reader, the door and the chain.
  func process(_ request: [UInt8], _ format: RequestFormat) async -> ProcessedRequest {
    var processed = await nextLane().process(request, format)
    await traces?.add(processed.arrivals)
    processed.arrivals = []
    return processed
  }

  private func nextLane() -> PipelineLane {
    lanes[next.wrappingAdd(1, ordering: .relaxed).oldValue % lanes.count]
  }

  /// The same for callers that are not asynchronous: blocks the calling thread.
  package func processAndWait(_ batch: consuming SpanBatch) -> SpanBatch {
    let survivors = lanes[0].processAndWait(batch)
    traces?.addAndWait(survivors.arrivals)
    return SpanBatch(survivors.parts)
  }

  /// The account of all spans so far.
  public func ledger() async -> SpanLedger {
    await report().ledger
  }

  /// What all lanes have counted, under all sets so far.
  package func report() async -> PipelineReport {
    // Before the lanes: a span that is handed over meanwhile counts as held, and none as there before it came.
    var sum = await traces?.report().report ?? PipelineReport()
    for lane in lanes {
      var report = await lane.report()
      report += sum
      sum = report
    }
    return sum
  }

  /// What each lane has to tell.
  package func reports() -> [PipelineReport] {
    let held = traces?.areMade == true ? traces?.reportAndWait().report : nil
    return (held.map { [$0] } ?? []) + lanes.map { $0.reportAndWait() }
  }

  /// Lets an observer watch every span; for hosts with one lane.
  package func observe(_ observer: @escaping @Sendable () -> any PipelineObserver) {
    for lane in lanes { lane.observe(observer) }
  }
}
