internal import ProcessorHost
internal import Tracing

/// Takes finished spans: what all spans of a tracer share.
final class SpanRecorder: Sendable {
  let limits: SpanLimits
  let recordsStackTraces: Bool
  private let inbox: SpanInbox

  init(limits: SpanLimits, recordsStackTraces: Bool, inbox: SpanInbox) {
    self.limits = limits
    self.recordsStackTraces = recordsStackTraces
    self.inbox = inbox
  }

  /// Encodes a span that has ended, for the lanes. Those that are recorded and not sampled go no further.
  func record(
    _ span: HostSpan, _ content: SpanContent, _ attributes: (attributes: SpanAttributes, dropped: Int),
    endTimeUnixNano: UInt64
  ) {
    guard span.spanContext.isSampled else { return }
    inbox.add { output in
      SpanEncoder(output: output, limits: limits).encode(span, content, attributes, endTimeUnixNano: endTimeUnixNano)
    }
  }
}
