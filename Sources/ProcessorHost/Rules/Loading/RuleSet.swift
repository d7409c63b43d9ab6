internal import CRuleSandbox

/// The natives that rules name, given to the host by whoever puts it together.
package struct RuleNatives: Sendable {
  package var hiding: any HidingNative
  package var sampling: any SamplingNative
  package var traces: any TraceHoldingNative
  package var rateLimits: @Sendable () -> any RateLimitNative
  /// By what a set of rules is known.
  package var digest: @Sendable (RuleDirectory) -> String
  /// Where the lines that a rule's hook runs are noted, while its tests are measured.
  var lineNotes: LineNotes?

  package init(
    hiding: any HidingNative, sampling: any SamplingNative, traces: any TraceHoldingNative,
    rateLimits: @escaping @Sendable () -> any RateLimitNative, digest: @escaping @Sendable (RuleDirectory) -> String
  ) {
    self.hiding = hiding
    self.sampling = sampling
    self.traces = traces
    self.rateLimits = rateLimits
    self.digest = digest
  }
}

/// The rates of one host, shared by its lanes and shards.
package protocol RateLimitNative: Sendable {
  /// Whether there is room for one more under this name, at so many a second.
  func take(_ name: String, perSecond: Double) -> Bool

  /// Counts one trace of a kind, and says which share of its kind should stay, for about so many a second of all kinds
  /// under this name together.
  func share(_ name: String, ofKind kind: UInt64, perSecond: Double) -> Double
}

/// A set of rules that has been loaded and checked, ready to be put on lanes.
package struct RuleSet: Sendable {
  /// One member of the chain.
  enum Member: Sendable {
    case rule(RuleDefinition, SpanAccess)
    case processor(any SpanProcessor)
    case traceProcessor(any TraceProcessor)
  }

  let members: [Member]
  let lists: [String: [String]]
  let overrides: [String: [String: String]]
  private let natives: RuleNatives
  private let hiding: any CompiledHidePolicy
  /// Everything that the set hides, with where each step comes from.
  package let policy: HidePolicy
  /// What of it only stays for the time being, and is in none of the rules.
  package internal(set) var kept = HidePolicy()

  /// What became of secrets that were planted on every surface, when the set was loaded.
  package internal(set) var leaks = LeakMatrix()

  /// The rules in chain order.
  package var rules: [RuleDefinition] {
    members.compactMap { if case .rule(let definition, _) = $0 { definition } else { nil } }
  }

  init(
    members: [Member], lists: [String: [String]], overrides: [String: [String: String]], natives: RuleNatives,
    policy: HidePolicy
  ) throws {
    self.members = members
    self.lists = lists
    self.overrides = overrides
    self.natives = natives
    self.policy = policy
    hiding = try natives.hiding.compile(policy)
  }

  /// The set on one lane. Only to be called there.
  /// - Parameter holdsTraces: whether what survives goes on to where traces are held.
  package func makePipeline(
    _ stamping: RuleStamping = .off, valueLength: Int? = nil, holdsTraces: Bool = false
  ) throws(RuleError) -> SpanPipeline {
    SpanPipeline(
      stages: try makeStages { $0 }, hiding: hiding.makeWorker(), sampling: natives.sampling.makeWorker(),
      stamping: stamping, valueLength: valueLength, holdsSurvivors: holdsTraces)
  }

  /// Whether a member of the chain looks at whole traces. Where none does, none are held.
  package var wantsTraces: Bool {
    members.contains { member in
      switch member {
      case .rule(let definition, _): definition.hasTraceHook
      case .traceProcessor: true
      case .processor: false
      }
    }
  }

  /// The set as it decides traces, on one shard. Only to be called on a lane.
  /// - Parameter stamping: what lanes do to scopes.
  package func makeTracePipeline(
    _ number: RuleSetNumber = RuleSetNumber(), _ stamping: RuleStamping = .off
  ) throws(RuleError) -> TracePipeline {
    TracePipeline(number, stages: try makeTraceStages(), sampling: natives.sampling.makeTraceWorker()) {
      makeHidingPipeline(stamping.isOn ? .keep : .off)
    }
  }

  private func makeTraceStages() throws(RuleError) -> [any TraceStage] {
    var stages: [any TraceStage] = []
    for member in members {
      switch member {
      case .traceProcessor(let processor): stages.append(TraceProcessorStage(processor))
      case .rule(let definition, let access) where definition.hasTraceHook:
        stages.append(try TraceRuleStage(loader: loader(definition), definition: definition, access: access))
      case .rule, .processor: break
      }
    }
    return stages
  }

  /// What hides spans again that have gone through a chain, and does nothing else. Only to be called on a lane.
  func makeHidingPipeline(_ stamping: RuleStamping) -> SpanPipeline {
    SpanPipeline(stages: [], hiding: hiding.makeWorker(), sampling: KeepingSampler(), stamping: stamping)
  }

  /// Plants secrets and looks whether the set hides them. Only to be called on a lane.
  func runLeakBattery() throws(RuleError) -> LeakMatrix {
    let plants = hiding.plants
    if plants.isEmpty { return LeakMatrix() }
    // The spans of a trial take nothing of what rates allow.
    let stages = try makeStages { access in
      var access = access
      access.rateLimit = { _, _ in true }
      return access
    }
    return LeakBattery(
      SpanPipeline(stages: stages, hiding: hiding.makeWorker(), sampling: KeepingSampler()), plants
    ).run()
  }

  private func makeStages(_ adapt: (SpanAccess) -> SpanAccess) throws(RuleError) -> [any ChainStage] {
    var stages: [any ChainStage] = []
    for member in members {
      switch member {
      case .processor(let processor): stages.append(ProcessorStage(processor))
      case .traceProcessor: break
      case .rule(let definition, let access):
        // A rule that only hides is data, which the hide phase has.
        if definition.hasSpanHook {
          stages.append(try RuleStage(loader: loader(definition), definition: definition, access: adapt(access)))
        }
      }
    }
    return stages
  }

  private func loader(_ definition: RuleDefinition) -> RuleLoader {
    var loader = RuleLoader(source: definition.source, overrides: overrides[definition.name] ?? [:], lists: lists)
    loader.lineNotes = natives.lineNotes
    return loader
  }
}
