internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("What stays hidden beside a set")
struct KeptHidingTests {
  private static func rules(_ name: String) -> RuleDirectory {
    RuleDirectory(
      chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, 'redact' }"),
      rules: [RuleSource(file: "redact.lua", text: RuleFiles.hiding(name))])
  }

  private static func names(_ policy: HidePolicy) -> [HideMatcher] { policy.steps.map(\.matcher) }

  @Test("it is there beside what a set hides, until another set comes without it")
  func replaced() async throws {
    let host = try SpanProcessorHost(.init(rules: Self.rules("a")))
    let kept = HidePolicy([HideStep(.names(["b"]), origin: "redact.lua:1"), HideStep(.names(["a"]))])
    try await host.replaceRules(with: Self.rules("a"), keeping: kept)
    #expect(Self.names(host.ruleSet.policy) == [.names(["a"]), .names(["b"])], "what a rule hides is not there twice")
    #expect(Self.names(host.ruleSet.kept) == [.names(["b"])])
    // Whoever does not speak of it leaves it as it is.
    try await host.replaceRules(with: Self.rules("c"))
    #expect(Self.names(host.ruleSet.policy) == [.names(["c"]), .names(["b"])])
    try await host.replaceRules(with: Self.rules("c"), keeping: HidePolicy())
    #expect(Self.names(host.ruleSet.policy) == [.names(["c"])] && host.ruleSet.kept.isEmpty)
  }

  @Test("what only hides where a rule asks for it is not taken for what always does")
  func conditional() {
    let asked = HidePolicy([HideStep(.names(["a"]), isConditional: true)])
    #expect(asked.forEverySpan == HidePolicy([HideStep(.names(["a"]))]))
    #expect(asked.forEverySpan.beyond(asked).steps.count == 1)
    #expect(asked.forEverySpan.beyond(asked.forEverySpan).isEmpty)
    let twice = HidePolicy(asked.steps + asked.steps)
    #expect(twice.beyond(HidePolicy()).steps.count == 1)
  }

  @Test("a host may start with it")
  func start() throws {
    var configuration = SpanProcessorHost.Configuration(rules: Self.rules("a"))
    configuration.kept = HidePolicy([HideStep(.names(["b"]))])
    let host = try SpanProcessorHost(configuration)
    #expect(Self.names(host.ruleSet.policy) == [.names(["a"]), .names(["b"])])
  }

  @Test("what is too much beside a set is refused, and does not end the host")
  func tooMuch() async throws {
    let host = try SpanProcessorHost(.init(rules: Self.rules("a")))
    let kept = HidePolicy(
      (0..<65).map { HideStep(.patterns(["secret_\($0)"], examples: []), origin: "redact.lua:\($0)") })
    let errors = try await #require(throws: RuleErrors.self) {
      try await host.replaceRules(with: Self.rules("a"), keeping: kept)
    }
    #expect(errors.errors.map(\.line) == [64])
    #expect(host.ruleSetNumber == RuleSetNumber(1))
  }

  @Test("a set is put in the place of the one that was expected, and of no other")
  func reloader() async throws {
    let files = try RuleFiles()
    let directory = try RuleDirectory(contentsOf: files.path)
    let host = try SpanProcessorHost(.init(rules: directory))
    let reloader = RuleReloader(host, running: directory, path: files.path, interval: .seconds(3600)) { _ in }
    try files.write("rules/redact.lua", RuleFiles.hiding("b"))
    guard case .swapped(_, let edited) = await reloader.reload() else {
      Issue.record("it was not loaded")
      return
    }
    let fault = RuleErrors([RuleError(file: "rules", message: "rolled back")])
    let kept = host.ruleSet.policy.forEverySpan
    #expect(try await reloader.replace(directory, with: edited, keeping: kept) == nil)
    let number = try await reloader.replace(edited, with: directory, keeping: kept, fault: fault)
    #expect(number == RuleSetNumber(3))
    #expect(Self.names(host.ruleSet.policy) == [.names(["a"]), .names(["b"])])
    // The files are known, and are those that were rolled back.
    #expect(reloader.refused?.directory == edited && reloader.refused?.errors == fault)
    #expect(await reloader.reload() == .unchanged)
    // Judged again, they run as they did: nobody has a say in it here.
    #expect(await reloader.reload(judgingAgain: true) == .swapped(RuleSetNumber(4), edited))
  }

  @Test("values for settings that a set does not declare keep no other from giving way to it")
  func unknownSettings() async throws {
    let before = Self.rules("a")
    let host = try SpanProcessorHost(.init(rules: before, settings: [:]))
    host.overrides = RuleOverrides(settings: ["redact": ["limit": "1s"], "gone": ["limit": "1s"]])
    await #expect(throws: RuleErrors.self) { try await host.replaceRules(with: before) }
    _ = try await host.replaceRules(with: before, keeping: HidePolicy(), passingOverUnknownSettings: true)
    // Whoever loads the set that runs once more can, and nothing else is passed over.
    #expect(host.runningConfiguration.configuration.settings.isEmpty && host.overrides.settings.count == 2)
    await #expect(throws: RuleErrors.self) { try await host.replaceRules(with: before) }
  }

  @Test("a host knows what each set has met")
  func figures() async throws {
    let host = try SpanProcessorHost(.init(rules: Self.rules("a")))
    let request = SpanBytes.resource([], spans: (0..<3).map { SpanBytes.span("s\($0)", []) })
    _ = await host.process(Door().admit(request).takeBatch())
    try await host.replaceRules(with: Self.rules("b"))
    for _ in 0..<20 { _ = await host.process(Door().admit(request).takeBatch()) }
    #expect(host.retiredFigures(since: RuleSetNumber(1)).spans == 3)
    #expect(host.retiredFigures(since: RuleSetNumber(2)).spans == 0)
    let running = await host.figures(since: RuleSetNumber(2))
    #expect(running.spans == 60 && running.processorTime > .zero)
    #expect(await host.figures(since: RuleSetNumber(1)).spans == 63)
    #expect(host.retiredFigures(since: RuleSetNumber(1)).bytes * 20 == running.bytes)
  }
}
