internal import BuiltinProcessors
internal import CRuleSandbox
internal import Glibc

@testable internal import ProcessorHost

/// Loads a rule under small limits and runs it over two spans, several times over.
///
/// Whatever the text is: the process lives, every limit holds, the outcome is the same each time and does not depend on
/// the span before, and nothing is written that the rule has no power to write.
struct RuleTrial: Sendable {
  static let file = "fuzzed.lua"
  static let secret = "pl4nted/s3cret"

  let text: [UInt8]
  /// Tries the sandbox alone, without the doorkeeper that would refuse to load most attacks.
  let skipsInspection: Bool

  private static var limits: sandbox_limits {
    var limits = sandbox_limits()
    limits.memory_bytes = 1 << 20
    limits.block_bytes = 256 << 10
    limits.load_steps = 300_000
    limits.call_steps = 30_000
    // The backstop depends on the machine; here a call that takes too long for its steps is a find of its own.
    limits.cpu_nanoseconds = 60_000_000_000
    return limits
  }

  func run() {
    let first: LoadedRule
    switch load() {
    case .success(let rule): first = rule
    case .failure(let error):
      let isShown = error.description.unicodeScalars.allSatisfy { scalar in
        let category = scalar.properties.generalCategory
        return scalar == "\n" || scalar == "\t" || (category != .control && !(0x202A...0x202E).contains(scalar.value))
      }
      require(isShown, "an error holds a control character: \(error)")
      require(load().failure == error, "loading again gives another error than \(error)")
      return
    }
    guard let second = try? load().get() else { return require(false, "loading again fails") }
    require(first.definition.hide == second.definition.hide, "loading again gives other steps to hide")
    require(first.definition.powers == second.definition.powers, "loading again gives other powers")
    guard let both = outcome(first, Self.spans), let again = outcome(second, Self.spans) else { return }
    require(both == again, "a second run is another one:\n\(both)\n\(again)")
    staysInPowers(first.definition, both)

    guard let third = try? load().get(), let alone = outcome(third, [Self.spans[1]]) else { return }
    // Blocks that an earlier call has left weigh on a later one, so only the limits may tell them apart.
    let isLimited = [both.calls.last, alone.calls.last].contains { $0?.isLimited ?? true }
    if isLimited || both.calls.first?.isLimited ?? true { return }
    require(both.calls.last?.failure == alone.calls.last?.failure, "a span changed what becomes of the next")
    require(both.outputs.last == alone.outputs.last, "a span changed what the rule does to the next")
  }

  /// Reads the text as the other kinds of files that a rules directory holds.
  func readAsOtherFiles() {
    _ = try? RuleSource(file: "fuzzed.txt", bytes: text).listItems()
    if text.holds(Array("chain".utf8)) {
      let chain = RuleSource(file: "chain.lua", bytes: text)
      _ = try? RuleSetLoader(RuleDirectory(chain: chain), natives: .builtin).load()
    }
    guard text.holds(Array("test".utf8)) else { return }
    let tests = try? RuleTestReader(source: RuleSource(file: "fuzzed.test.lua", bytes: text)).read()
    for test in tests ?? [] {
      for span in [test.given, test.expected?.span].compactMap(\.self) {
        let batch = Door().admitClean(span.encodedRequest(), "a span of a test")
        require(PlainSpan.all(in: batch).map(\.lines) == [span.lines], "a span of a test is not read as it was written")
      }
    }
  }

  private func load() -> Result<LoadedRule, RuleError> {
    var loader = RuleLoader(
      source: RuleSource(file: Self.file, bytes: text), overrides: [:],
      lists: ["secret_words": ["password", "api_key"], "harmless_names": ["session.id"]])
    loader.skipsInspection = skipsInspection
    loader.limits = Self.limits
    do throws(RuleError) { return .success(try timed("loading") { () throws(RuleError) in try loader.load() }) } catch {
      return .failure(error)
    }
  }

  // MARK: What a rule does

  /// What became of spans.
  private struct Outcome: Equatable {
    var calls: [Call] = []
    /// Each span's batch as it left.
    var outputs: [[UInt8]] = []
    var stripped = 0
  }

  /// How one call of the hook ended.
  private struct Call: Equatable {
    var failure: StageFailure?
    var isLimited = false
    var steps = 0
  }

  /// The rule as a member of a chain.
  private final class Stage: ChainStage {
    let rule: LoadedRule
    var calls: [Call] = []
    var name: String { rule.definition.name }
    var failurePolicy: FailurePolicy { rule.definition.failurePolicy }
    var stepsUsed: Int { 0 }

    init(_ rule: LoadedRule) { self.rule = rule }

    func process(_ span: SpanWorkspace) -> StageFailure? {
      guard let hook = rule.hook else { return nil }
      let failure = timed("a call") { rule.sandbox.callHook(hook, span) }
      guard let box = rule.sandbox.box?.pointee else { return nil }
      require(box.memory_peak <= RuleTrial.limits.memory_bytes, "the state took \(box.memory_peak) bytes")
      let sentence = failure.map { StageFailure(place: "\($0.line ?? 0)", message: $0.sentence) }
      let limits = [SANDBOX_STEPS, SANDBOX_MEMORY, SANDBOX_CPU]
      let isLimited = failure.map { limits.contains($0.verdict) } ?? false
      if !isLimited { require(rule.sandbox.stepsUsed <= RuleTrial.limits.call_steps, "a call went on without steps") }
      calls.append(Call(failure: sentence, isLimited: isLimited, steps: rule.sandbox.stepsUsed))
      return sentence
    }
  }

  /// Runs spans through a chain of this rule alone; nil where there is nothing to run.
  private func outcome(_ rule: LoadedRule, _ spans: [PlainSpan]) -> Outcome? {
    let definition = rule.definition
    var access = SpanAccess(powers: definition.powers)
    access.mayHideConditionally = definition.failurePolicy != .pass
    var policy = HidePolicy()
    for (serial, step) in definition.conditionalSteps {
      access.conditionalSteps[serial] = 1 << UInt64(policy.steps.count)
      policy.steps.append(step)
    }
    policy.steps += definition.hide
    rule.sandbox.access = access
    guard let compiled = try? BuiltinHiding().compile(policy) else { return nil }
    let stage = Stage(rule)
    let pipeline = SpanPipeline(
      stages: [stage], hiding: compiled.makeWorker(), sampling: BuiltinSampling().makeWorker())
    var outcome = Outcome()
    for span in spans {
      let batch = Door().admitClean(span.encodedRequest(), "a plain span")
      let output = pipeline.process(batch).encoded()
      _ = Door().admitClean(output, "what a rule made")
      outcome.outputs.append(output)
    }
    outcome.calls = stage.calls
    outcome.stripped = pipeline.ledger.stripped
    for call in stage.calls {
      require(!(call.failure?.description.contains(Self.secret) ?? false), "a message holds a span's value")
    }
    return outcome
  }

  /// A rule that may not write free text does not: a span's text never stands in more places than it came in.
  private func staysInPowers(_ definition: RuleDefinition, _ outcome: Outcome) {
    if definition.powers.canRewrite { return }
    for (span, output) in zip(Self.spans, outcome.outputs) where !output.isEmpty {
      let before = count(of: Self.secret, in: span.encodedRequest())
      require(count(of: Self.secret, in: output) <= before, "a rule without the power to rewrite copied text")
      guard definition.powers.set.isEmpty, definition.hide.isEmpty, definition.conditionalSteps.isEmpty,
        outcome.stripped == 0
      else { continue }
      let batch = Door().admitClean(output, "what a rule made")
      for var left in PlainSpan.all(in: batch) {
        left.traceState = span.traceState
        require(left == span, "a rule without powers changed a span")
      }
    }
  }

  private func count(of text: String, in bytes: [UInt8]) -> Int {
    String(decoding: bytes, as: UTF8.self).components(of: text)
  }

  // MARK: The spans

  private static let spans: [PlainSpan] = {
    var first = PlainSpan()
    first.name = "GET /tickets/\(secret)"
    first.kind = 2
    first.startTimeUnixNano = 1_700_000_000_000_000_000
    first.endTimeUnixNano = first.startTimeUnixNano + 61_000_000_000
    first.parentSpanID = SpanID(7)
    first.traceState = "a=b"
    first.attributes = [
      .init("api_key", .string(secret)), .init("http.route", "/tickets"), .init("n", 42), .init("d", 1.5),
      .init("b", true), .init("raw", .bytes([0, 255])), .init("nul\0key", .string("é\0")), .init("n", 43),
      .init("m", .map([.init("k", .array([1, .empty, .map([])]))])),
    ]
    first.events = [SpanEvent(timeUnixNano: 1, name: "login", attributes: [.init("user", .string(secret))])]
    first.links = [SpanLink(traceID: first.traceID, spanID: SpanID(9), attributes: [.init("x", "y")])]
    first.statusCode = 2
    first.statusMessage = secret
    first.resource = [.init("service.name", "tickets"), .init("host", .string(secret))]
    first.scopeName = "scope"
    first.scopeAttributes = [.init("s", 1)]
    var second = PlainSpan()
    second.name = "second"
    second.attributes = [.init("http.route", "/other"), .init("password", .string(secret))]
    return [first, second]
  }()
}

extension Result {
  fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}

extension String {
  /// How often a text stands in this one.
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}

/// Runs `body`, which must not take more processor time than any number of steps should cost.
private func timed<Value, Failure: Error>(
  _ what: String, _ body: () throws(Failure) -> Value
) throws(Failure) -> Value {
  let start = processorTime()
  defer {
    let elapsed = processorTime() - start
    require(elapsed < 2_000_000_000, "\(what) took \(elapsed / 1_000_000) ms of processor time")
  }
  return try body()
}

private func processorTime() -> Int {
  var now = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
  return now.tv_sec * 1_000_000_000 + now.tv_nsec
}
