package import ProcessorHost

/// A hide policy made ready: its terms hashed, its steps sorted by what they look at.
package struct CompiledPolicy: CompiledHidePolicy {
  /// A step that looks at keys. A class, so that looking at one copies none of its tables.
  final class KeyStep: Sendable {
    let words: WordSet?
    /// What `words` leaves alone, or, without words, what is looked for.
    let names: NameSet
    let verdict: KeyVerdict
    /// The step's bit among the conditional ones; nil for a standing step.
    let condition: UInt64?

    init(words: WordSet? = nil, names: NameSet, verdict: KeyVerdict, condition: UInt64?) {
      self.words = words
      self.names = names
      self.verdict = verdict
      self.condition = condition
    }

    @inline(__always)
    func matches(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
      guard let words else { return names.contains(key) }
      return words.contains(key) != nil && !names.contains(key)
    }
  }

  /// A step that looks at whole string values.
  struct ValueStep: Sendable {
    var values: Set<[UInt8]>
    var verdict: KeyVerdict
    var condition: UInt64?
  }

  /// The most steps that a policy can have: verdicts name one in two bytes.
  static let maximumSteps = 1 << 16
  /// The most conditional steps that a policy can have.
  static let maximumConditions = 64

  private(set) var keySteps: [KeyStep] = []
  private(set) var valueSteps: [ValueStep] = []
  private(set) var limits: [(step: Int, limits: AttributeLimits, condition: UInt64?)] = []
  /// What is looked for inside text.
  let text: TextPolicy
  /// The keys of pseudonyms, by the index that verdicts name.
  let rings: [PseudonymKeyRing]
  /// What must not stand anywhere in a field the host does not know.
  private var unknownFields = UnknownFieldTerms()
  /// The policy as it was given.
  let policy: HidePolicy
  let stepCount: Int

  /// - Parameter keys: the keys for pseudonyms, by the names that the policy calls them.
  init(_ policy: HidePolicy, keys: [String: PseudonymKeyRing] = [:]) throws(HidePolicyError) {
    let ringIndices: [String: UInt8]
    (rings, ringIndices) = try Self.rings(policy, keys)
    self.policy = policy
    stepCount = policy.steps.count
    guard stepCount <= Self.maximumSteps else {
      throw HidePolicyError(step: Self.maximumSteps, reason: "a rule set can hold \(Self.maximumSteps) hide steps")
    }
    var conditionCount = 0
    var conditions: [UInt64?] = []
    for (index, step) in policy.steps.enumerated() {
      var condition: UInt64?
      if step.isConditional {
        guard conditionCount < Self.maximumConditions else {
          throw HidePolicyError(
            step: index, reason: "a rule set can hold \(Self.maximumConditions) steps for span:hide")
        }
        condition = 1 << UInt64(conditionCount)
        conditionCount += 1
      }
      conditions.append(condition)
    }
    text = try TextPolicy(policy.steps, conditions: conditions, rings: ringIndices)
    for (index, step) in policy.steps.enumerated() { try add(step, index, conditions[index], ringIndices) }
  }

  /// The key rings that the policy names, in an order that does not depend on that of the steps.
  private static func rings(
    _ policy: HidePolicy, _ keys: [String: PseudonymKeyRing]
  ) throws(HidePolicyError) -> ([PseudonymKeyRing], [String: UInt8]) {
    var names: Set<String> = []
    for (index, step) in policy.steps.enumerated() {
      guard case .pseudonym(let name) = step.action, names.insert(name).inserted else { continue }
      guard keys[name] != nil else {
        throw HidePolicyError(
          step: index,
          reason: "there is no key \(name) for pseudonyms; give it with --key \(name)=FILE or in the environment as "
            + PseudonymKeyEnvironment.variable(for: name))
      }
      guard names.count <= 256 else {
        throw HidePolicyError(step: index, reason: "a rule set can make pseudonyms with 256 different keys")
      }
    }
    let sorted = names.sorted()
    let indices = sorted.enumerated().map { ($1, UInt8($0)) }
    return (sorted.compactMap { keys[$0] }, Dictionary(uniqueKeysWithValues: indices))
  }

  private mutating func add(
    _ step: HideStep, _ index: Int, _ condition: UInt64?, _ rings: [String: UInt8]
  ) throws(HidePolicyError) {
    let verdict = KeyVerdict(step.action, step: index, rings: rings)
    if verdict.strength > .none { unknownFields.add(step.matcher, step: index, condition) }
    switch step.matcher {
    case .words(let terms, let exceptions):
      let set: WordSet
      do { set = try WordSet(terms) } catch { throw HidePolicyError(step: index, reason: "\(error)") }
      keySteps.append(KeyStep(words: set, names: NameSet(exceptions), verdict: verdict, condition: condition))
    case .names(let names):
      keySteps.append(KeyStep(names: NameSet(names), verdict: verdict, condition: condition))
    case .prefixes(let prefixes):
      let patterns = prefixes.map { $0 + "*" }
      keySteps.append(KeyStep(names: NameSet(patterns), verdict: verdict, condition: condition))
    case .values(let values):
      valueSteps.append(ValueStep(values: Set(values.map { Array($0.utf8) }), verdict: verdict, condition: condition))
    case .beyond(let bounds):
      limits.append((index, bounds, condition))
    case .text, .patterns, .query: break
    }
  }

  package func makeWorker() -> any HidingWorker { Hider(self) }

  /// The verdict on a key: the strongest standing step, and every conditional step that hits.
  func verdict(onKey key: UnsafeBufferPointer<UInt8>) -> KeyVerdict {
    var verdict = KeyVerdict()
    for step in keySteps where step.matches(key) {
      if let condition = step.condition { verdict.conditional |= condition } else { verdict.unite(step.verdict) }
    }
    return verdict
  }

  /// The same with the conditional steps that were asked for.
  func verdict(_ known: KeyVerdict, requested: UInt64) -> KeyVerdict {
    var verdict = known
    for step in keySteps {
      if let condition = step.condition, condition & known.conditional & requested != 0 { verdict.unite(step.verdict) }
    }
    return verdict
  }

  /// The verdict on a whole string value.
  func verdict(onValue value: UnsafeBufferPointer<UInt8>, requested: UInt64) -> KeyVerdict {
    var verdict = KeyVerdict()
    if valueSteps.isEmpty { return verdict }
    let bytes = Array(value)
    for step in valueSteps where step.condition.map({ $0 & requested != 0 }) ?? true {
      if step.values.contains(bytes) { verdict.unite(step.verdict) }
    }
    return verdict
  }

  /// The step of which a term stands anywhere in a field that the host does not know.
  func stepHiding(unknownField payload: UnsafeBufferPointer<UInt8>, requested: UInt64) -> UInt16? {
    unknownFields.step(in: payload, requested: requested)
  }
}

/// The hide phase of this module, as the host takes it.
package struct BuiltinHiding: HidingNative {
  private let keys: [String: PseudonymKeyRing]

  /// - Parameter keys: the keys for pseudonyms, by name.
  package init(keys: [String: PseudonymKeyRing] = [:]) { self.keys = keys }

  package func compile(_ policy: HidePolicy) throws -> any CompiledHidePolicy {
    try CompiledPolicy(policy, keys: keys)
  }
}
