internal import ProcessorHostTracing
internal import Testing

@Suite("Queue settings")
struct QueueTests {
  private typealias Queue = TracingConfiguration.Queue

  @Test("the defaults are the specification's")
  func defaults() {
    let queue = Queue()
    #expect(queue.maxQueueSize == 2048 && queue.maxExportBatchSize == 512)
    #expect(queue.scheduleDelay == .seconds(5) && queue.exportTimeout == .seconds(30))
  }

  @Test("the host's own variables go before the specification's, and have units")
  func own() throws {
    let read = try TracingConfiguration.quietly([
      "OTEL_BSP_MAX_QUEUE_SIZE": "100", "PROCESSOR_HOST_QUEUE_MAX_SPANS": "200",
      "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "10", "PROCESSOR_HOST_QUEUE_MAX_BATCH_SPANS": "20",
      "OTEL_BSP_SCHEDULE_DELAY": "1", "PROCESSOR_HOST_QUEUE_SCHEDULE_DELAY": "2s",
      "OTEL_BSP_EXPORT_TIMEOUT": "1", "PROCESSOR_HOST_QUEUE_EXPORT_TIMEOUT": "3m",
      "PROCESSOR_HOST_QUEUE_MAX_BYTES": "2MiB",
    ]).queue
    #expect(read.maxQueueSize == 200 && read.maxExportBatchSize == 20 && read.maxQueueBytes == 2 << 20)
    #expect(read.scheduleDelay == .seconds(2) && read.exportTimeout == .seconds(180))
  }

  @Test("a timeout of 0 is no limit, and a delay of 0 is next to none")
  func zero() throws {
    let queue = try TracingConfiguration.quietly(["OTEL_BSP_SCHEDULE_DELAY": "0", "OTEL_BSP_EXPORT_TIMEOUT": "0"]).queue
    #expect(queue.scheduleDelay == .milliseconds(1) && queue.exportTimeout > .seconds(86_400))
  }

  @Test(
    "a queue or a batch of no spans is passed over",
    arguments: ["OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"])
  func none(name: String) throws {
    let (configuration, warnings) = try TracingConfiguration.reading([name: "0"])
    #expect(configuration.queue == Queue() && warnings.count == 1)
    #expect(warnings[0].hasPrefix(name + ":") && warnings[0].contains("from 1 to") && warnings[0].contains("'0'"))
  }

  @Test("a batch that is larger than the queue is as large as the queue, with a warning")
  func batch() throws {
    let (configuration, warnings) = try TracingConfiguration.reading([
      "OTEL_BSP_MAX_QUEUE_SIZE": "100", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "200",
    ])
    #expect(configuration.queue.maxExportBatchSize == 100 && warnings.count == 1)
    for part in ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100", "200"] { #expect(warnings[0].contains(part)) }
  }

  @Test("a smaller queue makes the batches smaller that nobody has asked for")
  func smallQueue() throws {
    let queue = try TracingConfiguration.quietly(["OTEL_BSP_MAX_QUEUE_SIZE": "100"]).queue
    #expect(queue.maxExportBatchSize == 100)
  }

  @Test("batches never wait for more spans than the queue holds")
  func limits() {
    var queue = Queue()
    queue.maxQueueSize = 10
    queue.scheduleDelay = .seconds(1)
    #expect(queue.limits.batchSize == 10 && queue.limits.spans == 10 && queue.limits.scheduleDelay == .seconds(1))
  }

  @Test(
    "a time has its unit",
    arguments: [
      ("500ms", Duration.milliseconds(500)), ("5s", .seconds(5)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
      ("0", .zero), ("0s", .zero),
    ])
  func times(text: String, expected: Duration) throws {
    let read = try TracingConfiguration.quietly(["PROCESSOR_HOST_SHUTDOWN_DRAIN_TIMEOUT": text])
    #expect(read.shutdownTimeout == expected)
  }

  @Test(
    "a time that is not so is passed over", arguments: ["5", "s", "-1s", "2h", "1.5s", "5 s", "9223372036854775807h"])
  func wrongTimes(text: String) throws {
    let (read, warnings) = try TracingConfiguration.reading(["PROCESSOR_HOST_SHUTDOWN_DRAIN_TIMEOUT": text])
    #expect(read.shutdownTimeout == .seconds(10) && warnings.count == 1)
    #expect(warnings[0].contains("such as 5s") && warnings[0].contains("'\(text)'"))
  }

  @Test(
    "bytes that are too few or no number are passed over", arguments: ["1", "64MB", "MiB", "9223372036854775807GiB"])
  func wrongBytes(text: String) throws {
    let (read, warnings) = try TracingConfiguration.reading(["PROCESSOR_HOST_QUEUE_MAX_BYTES": text])
    #expect(read.queue.maxQueueBytes == 64 << 20 && warnings.count == 1)
    #expect(warnings[0].hasPrefix("PROCESSOR_HOST_QUEUE_MAX_BYTES:") && warnings[0].contains("'\(text)'"))
  }
}
