/// The account of the spans that were handed to one exporter: what came equals what became of it.
public struct ExportAccount: Sendable, Equatable {
  /// Why spans were lost that the backend could have taken.
  public enum Loss: String, Sendable, CaseIterable {
    /// There was no room, and the exporter is not one that pushes back.
    case queueFull = "queue_full"
    /// The backend could not be reached, or was busy, for as long as a batch is tried.
    case retriesExhausted = "retries_exhausted"
    /// They were given up after an attempt without an answer, for whatever reason: the backend may have them.
    case unanswered
    /// Other rules came into force while they waited, and they could not be hidden again.
    case unhidden
    /// They had not been sent when the time to end was over.
    case shutdown
  }

  /// Spans that were handed over.
  public var received = 0
  /// Spans that the backend has taken.
  public var exported = 0
  /// Spans that the backend has refused for good.
  public var refused = 0
  /// Spans that were lost, by reason.
  public var lost: [Loss: Int] = [:]
  /// Spans that wait, or are on their way.
  public var inside = 0
  /// Bytes of the requests that are inside.
  public var insideBytes = 0
  /// Of the spans inside, those that were sent without an answer.
  public var uncertain = 0
  /// Attempts that were made.
  public var attempts = 0

  /// An account with nothing in it.
  public init() {}

  /// Whether both sides of the account are the same.
  public var isBalanced: Bool { received == exported + refused + lost.values.reduce(0, +) + inside }
}
