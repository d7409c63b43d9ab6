internal import Logging
internal import ProcessorHost
public import ProcessorHostTracing
internal import Tracing

/// Tracing for one test: spans end in memory, behind the same rules as in production.
///
///     try await withTestTracing { tracing in
///       await handleTicket()
///       let spans = await tracing.finishedSpans()
///       #expect(spans.map(\.name) == ["lookup", "handle"])
///     }
public struct TestTracing: Sendable {
  /// The tracer that the test's spans come from.
  public let tracer: HostTracer
  /// What brings them through the rules.
  public let service: TracingService
  private let exporter: InMemoryExporter

  init(_ configuration: TracingBackend.Configuration) throws {
    let exporter = InMemoryExporter()
    var configuration = configuration
    configuration.exporter = .custom(exporter)
    let silent = Logger(label: "tracing") { _ in SwiftLogNoOpLogHandler() }
    (tracer, service) = try TracingBackend.make(configuration, environment: [:], logger: silent)
    self.exporter = exporter
  }

  /// The spans that have ended so far and came through the rules, in the order they ended, as far as they ended one
  /// after the other.
  ///
  /// With rules that look at whole traces, those of traces whose root has ended; see `TracingService.forceFlush`.
  public func finishedSpans() async -> [FinishedSpan] {
    await service.forceFlush()
    return exporter.spans.map { FinishedSpan($0) }.sorted {
      ($0.endTimeUnixNano, $0.name) < ($1.endTimeUnixNano, $1.name)
    }
  }

  /// The same as OTLP `ExportTraceServiceRequest`s, as a backend would get them.
  public func exportedRequests() async -> [[UInt8]] {
    await service.forceFlush()
    return exporter.requests
  }

  /// Forgets the spans that have ended so far, but for those that are held until their trace is decided.
  public func reset() async {
    await service.forceFlush()
    exporter.reset()
  }
}

/// Runs a test with tracing of its own: `withSpan` and all that is instrumented use it inside, and nothing that is global
/// is touched, so that tests can run side by side.
/// - Parameters:
///   - configuration: the rules, the sampler, the limits; its exporter is not used. By default the rules that come with
///     the host.
///   - body: the test.
/// - Throws: what the body throws, and what `TracingBackend.make` does.
public func withTestTracing<Result>(
  _ configuration: TracingBackend.Configuration = TracingBackend.Configuration(),
  isolation: isolated (any Actor)? = #isolation,
  _ body: (TestTracing) async throws -> Result
) async throws -> Result {
  let tracing = try TestTracing(configuration)
  let sending = Task { try await tracing.service.run() }
  let result: Swift.Result<Result, any Error>
  do {
    result = .success(try await withTracer(tracing.tracer) { try await body(tracing) })
  } catch {
    result = .failure(error)
  }
  sending.cancel()
  _ = await sending.result
  return try result.get()
}
