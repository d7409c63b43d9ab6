package import BuiltinProcessors
internal import Foundation
package import ProcessorHost
internal import Synchronization

/// Runs a candidate beside the rules in force, on requests that receivers have taken, and counts what it would change.
///
/// The spans that leave do not wait for it and are not touched by it: it has a lane of its own, a bounded mailbox, a share
/// of one core, and both sets loaded anew. It writes nothing, and keeps no value of a span.
package final class ShadowRunner: Sendable {
  /// What is compared, and how.
  package struct Configuration: Sendable {
    /// Where the candidate is.
    package var directory: String
    package var budget: ShadowBudget
    /// How often it is looked at whether the candidate has changed.
    package var interval: Duration
    package var samplingMode: ConsistentProbabilitySampler.Mode
    /// The keys for pseudonyms, by the names that rules call them.
    package var keys: [String: PseudonymKeyRing]

    package init(
      directory: String, budget: ShadowBudget, interval: Duration,
      samplingMode: ConsistentProbabilitySampler.Mode = .equalizing, keys: [String: PseudonymKeyRing] = [:]
    ) {
      self.directory = directory
      self.budget = budget
      self.interval = interval
      self.samplingMode = samplingMode
      self.keys = keys
    }
  }

  /// Something that is to be told.
  package enum Event: Sendable {
    case comparing(digest: String, ReviewVerdict)
    case failing(RuleErrors)
    case same
    case absent
  }

  /// What was counted since the start, over all candidates.
  package struct Totals: Sendable {
    package var compared = 0
    package var passedOver = 0
    package var changes: [ShadowChange.Kind: Int] = [:]
    package var isFailing = false
  }

  private struct State {
    var report: ShadowReport
    var table = ShadowTable()
    var totals = Totals()
    /// The candidate that is compared.
    var candidate: RuleDirectory?
  }

  private typealias Reading = Result<RuleDirectory, RuleErrors>

  /// What the pair that is compared was made of.
  private struct Loaded {
    var number: RuleSetNumber
    /// Nil where there is none.
    var reading: Reading?
    /// Nil where there is nothing to compare.
    var pair: ShadowPair?
  }

  /// How long the lane works before it is seen how much rest that needs.
  private static let slice = Duration.milliseconds(20)
  /// How long files have to stay the same before they are believed to be written to their end.
  private static let settling = Duration.milliseconds(50)

  private let configuration: Configuration
  private let host: SpanProcessorHost
  private let mailbox = ShadowMailbox()
  private let tell: @Sendable (Event) -> Void
  private let state: Mutex<State>
  private let hints = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  /// - Parameters:
  ///   - host: the host whose rules are in force.
  ///   - tell: told when something about the candidate changes.
  package init(
    _ configuration: Configuration, host: SpanProcessorHost, tell: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.host = host
    self.tell = tell
    var report = ShadowReport(.loading, live: host.runningConfiguration.configuration.rules.digest)
    report.directory = configuration.directory
    state = Mutex(State(report: report))
  }

  // MARK: What is asked

  /// What was found so far.
  package var report: ShadowReport {
    state.withLock { state in
      var report = state.report
      report.changes = state.table.changes
      for change in report.changes { report.counts[change.kind.rawValue, default: 0] += change.spans }
      return report
    }
  }

  package var totals: Totals { state.withLock { $0.totals } }

  /// The candidate that is compared with what runs; nil where none is.
  package var candidate: RuleDirectory? { state.withLock { $0.candidate } }

  /// Where the candidate is.
  package var directory: String { configuration.directory }

  // MARK: What is given

  /// Offers a request that was taken. Never waits; costs next to nothing where nothing is compared.
  package func offer(_ request: [UInt8], _ format: RequestFormat) {
    switch mailbox.offer(ShadowMailbox.Request(bytes: request, format: format)) {
    case .closed: break
    case .passedOver:
      // Of JSON only the size is known: a span of the usual size has a kilobyte.
      passOver(format == .json ? request.count / 1024 + 1 : SpanCount.count(in: request))
    case .taken(let isFirst): if isFirst { hints.continuation.yield() }
    }
  }

  private func passOver(_ spans: Int) {
    state.withLock { state in
      state.report.passedOver += spans
      state.totals.passedOver += spans
    }
  }

  // MARK: Running

  /// Compares until the task is cancelled. To be called once.
  package func run() async {
    let lane: Lane
    do { lane = try Lane() } catch {
      // The host goes on without a comparison.
      tell(.failing(Self.errors(error, configuration.directory)))
      while (try? await Task.sleep(for: .seconds(86_400))) != nil {}
      return
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [interval = configuration.interval, hint = hints.continuation] in
        while (try? await Task.sleep(for: interval)) != nil { hint.yield() }
      }
      group.addTask { await self.work(on: lane) }
    }
    mailbox.close()
  }

  private func work(on lane: Lane) async {
    var loaded = await look(nil, lane)
    var looked = ContinuousClock.now
    for await _ in hints.stream {
      while !Task.isCancelled {
        if host.ruleSetNumber != loaded.number || ContinuousClock.now - looked >= configuration.interval {
          loaded = await look(loaded, lane)
          looked = .now
        }
        guard let pair = loaded.pair, let request = mailbox.take() else { break }
        await compare(request, pair, loaded.number, lane)
      }
      if Task.isCancelled { return }
    }
  }

  private func compare(
    _ request: ShadowMailbox.Request, _ pair: ShadowPair, _ number: RuleSetNumber, _ lane: Lane
  ) async {
    var isFirst = true
    // The rest of a request is of no use once other rules run.
    while !Task.isCancelled, host.ruleSetNumber == number {
      let (slice, time) = await lane.run { [isFirst] in
        let start = ContinuousClock.now
        if isFirst { pair.begin(request) }
        return (pair.work(for: Self.slice), ContinuousClock.now - start)
      }
      isFirst = false
      add(slice)
      await rest(after: time)
      if slice.isFinished { return }
    }
  }

  private func rest(after time: Duration) async {
    let rest = configuration.budget.rest(after: time)
    if rest > .zero { try? await Task.sleep(for: rest) }
  }

  private func add(_ slice: ShadowPair.Slice) {
    state.withLock { state in
      state.report.spans += slice.compared
      state.totals.compared += slice.compared
      state.report.passedOver += slice.passedOver
      state.totals.passedOver += slice.passedOver
      for change in slice.changes {
        state.table.add(change)
        state.totals.changes[change.kind, default: 0] += change.spans
      }
    }
  }

  // MARK: The candidate

  /// Looks whether the candidate, or what runs, is another, and loads both where it is.
  private func look(_ before: Loaded?, _ lane: Lane) async -> Loaded {
    let (number, live) = host.runningConfiguration
    let start = ContinuousClock.now
    let reading = await read(lane)
    if let before, before.number == number, before.reading == reading { return before }
    // What is half written is looked at again soon.
    try? await Task.sleep(for: Self.settling)
    if await read(lane) != reading, let before, before.number == number { return before }
    var loaded = Loaded(number: number, reading: reading)
    mailbox.close()
    var report = ShadowReport(.absent, live: live.rules.digest)
    report.directory = configuration.directory
    report.since = "\(Timestamp.now())"
    do {
      if let candidate = try reading?.get() {
        report.candidate = candidate.digest
        if report.candidate == report.live {
          report.state = .same
        } else {
          loaded.pair = try await load(candidate, live, lane)
          report.state = .comparing
          report.verdict = loaded.pair?.diff.verdict
          report.findings = loaded.pair?.diff.findings ?? []
        }
      }
    } catch {
      report.state = .failing
      report.errors = Self.errors(error, configuration.directory).errors.map { ShadowReport.Fault($0) }
      tell(.failing(Self.errors(error, configuration.directory)))
    }
    begin(report, try? reading?.get())
    if loaded.pair != nil { mailbox.open() }
    await rest(after: .now - start - Self.settling)
    return loaded
  }

  /// The counts start anew.
  private func begin(_ report: ShadowReport, _ candidate: RuleDirectory?) {
    let before = state.withLock { state in
      defer {
        state.report = report
        state.table = ShadowTable()
        state.candidate = report.state == .comparing ? candidate : nil
        state.totals.isFailing = report.state == .failing
      }
      return state.report.state
    }
    switch report.state {
    case .comparing: tell(.comparing(digest: report.candidate ?? "", report.verdict ?? .other))
    case .same: tell(.same)
    case .absent where before != .absent: tell(.absent)
    case .absent, .off, .loading, .failing: break
    }
  }

  private func load(
    _ candidate: RuleDirectory, _ live: SpanProcessorHost.Configuration, _ lane: Lane
  ) async throws -> ShadowPair {
    // What is hidden beside the rules in force is no part of the candidate.
    var proposed = live
    proposed.rules = candidate
    proposed.hide = HidePolicy()
    proposed.lanes = 1
    var running = live
    running.lanes = 1
    return try await lane.run { [configuration, proposed, running] in
      Result {
        try ShadowPair(
          live: running, candidate: proposed, samplingMode: configuration.samplingMode, keys: configuration.keys)
      }
    }.get()
  }

  /// Nil where there is no directory.
  private func read(_ lane: Lane) async -> Reading? {
    await lane.run { [path = configuration.directory] in
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      return Result { () throws(RuleErrors) in try RuleDirectory(contentsOf: path) }
    }
  }

  private static func errors(_ error: any Error, _ path: String) -> RuleErrors {
    switch error {
    case let errors as RuleErrors: errors
    case let error as RuleError: RuleErrors([error])
    default: RuleErrors([RuleError(file: path, message: "the candidate could not be loaded: \(error)")])
    }
  }
}
