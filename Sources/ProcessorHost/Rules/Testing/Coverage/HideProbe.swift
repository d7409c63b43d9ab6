/// One entry of what a rule hides, as a policy that holds nothing else: whether it hits does not hang on what the others
/// hide before it, or more strongly.
struct HideProbe {
  /// The entry, wherever settings have put the step's numbers.
  struct Key: Hashable {
    var origin: String
    var matcher: String
    var item: String
    var isException: Bool
  }

  let key: Key
  /// The bit of a step for `span:hide`.
  private var condition: UInt64?
  /// Each is tried until one hits.
  private var policies: [HidePolicy] = []
  /// For an exception: hits that come without it and not with it are due to it.
  private var withException: [HidePolicy] = []

  /// All entries of a rule.
  static func all(_ rule: RuleDefinition) -> [HideProbe] {
    // The rules' words are looked for inside text as well where it says so.
    let seeks = rule.hide.contains { step in
      if case .text(let names) = step.matcher { names.contains("assignment") } else { false }
    }
    var probes = rule.hide.flatMap { all($0, nil, seeks, rule.hide) }
    for (index, conditional) in rule.conditionalSteps.enumerated() {
      probes += all(conditional.step, 1 << UInt64(index), false, rule.hide)
    }
    return probes
  }

  private static func all(_ step: HideStep, _ condition: UInt64?, _ seeks: Bool, _ all: [HideStep]) -> [HideProbe] {
    func probe(_ item: String, _ matchers: HideMatcher..., isException: Bool = false) -> HideProbe {
      HideProbe(
        Key(origin: step.origin, matcher: step.matcher.name, item: item, isException: isException), condition,
        matchers.map { HidePolicy([HideStep($0, step.action)]) })
    }
    switch step.matcher {
    case .words(let terms, let exceptions):
      let seeks = seeks && !step.action.isShortening
      return terms.map { term in
        var probe = probe(term, .words([term], except: exceptions))
        if seeks { probe.policies.append(Self.inText(probe.policies[0])) }
        return probe
      }
        + exceptions.map { exception in
          let others = exceptions.filter { $0 != exception }
          var probe = probe(exception, .words(terms, except: others), isException: true)
          probe.withException = [HidePolicy([HideStep(step.matcher, step.action)])]
          if seeks {
            probe.policies.append(Self.inText(probe.policies[0]))
            probe.withException.append(Self.inText(probe.withException[0]))
          }
          return probe
        }
    case .names(let names): return names.map { probe($0, .names([$0])) }
    case .prefixes(let prefixes): return prefixes.map { probe($0, .prefixes([$0])) }
    case .values(let values):
      return values.enumerated().map { probe("value \($0 + 1) of \(values.count)", .values([$1])) }
    case .query(let names): return names.map { probe($0, .query([$0])) }
    case .patterns(let patterns, _): return patterns.map { probe($0, .patterns([$0], examples: [])) }
    case .text(let names):
      return names.map { name in
        var probe = probe(name, .text([name]))
        // It looks for the words of other steps, whose own hits are not its.
        if name == "assignment" { probe.policies[0].steps += all.filter(\.isWords) }
        return probe
      }
    case .beyond(let limits):
      let each = [
        ("attributes", limits.attributes, AttributeLimits(attributes: limits.attributes)),
        ("events", limits.events, AttributeLimits(events: limits.events)),
        ("links", limits.links, AttributeLimits(links: limits.links)),
      ]
      return each.compactMap { name, limit, alone in limit == nil ? nil : probe(name, .beyond(alone)) }
    }
  }

  private init(_ key: Key, _ condition: UInt64?, _ policies: [HidePolicy]) {
    self.key = key
    self.condition = condition
    self.policies = policies
  }

  private static func inText(_ policy: HidePolicy) -> HidePolicy {
    HidePolicy([HideStep(.text(["assignment"]))] + policy.steps)
  }

  /// Whether the entry hits any of what the hide phase was given.
  func hits(_ inputs: [HideInputs.Input], _ hiding: any HidingNative) throws -> Bool {
    for (index, policy) in policies.enumerated() {
      let found = try hits(policy, inputs, hiding)
      if withException.indices.contains(index) {
        if found != (try hits(withException[index], inputs, hiding)) { return true }
      } else if found.contains(where: { $0 > 0 }) {
        return true
      }
    }
    return false
  }

  /// How often the policy's first step hits each input. That alone is the probe's own.
  private func hits(
    _ policy: HidePolicy, _ inputs: [HideInputs.Input], _ hiding: any HidingNative
  ) throws -> [Int] {
    let worker = try hiding.compile(policy).makeWorker()
    let workspace = SpanWorkspace()
    return inputs.map { input in
      let before = worker.hits[0]
      switch input {
      case .span(let bytes, let requested):
        if let condition, condition & requested == 0 { return 0 }
        bytes.withUnsafeBufferPointer { run in
          guard let base = run.baseAddress else { return }
          workspace.begin(base, 0..<run.count)
          worker.hide(workspace)
        }
      case .header(let message, let bytes):
        // What a hook asks for stands for its span alone.
        if condition != nil { return 0 }
        bytes.withUnsafeBufferPointer { run in
          _ = run.baseAddress.flatMap { worker.hide(header: message, $0, 0..<run.count) }
        }
      }
      return worker.hits[0] - before
    }
  }
}

extension HideAction {
  fileprivate var isShortening: Bool { if case .cut = self { true } else { false } }
}

extension HideStep {
  fileprivate var isWords: Bool { if case .words = matcher { true } else { false } }
}
