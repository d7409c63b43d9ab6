public import Logging
internal import Tracing

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A backend for swift-distributed-tracing with the rules inside: no span leaves the process unprocessed.
public enum TracingBackend {
  /// Makes the tracer of the process, and the service that sends its spans.
  ///
  /// To be called once, before the first span is started; the service goes into the app's `ServiceGroup`, as the first, so
  /// that it ends last.
  /// - Parameters:
  ///   - configuration: what the app asks for; OTEL_* variables win.
  ///   - logger: where the backend tells of what it meets.
  /// - Throws: `TracingConfigurationError` for a setting, and `RuleErrors` for the rules, with everything that is wrong.
  public static func bootstrap(
    _ configuration: Configuration = Configuration(), logger: Logger = Logger(label: "processor-host")
  ) throws -> TracingService {
    let (tracer, service) = try make(configuration, logger: logger)
    InstrumentationSystem.bootstrap(tracer)
    return service
  }

  /// Makes a tracer and its service, and touches nothing that is global.
  /// - Parameters:
  ///   - configuration: what the app asks for.
  ///   - environment: the variables that win over the configuration.
  ///   - logger: where the backend tells of what it meets.
  /// - Throws: as `bootstrap` does.
  public static func make(
    _ configuration: Configuration = Configuration(),
    environment: [String: String] = ProcessInfo.processInfo.environment,
    logger: Logger = Logger(label: "processor-host")
  ) throws -> (tracer: HostTracer, service: TracingService) {
    var configuration = configuration
    for warning in try configuration.apply(environment: environment) { logger.warning("\(warning)") }
    try configuration.check()
    guard configuration.isEnabled else {
      return (HostTracer(configuration, recorder: nil), TracingService(engine: nil))
    }
    let engine = try TracingEngine(configuration, logger)
    return (HostTracer(configuration, recorder: engine.recorder), TracingService(engine: engine))
  }
}

extension HostTracer {
  fileprivate convenience init(_ configuration: TracingBackend.Configuration, recorder: SpanRecorder?) {
    self.init(
      sampler: configuration.sampler, idGenerator: configuration.idGenerator, propagator: configuration.propagator,
      liveProcessors: configuration.processors.compactMap { $0 as? any LiveSpanProcessor }, recorder: recorder)
  }
}
