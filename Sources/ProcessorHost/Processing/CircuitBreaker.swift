/// Stops calling a stage that keeps failing: its failure policy is applied without the call.
///
/// Counted in spans, not in time, so that the same spans always have the same outcome.
package struct CircuitBreaker: Sendable {
  /// Failures in a row that open it.
  package static let threshold = 64
  /// Spans that pass without a call before one is tried again.
  package static let pause = 1024

  private var failuresInARow = 0
  private var skipping = 0
  /// How often it has opened.
  package private(set) var timesOpened = 0

  package init() {}

  package var isOpen: Bool { skipping > 0 }

  /// Whether to call the stage for the next span.
  package mutating func shouldCall() -> Bool {
    if skipping == 0 { return true }
    skipping -= 1
    return false
  }

  package mutating func succeeded() { failuresInARow = 0 }

  package mutating func failed() {
    failuresInARow += 1
    if failuresInARow >= Self.threshold {
      skipping = Self.pause
      timesOpened += 1
      // One more failure after the pause opens it again.
      failuresInARow = Self.threshold - 1
    }
  }
}
