public import ProcessorHost

/// Tags spans that took too long with `slow_trace = true` and their `duration_ms`, as rules/slow_trace.lua does.
public struct SlowSpanTagger: SpanProcessor {
  /// The processor's name, the same as the rule's.
  public let name = "slow_trace"
  /// Spans that took longer than this are tagged.
  public let threshold: Duration

  /// A tagger for spans of more than `threshold`, by default 60 seconds.
  public init(threshold: Duration = .seconds(60)) { self.threshold = threshold }

  /// Sets both attributes on a slow span and leaves any other as it is.
  public func onEnding(_ span: borrowing ReadWriteSpan) {
    let nanoseconds = span.durationNanoseconds
    guard Duration.nanoseconds(Int64(clamping: nanoseconds)) > threshold else { return }
    span[attribute: "slow_trace"] = true
    span[attribute: "duration_ms"] = .int(Int64(clamping: nanoseconds / 1_000_000))
  }
}
