package import ProcessorHost

extension TracingBackend.Configuration {
  /// How spans wait for the exporter. OpenTelemetry specification: SDK, Batching processor.
  public struct Queue: Sendable, Equatable {
    /// The most spans that are inside at a time, 1 or more; past it the newest are dropped, and counted.
    /// PROCESSOR_HOST_QUEUE_MAX_SPANS, else OTEL_BSP_MAX_QUEUE_SIZE; 2048.
    public var maxQueueSize = 2048
    /// The most bytes that are inside at a time, 64 KiB or more. PROCESSOR_HOST_QUEUE_MAX_BYTES, 64 MiB.
    public var maxQueueBytes = 64 << 20
    /// The most spans of one batch, 1 or more; no more than the queue has room for.
    /// PROCESSOR_HOST_QUEUE_MAX_BATCH_SPANS, else OTEL_BSP_MAX_EXPORT_BATCH_SIZE; 512.
    public var maxExportBatchSize = 512
    /// The longest a span waits for its batch to become full, 1 ms or more; 0 in the variable stands for that.
    /// PROCESSOR_HOST_QUEUE_SCHEDULE_DELAY (`5s`), else OTEL_BSP_SCHEDULE_DELAY (milliseconds); 5 s.
    public var scheduleDelay = Duration.seconds(5)
    /// How long one attempt to export may take, 1 ms or more, whatever the exporter allows itself.
    /// PROCESSOR_HOST_QUEUE_EXPORT_TIMEOUT (`30s`), else OTEL_BSP_EXPORT_TIMEOUT (milliseconds, 0 for no limit); 30 s.
    public var exportTimeout = Duration.seconds(30)

    /// The specification's defaults, and 64 MiB.
    public init() {}
  }
}

extension TracingBackend.Configuration.Queue {
  /// When a batch leaves, and how much may be inside.
  package var limits: SpanQueue.Limits {
    SpanQueue.Limits(
      batchSize: min(maxExportBatchSize, maxQueueSize), scheduleDelay: scheduleDelay, spans: maxQueueSize,
      bytes: maxQueueBytes)
  }

  /// Takes over what the environment says.
  mutating func apply(_ reader: inout EnvironmentReader) {
    let hour = Duration.seconds(3600)
    maxQueueSize =
      reader.first([
        .count("PROCESSOR_HOST_QUEUE_MAX_SPANS", 1...100_000_000), .count("OTEL_BSP_MAX_QUEUE_SIZE", 1...100_000_000),
      ]) ?? maxQueueSize
    maxQueueBytes = reader.first([.bytes("PROCESSOR_HOST_QUEUE_MAX_BYTES", 1 << 16...1 << 40)]) ?? maxQueueBytes
    scheduleDelay =
      reader.first([
        .time("PROCESSOR_HOST_QUEUE_SCHEDULE_DELAY", .milliseconds(1)...hour),
        .milliseconds("OTEL_BSP_SCHEDULE_DELAY", zero: .milliseconds(1)),
      ]) ?? scheduleDelay
    exportTimeout =
      reader.first([
        .time("PROCESSOR_HOST_QUEUE_EXPORT_TIMEOUT", .milliseconds(1)...hour),
        .milliseconds("OTEL_BSP_EXPORT_TIMEOUT", zero: EnvironmentVariable.noLimit),
      ]) ?? exportTimeout
    applyBatchSize(&reader)
  }

  /// One that is larger than the queue would never be reached.
  private mutating func applyBatchSize(_ reader: inout EnvironmentReader) {
    let names = ["PROCESSOR_HOST_QUEUE_MAX_BATCH_SPANS", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"]
    let size = reader.first(names.map { .count($0, 1...1_000_000) })
    if let size, size > maxQueueSize {
      let name = names.filter { reader.text($0) != nil }.joined(separator: ", ")
      reader.warn(
        "\(name): expected no more spans than the queue holds, which is \(maxQueueSize), found \(size); "
          + "batches of \(maxQueueSize) are sent")
    }
    maxExportBatchSize = min(size ?? maxExportBatchSize, maxQueueSize)
  }

  /// - Throws: where a property is below its range.
  func check() throws(TracingConfigurationError) {
    for (name, value, least) in [
      ("maxQueueSize", maxQueueSize, 1), ("maxQueueBytes", maxQueueBytes, 1 << 16),
      ("maxExportBatchSize", maxExportBatchSize, 1),
    ] where value < least {
      throw TracingConfigurationError(setting: "queue.\(name)", "expected \(least) or more, found \(value)")
    }
    for (name, value) in [("scheduleDelay", scheduleDelay), ("exportTimeout", exportTimeout)]
    where value < .milliseconds(1) {
      throw TracingConfigurationError(setting: "queue.\(name)", "expected 1 ms or more, found \(value)")
    }
  }
}
