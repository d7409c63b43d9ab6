/// What OTLP carries.
public enum OTLPSignal: String, Sendable, Hashable, CaseIterable {
  /// Spans.
  case traces
  /// Log records.
  case logs
  /// Metrics.
  case metrics

  /// The path of OTLP/HTTP.
  var path: String { "/v1/\(rawValue)" }

  /// The service of OTLP/gRPC; its one method is `Export`.
  var service: String {
    switch self {
    case .traces: "opentelemetry.proto.collector.trace.v1.TraceService"
    case .logs: "opentelemetry.proto.collector.logs.v1.LogsService"
    case .metrics: "opentelemetry.proto.collector.metrics.v1.MetricsService"
    }
  }
}
