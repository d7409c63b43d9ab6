internal import OTLPExporters
internal import ProcessorHostTracing
internal import Testing

@Suite("What no backend can be made with")
struct ConfigurationCheckTests {
  @Test("the defaults are right")
  func defaults() throws {
    try TracingConfiguration().check()
  }

  @Test("limits may be zero, and the length may have none")
  func zero() throws {
    var configuration = TracingConfiguration()
    configuration.limits.attributeCount = 0
    configuration.limits.attributeValueLength = 0
    configuration.shutdownTimeout = .zero
    try configuration.check()
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (inout TracingConfiguration) -> Void

    init(_ name: String, _ make: @escaping @Sendable (inout TracingConfiguration) -> Void) {
      testDescription = name
      self.make = make
    }
  }

  static let mistakes = [
    Mistake("limits.attributeCount") { $0.limits.attributeCount = -1 },
    Mistake("limits.eventCount") { $0.limits.eventCount = -1 },
    Mistake("limits.linkCount") { $0.limits.linkCount = -1 },
    Mistake("limits.eventAttributeCount") { $0.limits.eventAttributeCount = -1 },
    Mistake("limits.linkAttributeCount") { $0.limits.linkAttributeCount = -1 },
    Mistake("limits.attributeValueLength") { $0.limits.attributeValueLength = -1 },
    Mistake("queue.maxQueueSize") { $0.queue.maxQueueSize = 0 },
    Mistake("queue.maxQueueBytes") { $0.queue.maxQueueBytes = 100 },
    Mistake("queue.maxExportBatchSize") { $0.queue.maxExportBatchSize = 0 },
    Mistake("queue.scheduleDelay") { $0.queue.scheduleDelay = .zero },
    Mistake("queue.exportTimeout") { $0.queue.exportTimeout = .seconds(-1) },
    Mistake("traces.wait") { $0.traces.wait = .zero },
    Mistake("traces.grace") { $0.traces.grace = .seconds(-1) },
    Mistake("traces.maxBytes") { $0.traces.maxBytes = 100 },
    Mistake("traces.maxTraces") { $0.traces.maxTraces = 0 },
    Mistake("traces.maxSpansPerTrace") { $0.traces.maxSpansPerTrace = 0 },
    Mistake("traces.decisions") { $0.traces.decisions = -1 },
    Mistake("shutdownTimeout") { $0.shutdownTimeout = .seconds(-1) },
  ]

  @Test("an error names the property, and says what was expected", arguments: mistakes)
  func naming(mistake: Mistake) {
    var configuration = TracingConfiguration()
    mistake.make(&configuration)
    let error = #expect(throws: TracingConfigurationError.self) { try configuration.check() }
    #expect(error?.setting == mistake.testDescription && error?.message.hasPrefix("expected ") == true)
  }

  #if !GRPC
    @Test("gRPC without the package's trait is found in what the app sets, too")
    func missingTrait() {
      var configuration = TracingConfiguration()
      configuration.exporter = .otlp(.standard(.grpc))
      let error = #expect(throws: TracingConfigurationError.self) { try configuration.check() }
      #expect(error?.setting == "exporter" && error?.message.contains("GRPC") == true)
    }
  #endif
}
