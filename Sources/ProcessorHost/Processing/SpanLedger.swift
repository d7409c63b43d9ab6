/// The account of the spans: what came in equals what went out, what was dropped, by reason, and what is held.
public struct SpanLedger: Sendable, Equatable {
  /// Spans that passed the door.
  public var received = 0
  /// Spans that left the chain.
  public var emitted = 0
  /// Of the emitted, those that were reduced to their frame because something failed.
  public var stripped = 0
  /// Spans dropped by a rule or processor, by its reason.
  public var dropped: [String: Int] = [:]
  /// Spans that a sampler or rate limit did not take, by reason.
  public var sampledOut: [String: Int] = [:]
  /// Spans that are held until their whole trace is decided.
  public var held = 0
  /// Failures, by the place that failed; a span may meet several.
  public var failures: [String: Int] = [:]
  /// Stages that were not called because their breaker was open, by name.
  public var skipped: [String: Int] = [:]

  /// An account with nothing in it.
  public init() {}

  /// Whether both sides of the account are the same.
  public var isBalanced: Bool { received == emitted + total(dropped) + total(sampledOut) + held }

  /// Adds the counts of another lane.
  public static func += (left: inout SpanLedger, right: SpanLedger) {
    left.received += right.received
    left.emitted += right.emitted
    left.stripped += right.stripped
    left.dropped.merge(right.dropped, uniquingKeysWith: +)
    left.sampledOut.merge(right.sampledOut, uniquingKeysWith: +)
    left.held += right.held
    left.failures.merge(right.failures, uniquingKeysWith: +)
    left.skipped.merge(right.skipped, uniquingKeysWith: +)
  }

  private func total(_ counts: [String: Int]) -> Int { counts.values.reduce(0, +) }
}
