internal import UnixSignals

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What signals mean to a host that runs: SIGTERM and SIGINT end it, a second one at once; SIGHUP has the rules read again.
///
/// On a controlling terminal SIGHUP is left alone: there it says that the terminal went away, and ends the host.
struct SignalWatch: Sendable {
  private let end: @Sendable () async -> Void
  private let endAtOnce: @Sendable () async -> Void
  private let reload: @Sendable () async -> Void
  private let signals: UnixSignalsSequence

  /// From here on the signals do nothing until `run` is called: a host that says it is ready can be ended in order.
  init(
    end: @escaping @Sendable () async -> Void, endAtOnce: @escaping @Sendable () async -> Void,
    reload: @escaping @Sendable () async -> Void
  ) async {
    self.end = end
    self.endAtOnce = endAtOnce
    self.reload = reload
    signals = await UnixSignalsSequence(
      trapping: Self.hasTerminal ? [.sigterm, .sigint] : [.sigterm, .sigint, .sighup])
  }

  /// Whether this process has a terminal that can hang up.
  private static var hasTerminal: Bool {
    let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY)
    if terminal < 0 { return false }
    close(terminal)
    return true
  }

  /// Watches until the task is cancelled.
  func run() async {
    // Rules are read beside the watch, so that a signal to end does not wait for it; once more for all that ask meanwhile.
    let (hangups, hangup) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [reload] in
        for await _ in hangups { await reload() }
      }
      var isEnding = false
      for await signal in signals {
        if signal == .sighup {
          hangup.yield()
        } else if isEnding {
          await endAtOnce()
        } else {
          isEnding = true
          await end()
        }
      }
      hangup.finish()
    }
  }
}
