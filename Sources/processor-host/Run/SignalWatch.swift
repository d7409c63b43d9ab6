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
  let end: @Sendable () async -> Void
  let endAtOnce: @Sendable () async -> Void
  let reload: @Sendable () async -> Void

  /// Whether this process has a terminal that can hang up.
  static var hasTerminal: Bool {
    let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY)
    if terminal < 0 { return false }
    close(terminal)
    return true
  }

  /// Watches until the task is cancelled.
  func run() async {
    var isEnding = false
    for await signal in await UnixSignalsSequence(
      trapping: Self.hasTerminal ? [.sigterm, .sigint] : [.sigterm, .sigint, .sighup])
    {
      if signal == .sighup {
        await reload()
      } else if isEnding {
        await endAtOnce()
      } else {
        isEnding = true
        await end()
      }
    }
  }
}
