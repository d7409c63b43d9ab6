internal import OTLPExporters
internal import ProcessorHost

#if GRPC
  internal import OTLPGRPCExporters
#endif

extension TracingBackend.Configuration {
  /// The exporter that is asked for; none where spans end behind the rules.
  /// - Throws: `TracingConfigurationError` where a certificate, a key or a header cannot be used.
  func makeExporters() throws -> [any SpanExporter] {
    switch exporter {
    case .none: return []
    case .custom(let exporter): return [exporter]
    case .automatic, .console: return [try ConsoleExporter()]
    case .otlp(let otlp):
      do throws(ExporterConfigurationError) {
        return [try makeOTLP(otlp)]
      } catch {
        throw TracingConfigurationError(setting: error.setting, error.message)
      }
    }
  }

  private func makeOTLP(
    _ otlp: OTLPExporterConfiguration
  ) throws(ExporterConfigurationError) -> any SpanExporter {
    let marker = "\(RandomIDGenerator().makeTraceID())"
    #if GRPC
      if otlp.transportProtocol == .grpc { return try OTLPGRPCExporter(otlp, hostID: marker) }
    #endif
    return try OTLPHTTPExporter(otlp, hostID: marker)
  }
}
