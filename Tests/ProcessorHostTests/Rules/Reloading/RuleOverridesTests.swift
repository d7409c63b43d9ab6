internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("Values of settings that change while rules are watched")
struct RuleOverridesTests {
  private static func cutting(_ setting: String) -> String {
    """
    local settings = settings { \(setting) = count(100) }
    return rule { about = "Cuts.", hide = { cut(match.names { "note" }, settings.\(setting)) } }

    """
  }

  private func start(_ files: RuleFiles, _ log: OutcomeLog) throws -> (SpanProcessorHost, RuleReloader) {
    try files.write("rules/redact.lua", Self.cutting("length"))
    try? FileManager.default.removeItem(atPath: files.path + "/redact.test.lua")
    let directory = try RuleDirectory(contentsOf: files.path)
    let host = try SpanProcessorHost(.init(rules: directory))
    return (
      host,
      RuleReloader(host, running: directory, path: files.path, interval: .seconds(3600)) { log.add($0) }
    )
  }

  private func length(_ host: SpanProcessorHost) -> String? {
    host.ruleSet.rules.first?.settings.first.map { "\($0.name)=\($0.valueText)" }
  }

  @Test("They come into force with the rules that run")
  func changed() async throws {
    let files = try RuleFiles()
    let log = OutcomeLog()
    let (host, reloader) = try start(files, log)
    try await reloader.use(RuleOverrides(settings: ["redact": ["length": "7"]]))
    #expect(length(host) == "length=7" && host.ruleSetNumber == RuleSetNumber(2))
    #expect(log.all == [])
    // The next edit is loaded with them.
    try files.write("rules/redact.lua", Self.cutting("length") + "-- edited\n")
    #expect(await reloader.reload() != .unchanged)
    #expect(length(host) == "length=7")
  }

  @Test("Wrong ones change nothing, and the next edit is loaded with those before")
  func wrong() async throws {
    let files = try RuleFiles()
    let log = OutcomeLog()
    let (host, reloader) = try start(files, log)
    try await reloader.use(RuleOverrides(settings: ["redact": ["length": "7"]]))
    let errors = await #expect(throws: RuleErrors.self) {
      try await reloader.use(RuleOverrides(settings: ["redact": ["lenght": "8"]]))
    }
    #expect(errors?.description.contains("did you mean length") == true)
    #expect(length(host) == "length=7" && host.ruleSetNumber == RuleSetNumber(2))
    #expect(log.all == [] && reloader.refused == nil)
    #expect(await reloader.reload() == .unchanged)
    try files.write("rules/redact.lua", Self.cutting("length") + "-- edited\n")
    #expect(await reloader.reload() != .unchanged)
    #expect(length(host) == "length=7")
  }

  @Test("Values and the rules that declare them come into force together, whichever was told of first")
  func together() async throws {
    let files = try RuleFiles()
    let log = OutcomeLog()
    let (host, reloader) = try start(files, log)
    try files.write("rules/redact.lua", Self.cutting("size"))
    try await reloader.use(RuleOverrides(settings: ["redact": ["size": "5"]]))
    #expect(length(host) == "size=5" && log.all.count == 1)
    // Here the rules were read first, and were wrong with the values there were.
    try files.write("rules/redact.lua", Self.cutting("width"))
    guard case .failed = await reloader.reload() else {
      Issue.record("a value of a setting that is not declared was taken")
      return
    }
    try await reloader.use(RuleOverrides(settings: ["redact": ["width": "4"]]))
    #expect(length(host) == "width=4" && reloader.refused == nil)
  }

  @Test("An edit that wrong values would have spoilt is in force without them")
  func spoilt() async throws {
    let files = try RuleFiles()
    let log = OutcomeLog()
    let (host, reloader) = try start(files, log)
    try files.write("rules/redact.lua", Self.cutting("size"))
    await #expect(throws: RuleErrors.self) {
      try await reloader.use(RuleOverrides(settings: ["redact": ["height": "5"]]))
    }
    #expect(length(host) == "size=100" && reloader.refused == nil)
    guard case .swapped = log.all.last, log.all.count == 1 else {
      Issue.record("\(log.all)")
      return
    }
  }

  @Test("Files that are wrong stay wrong, are told once, and do not keep values from changing")
  func brokenFiles() async throws {
    let files = try RuleFiles()
    let log = OutcomeLog()
    let (host, reloader) = try start(files, log)
    try files.write("rules/redact.lua", "return rul {}\n")
    #expect(await reloader.reload() != .unchanged)
    try await reloader.use(RuleOverrides(settings: ["redact": ["length": "7"]]))
    #expect(length(host) == "length=7" && reloader.refused != nil && log.all.count == 1)
  }
}
