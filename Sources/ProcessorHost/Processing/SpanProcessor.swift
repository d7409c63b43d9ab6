/// Something that looks at each finished span before it is exported, written in Swift.
///
/// A processor stands in the chain beside rules and has their rights: it may read and change the span, keep, sample or
/// drop it, and fail. OpenTelemetry specification: SDK, Span processor, OnEnding.
public protocol SpanProcessor: Sendable {
  /// The name under which the chain, the ledger and reports know it.
  var name: String { get }

  /// What becomes of a span for which `onEnding` throws. The default is `pass`: the processor's own edits are undone,
  /// and hiding still runs.
  var failurePolicy: FailurePolicy { get }

  /// Called once for each span, on one of the host's lanes, never on a thread of the app or of an event loop.
  ///
  /// Several lanes call it at the same time, for different spans. It should not block: the lane waits. What it throws
  /// undoes what it did to this span and is counted.
  func onEnding(_ span: borrowing ReadWriteSpan) throws
}

extension SpanProcessor {
  /// `pass`.
  public var failurePolicy: FailurePolicy { .pass }
}

/// What becomes of a span when a rule or processor fails on it.
public enum FailurePolicy: String, Sendable, CaseIterable {
  /// Without the failed one's edits. Hiding, being data, runs all the same.
  case pass
  /// With nothing left but ids, times, kind, status code, flags and the sampling threshold.
  case strip
  /// Not at all.
  case drop
}

/// A processor made of a closure.
public struct ClosureProcessor: SpanProcessor {
  /// The name it was given.
  public let name: String
  /// The policy it was given.
  public let failurePolicy: FailurePolicy
  private let body: @Sendable (borrowing ReadWriteSpan) throws -> Void

  /// A processor that calls `body` for each span, from several lanes at a time.
  public init(
    _ name: String, failurePolicy: FailurePolicy = .pass,
    _ body: @escaping @Sendable (borrowing ReadWriteSpan) throws -> Void
  ) {
    self.name = name
    self.failurePolicy = failurePolicy
    self.body = body
  }

  /// Calls the closure.
  public func onEnding(_ span: borrowing ReadWriteSpan) throws { try body(span) }
}
