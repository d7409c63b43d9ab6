internal import BuiltinProcessors
public import ServiceLifecycle
internal import Synchronization

/// Sends the spans of a tracer while it runs.
///
/// When it is to end, or its task is cancelled, it first decides the traces that are held and sends what is inside, for
/// at most `Configuration.shutdownTimeout`. Where it never runs, spans wait up to the queue's limit; what comes then is
/// dropped, and counted.
public final class TracingService: Service {
  /// Nil where tracing is switched off.
  private let engine: TracingEngine?
  private let hasRun = Mutex(false)

  init(engine: TracingEngine?) { self.engine = engine }

  /// Sends spans until a graceful shutdown or a cancellation, and what is inside then. A second call returns at once.
  public func run() async throws {
    let isFirst = hasRun.withLock { hasRun in
      defer { hasRun = true }
      return !hasRun
    }
    guard let engine, isFirst else { return try await gracefulShutdown() }
    // Not a child: where this task is cancelled, there are spans yet to be sent.
    let work = Task.detached { await engine.run() }
    await withTaskCancellationOrGracefulShutdown()
    await Task.detached {
      engine.inbox.close()
      await Self.wait(for: engine.finish, atMost: engine.shutdownTimeout)
      engine.queue.close()
      work.cancel()
      await work.value
      engine.tellWhatIsLeft()
    }.value
  }

  /// Brings the spans that have ended before the call through the rules and to the backend, and waits until they are
  /// there, refused or lost. OpenTelemetry specification: SDK, ForceFlush.
  ///
  /// Where whole traces are looked at, those whose root has ended are decided now, without the grace period; spans that
  /// end later follow the decision. Those whose root has not ended are held on: nobody can say yet what becomes of them,
  /// and they are not waited for. See `Configuration.Traces.root` for what a root is.
  /// - Parameter timeout: the longest that it waits.
  /// - Returns: whether all came to their end in time.
  @discardableResult
  public func forceFlush(within timeout: Duration = .seconds(30)) async -> Bool {
    guard let engine else { return true }
    return await Self.wait(for: engine.forceFlush, atMost: timeout)
  }

  @discardableResult
  private static func wait(for work: @escaping @Sendable () async -> Void, atMost timeout: Duration) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await work()
        return !Task.isCancelled
      }
      group.addTask {
        try? await Task.sleep(for: timeout)
        return false
      }
      let isDone = await group.next() ?? false
      group.cancelAll()
      return isDone
    }
  }

  private func withTaskCancellationOrGracefulShutdown() async {
    // It throws where the task is cancelled, which is the other way to end.
    try? await gracefulShutdown()
  }

  /// The digest of the rules in force, as the scopes of exported spans carry it; nil where tracing is switched off.
  public var rulesDigest: String? { engine?.host.runningConfiguration.configuration.rules.digest }

  /// What became of the spans so far.
  public func account() async -> TracingAccount {
    guard let engine else { return TracingAccount() }
    return await TracingAccount(engine)
  }
}
