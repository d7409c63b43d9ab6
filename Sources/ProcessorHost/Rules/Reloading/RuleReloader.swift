internal import Synchronization

/// Watches a rules directory and puts what is edited there in the place of the rules that run.
///
/// A set is read whole, compiled, tested with the tests beside its rules, and then swapped in between two batches. On
/// any failure the running set stays. Changes are known by what the files say, not by their times, so that it does not
/// matter how an editor writes them, nor what the clock says.
public final class RuleReloader: Sendable {
  /// What a look at the directory led to.
  public enum Outcome: Sendable, Equatable {
    /// The files say what they said the last time.
    case unchanged
    /// The files had been wrong, and say again what runs.
    case restored
    /// The files of this set are in force.
    case swapped(RuleSetNumber, RuleDirectory)
    /// The files are not in force: the rules that ran go on.
    case failed(RefusedRules)
  }

  private struct State {
    /// What runs.
    var running: RuleDirectory
    /// What was read last.
    var seen: Reading
    /// Under which circumstances it was judged; nil: under others than there are now.
    var seenUnder: String?
    /// What was judged last, where it failed.
    var failure: RefusedRules?

    /// Whether there was a failure that is over, as the files say what runs.
    mutating func leaveFailure() -> Bool {
      guard failure != nil, seen == .success(running) else { return false }
      failure = nil
      return true
    }
  }

  private typealias Reading = Result<RuleDirectory, RuleErrors>

  private let host: SpanProcessorHost
  private let path: String
  private let interval: Duration
  private let admission: (any RuleAdmission)?
  private let report: @Sendable (Outcome) -> Void
  private let withoutEvents: @Sendable (String) -> Void
  private let state: Mutex<State>
  /// One look at a time.
  private let turn = AsyncTurn()

  /// How long files have to stay the same before they are believed to be written to their end.
  private static let settling = Duration.milliseconds(50)
  /// How many times in a row a file has to say the same that looks half written.
  private static let readingsOfUnfinished = 40
  /// How many times files may say something else before they are given up until the next look.
  private static let maximumChanges = 40
  /// The least time between two looks that nobody asked for.
  private static let rest = Duration.milliseconds(100)

  /// - Parameters:
  ///   - running: what the host has loaded.
  ///   - path: the directory.
  ///   - interval: how often it is looked at even if the file system tells of no change; zero for only when `reload` is
  ///     called.
  ///   - admission: who has a say in whether a set that holds together may run.
  ///   - report: told of every outcome but `unchanged`; of a failure once, until the files change.
  ///   - withoutEvents: told once, where the file system will not tell of every change, so that some are only seen by
  ///     looking.
  public init(
    _ host: SpanProcessorHost, running: RuleDirectory, path: String, interval: Duration,
    admission: (any RuleAdmission)? = nil,
    report: @escaping @Sendable (Outcome) -> Void, withoutEvents: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.host = host
    self.path = path
    self.interval = interval
    self.admission = admission
    self.report = report
    self.withoutEvents = withoutEvents
    state = Mutex(
      State(running: running, seen: .success(running), seenUnder: admission?.circumstances ?? ""))
  }

  /// The files as they are, where they are wrong and not in force therefore.
  public var refused: RefusedRules? {
    state.withLock { $0.failure }
  }

  /// Looks at the directory when something may have changed there and at every interval, until the task is cancelled.
  public func run() async {
    guard interval > .zero else {
      while !Task.isCancelled { try? await Task.sleep(for: .seconds(86_400)) }
      return
    }
    // Whatever happens during a look leads to one more, not to as many as there were events.
    let (hints, hint) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [path, withoutEvents] in
        await DirectoryEvents(path: path).run(changed: { hint.yield() }, refused: withoutEvents)
      }
      group.addTask { [interval] in
        while (try? await Task.sleep(for: interval)) != nil { hint.yield() }
      }
      group.addTask {
        for await _ in hints {
          let time = await ContinuousClock().measure { _ = await self.reload() }
          // Files that change all the time cost half a core at most.
          try? await Task.sleep(for: max(time, Self.rest))
        }
      }
    }
  }

  /// Looks at the directory now.
  /// - Parameter again: whether files are judged that say what they said the last time, and did not come into force.
  @discardableResult
  public func reload(judgingAgain again: Bool = false) async -> Outcome {
    await turn.take()
    defer { turn.giveBack() }
    if again { state.withLock { $0.seen = .failure(RuleErrors([])) } }
    let outcome = await look()
    if outcome != .unchanged { report(outcome) }
    return outcome
  }

  /// Puts a set in the place of one that runs, by a decision that has nothing to do with the files.
  /// - Parameters:
  ///   - running: what runs; the same, where only what is kept changes.
  ///   - kept: what stays hidden beside what the set hides, asked for once nothing else can come into force.
  ///   - fault: what is said of the files from then on, where they are those of `running`.
  ///   - done: told of it before anybody can look at the directory.
  /// - Returns: the number of the new set; nil where another set than `running` runs by now.
  /// - Throws: where the set cannot be loaded with that: `running` goes on.
  package func replace(
    _ running: RuleDirectory, with directory: RuleDirectory, keeping kept: @autoclosure () -> HidePolicy,
    fault: RuleErrors? = nil, done: @Sendable (RuleSetNumber) -> Void = { _ in }
  ) async throws -> RuleSetNumber? {
    await turn.take()
    defer { turn.giveBack() }
    guard state.withLock({ $0.running == running }) else { return nil }
    // What settings were given for the set that runs must not keep it from giving way.
    let number = try await host.replaceRules(with: directory, keeping: kept(), passingOverUnknownSettings: true)
    state.withLock { state in
      state.running = directory
      if let fault, state.seen == .success(running) { state.failure = RefusedRules(directory: running, errors: fault) }
    }
    done(number)
    return number
  }

  /// Lets somebody change the files while no look at them is under way.
  /// - Parameter body: gets what runs, and a way to look at the directory now.
  package func exclusively<Result>(
    _ body: (_ running: RuleDirectory, _ look: () async -> Outcome) async throws -> Result
  ) async rethrows -> Result {
    await turn.take()
    defer { turn.giveBack() }
    return try await body(state.withLock { $0.running }) {
      let outcome = await look()
      if outcome != .unchanged { report(outcome) }
      return outcome
    }
  }

  /// Runs the tests of a set that is not in the directory, and checks what a look at it would, without putting it in force.
  /// Whoever has a say is not asked.
  /// - Throws: `RuleErrors` with what is wrong.
  package func check(_ directory: RuleDirectory, after running: RuleDirectory) async throws {
    try directory.checkNothingEmptied(since: running)
    let lane = try Lane()
    try await lane.run { [host] in Result { try host.runTests(of: directory) } }.get()
  }

  /// Brings another chain and other values of settings into force, with the rules that run or, where they only go with
  /// files that were edited meanwhile, with those.
  /// - Throws: what is wrong with them. Then nothing has changed.
  package func use(_ overrides: RuleOverrides) async throws {
    await turn.take()
    defer { turn.giveBack() }
    let before = host.overrides
    host.overrides = overrides
    do {
      try await host.replaceRules(with: state.withLock { $0.running })
      // Files that were wrong may be right with these.
      await lookAnew()
    } catch {
      let outcome = await lookAnew(telling: false)
      if case .swapped = outcome { return report(outcome) }
      host.overrides = before
      await lookAnew()
      throw error
    }
  }

  /// Looks once more at files that were refused.
  @discardableResult
  private func lookAnew(telling: Bool = true) async -> Outcome {
    state.withLock { if $0.failure != nil { $0.seenUnder = nil } }
    let outcome = await look()
    if telling, outcome != .unchanged { report(outcome) }
    return outcome
  }

  private func look() async -> Outcome {
    let circumstances = admission?.circumstances ?? ""
    guard let reading = await settledReading(circumstances) else {
      return state.withLock { $0.leaveFailure() } ? .restored : .unchanged
    }
    let running = state.withLock { state in
      state.seen = reading
      state.seenUnder = circumstances
      return state.running
    }
    if reading == .success(running) {
      admission?.circumstancesChanged(for: running)
      return state.withLock { $0.leaveFailure() } ? .restored : .unchanged
    }
    do {
      let directory = try reading.get()
      try directory.checkNothingEmptied(since: running)
      let lane = try Lane()
      try await lane.run { [host, admission] in
        Result {
          try host.runTests(of: directory)
          try admission?.admit(directory, after: running)
        }
      }.get()
      let number = try await host.replaceRules(with: directory, keeping: admission?.kept(beside: directory))
      state.withLock { state in
        state.running = directory
        state.failure = nil
      }
      return .swapped(number, directory)
    } catch let errors as RuleErrors {
      return failed(errors)
    } catch let error as RuleError {
      return failed(RuleErrors([error]))
    } catch {
      let errors = RuleErrors([RuleError(file: path, message: "the rules could not be loaded: \(error)")])
      // It is not the files' fault, so that the next look tries them again.
      state.withLock { $0.seen = .failure(errors) }
      return failed(errors)
    }
  }

  /// The directory once it holds still, or why it cannot be read, once that does; nil where it says what it said before.
  private func settledReading(_ circumstances: String) async -> Reading? {
    var reading = read()
    var same = 1
    var changes = 0
    while changes < Self.maximumChanges {
      let (isKnown, isUnfinished) = state.withLock { state in
        if reading == .success(state.running) { state.seen = reading }
        return (
          reading == state.seen && circumstances == state.seenUnder,
          (try? reading.get())?.mayBeUnfinished(since: state.running) ?? false
        )
      }
      if isKnown { return nil }
      if same >= (isUnfinished ? Self.readingsOfUnfinished : 2) { return reading }
      // What is half written is not believed because the host ends.
      do { try await Task.sleep(for: Self.settling) } catch { return nil }
      let next = read()
      if next == reading {
        same += 1
      } else {
        (reading, same) = (next, 1)
        changes += 1
      }
    }
    let error = RuleError(
      file: path,
      message: "the files change all the time; a set is read once they stay the same for \(Self.settling)")
    return .failure(RuleErrors([error]))
  }

  private func read() -> Reading {
    Result { () throws(RuleErrors) in try RuleDirectory(contentsOf: path) }
  }

  /// - Returns: `failed`, or `unchanged` where that is known already.
  private func failed(_ errors: RuleErrors) -> Outcome {
    state.withLock { state in
      let refused = RefusedRules(directory: try? state.seen.get(), errors: errors)
      defer { state.failure = refused }
      return state.failure?.errors == errors ? .unchanged : .failed(refused)
    }
  }
}
