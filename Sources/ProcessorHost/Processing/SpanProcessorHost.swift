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
    /// What is hidden beside what the rules hide.
    public var hide: HidePolicy
    /// How many lanes work side by side, 1 or more.
    public var lanes: Int

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

  private let lanes: [PipelineLane]
  private let next = Atomic<Int>(0)
  package let ruleSet: RuleSet

  /// Loads the rules and starts the lanes.
  /// - Throws: `RuleErrors`, with everything that is wrong with the rules.
  package init(_ configuration: Configuration, natives: RuleNatives) throws {
    let first = try Lane()
    let set = try first.runAndWait { () throws(RuleErrors) in
      var loader = RuleSetLoader(configuration.rules, natives: natives)
      loader.chainOverride = configuration.chain
      loader.settings = configuration.settings
      loader.processors = configuration.processors
      loader.hide = configuration.hide
      return try loader.load()
    }
    ruleSet = set
    var lanes = [try PipelineLane(first, set)]
    for _ in 1..<max(configuration.lanes, 1) { lanes.append(try PipelineLane(try Lane(), set)) }
    self.lanes = lanes
  }

  /// Runs a batch through the chain; what survives comes back.
  public func process(_ batch: consuming SpanBatch) async -> SpanBatch {
    let lane = lanes[next.wrappingAdd(1, ordering: .relaxed).oldValue % lanes.count]
    return await lane.process(batch)
  }

  /// The same for callers that are not asynchronous: blocks the calling thread.
  package func processAndWait(_ batch: consuming SpanBatch) -> SpanBatch { lanes[0].processAndWait(batch) }

  /// The account of all spans so far.
  public func ledger() async -> SpanLedger {
    var sum = SpanLedger()
    for lane in lanes { sum += await lane.report().ledger }
    return sum
  }

  /// What each lane has to tell.
  package func reports() -> [PipelineReport] { lanes.map { $0.reportAndWait() } }

  /// Lets an observer watch every span; for hosts with one lane.
  package func observe(_ observer: @escaping @Sendable () -> any PipelineObserver) {
    for lane in lanes { lane.observe(observer) }
  }
}

/// What a pipeline has counted.
package struct PipelineReport: Sendable {
  package var ledger: SpanLedger
  /// How often each step of the hide policy hit.
  package var hideHits: [Int]
  package var stages: [Stage]

  /// What a rule or processor has done.
  package struct Stage: Sendable {
    package var name: String
    /// Fields that it wrote or removed.
    package var edits: Int
    /// Steps that its code used; zero for processors.
    package var steps: Int
  }
}
