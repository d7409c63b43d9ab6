internal import BuiltinProcessors
internal import ProcessorHost

/// Hide policies and processors that chains are put together from.
enum Policies {
  /// All matchers and actions at once.
  static let everything = HidePolicy([
    HideStep(.words(["password", "api_key", "auth token"], except: ["password.hint", "llm.*"])),
    HideStep(.names(["exact.name"])),
    HideStep(.names(["gone"]), .remove),
    HideStep(.prefixes(["vendor."])),
    HideStep(.prefixes(["gone.prefix."]), .remove),
    HideStep(.names(["long.text", "exact.name"]), .cut(3)),
    HideStep(.prefixes(["a"]), .cut(1)),
    HideStep(.values(["wh0le-value"])),
    HideStep(.values(["other", ""]), .remove),
    HideStep(.values(["cut me short"]), .cut(2)),
    HideStep(.beyond(AttributeLimits(attributes: 6, events: 2, links: 1))),
  ])

  /// The same, where steps by value take what they find along.
  static let removing = HidePolicy(
    everything.steps.map { step in
      if case .values = step.matcher { HideStep(step.matcher, .remove) } else { step }
    })

  /// The same, but each step hides only where a rule asks for it.
  static let conditional = HidePolicy(
    everything.steps.map { HideStep($0.matcher, $0.action, isConditional: !isLimit($0)) })

  private static func isLimit(_ step: HideStep) -> Bool {
    if case .beyond = step.matcher { true } else { false }
  }

  /// Asks for every conditional step.
  static let asking = ClosureProcessor("asking") { $0.workspace.requestedSteps = .max }

  /// Reads all there is and writes into every place that can be written, secrets among it.
  static let editing = ClosureProcessor("editing") { span in
    let plain = PlainSpan(span)
    let secret = String(decoding: Planter.secret, as: UTF8.self)
    let value = String(decoding: Planter.value, as: UTF8.self)
    span[attribute: "new.password"] = .array([.string(secret), .map([AttributeValue.Entry("k", .string(secret))])])
    // Values from elsewhere in the span may be secrets, which would rightly stay under the names that they get here.
    for (entry, value) in zip(plain.attributes, values) { span[attribute: entry.key] = value }
    span[attribute: plain.attributes.first?.key ?? "none"] = nil
    span[attribute: "gone"] = .bytes(Planter.secret)
    span[attribute: ""] = .string(value)
    span.name = value
    span.statusMessage = value
    var events = plain.events
    events.append(SpanEvent(name: value, attributes: [AttributeValue.Entry("api-key", .string(secret))]))
    span.events = events
    span.links = plain.links.reversed()
  }

  private static let values: [AttributeValue] = [.double(-0.5), .map([]), .array([.empty, .bytes([])])]

  static let sampling = RatioSampler(ratio: 0.5)

  /// Writes, then fails on half of the spans.
  static func failing(_ policy: FailurePolicy) -> ClosureProcessor {
    ClosureProcessor("failing \(policy.rawValue)", failurePolicy: policy) { span in
      span.name = String(decoding: Planter.secret, as: UTF8.self)
      span[attribute: "plain"] = .bytes(Planter.secret)
      span.drop("undone")
      guard span.spanID.value & 1 == 0 else { throw Failure() }
      span.name = "unsaid"
      span[attribute: "plain"] = nil
    }
  }

  private struct Failure: Error {}

  /// What a target's first byte chooses from.
  static let all = [HidePolicy(), everything, removing, conditional]

  /// The sets that were loaded, by the index of their policy and the names of their processors. Loading sends the secrets
  /// of the leak battery through a set, which takes longer than all that is tried with one input.
  private nonisolated(unsafe) static var sets: [String: RuleSet] = [:]

  /// A new pipeline, as a lane has it: with caches of its own that hold nothing.
  /// - Parameters:
  ///   - policy: the index of one of `all`.
  ///   - processors: processors with the same name are the same.
  static func pipeline(_ policy: Int, _ processors: [any SpanProcessor] = []) -> SpanPipeline {
    let name = ([String(policy)] + processors.map(\.name)).joined(separator: "; ")
    do {
      let set = try sets[name] ?? load(all[policy], processors)
      sets[name] = set
      return try set.makePipeline()
    } catch {
      preconditionFailure("the chain does not load: \(error)")
    }
  }

  private static func load(_ policy: HidePolicy, _ processors: [any SpanProcessor]) throws -> RuleSet {
    var loader = RuleSetLoader(RuleDirectory(), natives: .builtin)
    loader.hide = policy
    loader.processors = processors
    return try loader.load()
  }
}
