internal import BuiltinProcessors
internal import ProcessorHost
internal import Synchronization
internal import Testing

/// A host whose rules directory is watched. Nobody looks at the directory by the clock within the time of a test: what is
/// found there was told of by the file system.
struct WatchedRules {
  let host: SpanProcessorHost
  let reloader: RuleReloader
  private let path: String
  private let log = OutcomeLog()

  private init(_ path: String) throws {
    let directory = try RuleDirectory(contentsOf: path)
    host = try SpanProcessorHost(.init(rules: directory))
    self.path = path
    reloader = RuleReloader(
      host, running: directory, path: path, interval: .seconds(3600), report: { [log] in log.add($0) },
      withoutEvents: { Issue.record("there are no events: \($0)") })
  }

  /// Watches while `body` runs.
  static func watch(_ path: String, _ body: (WatchedRules) async throws -> Void) async throws {
    let watched = try WatchedRules(path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await watched.reloader.run() }
      await watched.holdStill()
      try await body(watched)
      group.cancelAll()
    }
  }

  /// Lets the watch come to rest, so that what is found later comes of what is done later.
  func holdStill() async { try? await Task.sleep(for: .milliseconds(300)) }

  /// Returns once what the files say now is in force.
  func inForce() async throws {
    let expected = try RuleDirectory(contentsOf: path)
    await eventually { log.all.last(where: { $0 != .restored }).map { Self.isSwap($0, to: expected) } ?? false }
    #expect(reloader.refused == nil)
    await holdStill()
  }

  /// Returns once the files are refused for something that an error says.
  func refused(_ words: String) async {
    await eventually { reloader.refused?.errors.description.contains(words) == true }
    await holdStill()
  }

  /// Returns once the files say again what runs.
  func restored() async {
    await eventually { log.all.last == .restored }
    #expect(reloader.refused == nil)
    await holdStill()
  }

  var outcomes: [RuleReloader.Outcome] { log.all }

  /// The sets that came into force, in order.
  var swaps: [RuleDirectory] {
    log.all.compactMap { if case .swapped(_, let directory) = $0 { directory } else { nil } }
  }

  private static func isSwap(_ outcome: RuleReloader.Outcome, to directory: RuleDirectory) -> Bool {
    if case .swapped(_, directory) = outcome { true } else { false }
  }
}

/// What was reported.
final class OutcomeLog: Sendable {
  private let outcomes = Mutex<[RuleReloader.Outcome]>([])
  var all: [RuleReloader.Outcome] { outcomes.withLock { $0 } }
  func add(_ outcome: RuleReloader.Outcome) { outcomes.withLock { $0.append(outcome) } }
}
