/// How spans are gathered into batches, and how much may wait. OpenTelemetry specification: Batching processor.
package struct QueueSettings: Sendable, Equatable {
  /// Spans that may be inside, in all and for each exporter.
  package var maxSpans = 2048
  /// Bytes that may be inside, in all and for each exporter.
  package var maxBytes = 64 << 20
  /// The most spans of one batch.
  package var maxBatchSpans = 512
  /// The longest a span waits for its batch to become full.
  package var scheduleDelay = Duration.seconds(5)
  /// How long one attempt to export may take, whatever the exporter allows itself.
  package var exportTimeout = Duration.seconds(30)
  /// Requests of each exporter that may be under way at a time.
  package var concurrentRequests = 4

  package init() {}
}
