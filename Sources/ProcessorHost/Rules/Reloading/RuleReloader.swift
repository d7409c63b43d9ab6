internal import Synchronization

/// Watches a rules directory and puts what is edited there in the place of the rules that run.
///
/// A set is read whole, compiled, tested with the tests beside its rules, and then swapped in between two batches. On
/// any failure the running set stays. Changes are known by what the files say, not by their times, so that it does not
/// matter how an editor writes them.
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
    case failed(RuleErrors)
  }

  private struct State {
    /// What runs.
    var running: RuleDirectory
    /// What was tried last, and what came of it where it failed; nil where the directory could not be read.
    var seen: RuleDirectory?
    var failure: RuleErrors?

    /// Whether there was a failure that is over, as the files say what runs.
    mutating func leaveFailure() -> Bool {
      guard failure != nil, seen == running else { return false }
      failure = nil
      return true
    }
  }

  private let host: SpanProcessorHost
  private let path: String
  private let interval: Duration
  private let report: @Sendable (Outcome) -> Void
  private let state: Mutex<State>
  /// One look at a time.
  private let turn = AsyncTurn()

  /// How long files have to stay the same before they are believed to be written to their end.
  private static let settling = Duration.milliseconds(50)

  /// - Parameters:
  ///   - running: what the host has loaded.
  ///   - path: the directory.
  ///   - interval: how often it is looked at; zero for only when `reload` is called.
  ///   - report: told of every outcome but `unchanged`; of a failure once, until the files change.
  public init(
    _ host: SpanProcessorHost, running: RuleDirectory, path: String, interval: Duration,
    report: @escaping @Sendable (Outcome) -> Void
  ) {
    self.host = host
    self.path = path
    self.interval = interval
    self.report = report
    state = Mutex(State(running: running, seen: running))
  }

  /// What is wrong with the files as they are, where that is why they are not in force.
  public var failure: RuleErrors? { state.withLock { $0.failure } }

  /// Looks at the directory again and again, until the task is cancelled.
  public func run() async {
    let isWatching = interval > .zero
    while true {
      do { try await Task.sleep(for: isWatching ? interval : .seconds(86_400)) } catch { return }
      if isWatching { await reload() }
    }
  }

  /// Looks at the directory now.
  @discardableResult
  public func reload() async -> Outcome {
    await turn.take()
    defer { turn.giveBack() }
    let outcome = await look()
    if outcome != .unchanged { report(outcome) }
    return outcome
  }

  private func look() async -> Outcome {
    let directory: RuleDirectory
    do throws(RuleErrors) {
      guard let settled = try await settledDirectory() else {
        return state.withLock { $0.leaveFailure() } ? .restored : .unchanged
      }
      directory = settled
    } catch {
      state.withLock { $0.seen = nil }
      return failed(error)
    }
    state.withLock { $0.seen = directory }
    do {
      let lane = try Lane()
      try await lane.run { [host] in Result { try host.runTests(of: directory) } }.get()
      let number = try await host.replaceRules(with: directory)
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
      return failed(RuleErrors([RuleError(file: path, message: "the rules could not be loaded: \(error)")]))
    }
  }

  /// The directory once it holds still; nil where it says what it said before.
  private func settledDirectory() async throws(RuleErrors) -> RuleDirectory? {
    var directory = try RuleDirectory(contentsOf: path)
    while true {
      let isKnown = state.withLock { state in
        if directory == state.running { state.seen = directory }
        return directory == state.seen
      }
      if isKnown { return nil }
      // A task that is cancelled meanwhile takes what it has: it will not be asked again.
      try? await Task.sleep(for: Self.settling)
      let next = try RuleDirectory(contentsOf: path)
      if next == directory { return directory }
      directory = next
    }
  }

  /// - Returns: `failed`, or `unchanged` where that is known already.
  private func failed(_ errors: RuleErrors) -> Outcome {
    state.withLock { state in
      if state.failure == errors { return .unchanged }
      state.failure = errors
      return .failed(errors)
    }
  }
}

/// Lets one task through at a time, in the order they came.
private final class AsyncTurn: Sendable {
  private let state = Mutex((isTaken: false, waiting: [CheckedContinuation<Void, Never>]()))

  func take() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        if state.isTaken {
          state.waiting.append(continuation)
          return false
        }
        state.isTaken = true
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  func giveBack() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.waiting.isEmpty {
        state.isTaken = false
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
