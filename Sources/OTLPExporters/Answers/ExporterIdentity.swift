/// What the exporters call themselves.
package enum ExporterIdentity {
  /// OpenTelemetry specification: OpenTelemetry Protocol Exporter, User Agent.
  package static let userAgent = "OTel-OTLP-Exporter-processor-host"
}

extension Duration {
  /// The duration in whole nanoseconds, as far as 64 bits go.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max / 2 }
    return min(product, .max / 2) + attoseconds / 1_000_000_000
  }
}
