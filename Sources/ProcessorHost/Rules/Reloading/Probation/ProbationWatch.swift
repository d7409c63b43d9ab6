/// Looks at a set on probation now and then, until it has passed or failed.
package struct ProbationWatch: Sendable {
  /// The time between two looks: a rule that fails on every span is rolled back before anybody has found out.
  package static let interval = Duration.milliseconds(500)

  private let clock: any Clock<Duration>

  package init(clock: any Clock<Duration> = ContinuousClock()) { self.clock = clock }

  /// - Parameter figures: what the set has met and cost so far; nil where another set runs by now.
  /// - Returns: `passed` or `failed`; nil where another set runs by now, or the task was cancelled.
  package func run(
    _ probation: Probation, figures: @Sendable () async -> RuleSetFigures?
  ) async -> Probation.Verdict? {
    var probation = probation
    while true {
      let elapsed: Duration
      do { elapsed = try await sleep(clock) } catch { return nil }
      guard let now = await figures() else { return nil }
      let verdict = probation.look(at: now, after: elapsed)
      if verdict != .goesOn { return verdict }
    }
  }

  /// Waits for the next look; how long that took.
  private func sleep<C: Clock>(_ clock: C) async throws -> Duration where C.Duration == Duration {
    let start = clock.now
    try await clock.sleep(until: start.advanced(by: Self.interval), tolerance: nil)
    return start.duration(to: clock.now)
  }
}
