package import OTLPExporters
internal import ProcessorHost

/// Completes an exporter whose sources are all read, and says what is missing.
struct ExporterCheck {
  private(set) var errors: [ConfigurationError] = []

  mutating func finish(_ draft: inout ExporterDraft) {
    let name = String.printable(draft.name)
    let origins = draft.reader.origins
    func wrong(_ message: String, at path: String) {
      let origin = origins[path] ?? origins["kind"]
      let begins =
        switch origin {
        case .variable, .flag: ""
        default: "exporters[\(name)]"
        }
      errors.append(ConfigurationError(begins.isEmpty ? message : "\(begins): \(message)", at: origin))
    }
    switch draft.kind {
    case .otlpHTTP, .otlpGRPC:
      if let text = draft.reader.root.endpoint {
        finishEndpoint(text, &draft.reader.root, wrong)
      } else if draft.reader.errors.isEmpty {
        wrong("it has no endpoint, such as https://otlp.example.com:4318", at: "endpoint")
      }
    case .sentry:
      do {
        _ = try SentryEndpoint.configuration(dsn: draft.reader.root.dsn ?? "")
      } catch {
        wrong(error.message, at: "dsn")
      }
    case .file:
      if draft.reader.root.path == nil { wrong("it has no path of the file to write", at: "path") }
    case .console: break
    }
    let settings = draft.reader.root
    if settings.retry.initialInterval > settings.retry.maxInterval {
      wrong("retry.initial_interval is longer than retry.max_interval", at: "retry.initial_interval")
    }
    if (settings.tls.clientCertificate == nil) != (settings.tls.clientKey == nil) {
      wrong(
        "a client's certificate and its key come together: tls.client_certificate, tls.client_key",
        at: settings.tls.clientKey == nil ? "tls.client_certificate" : "tls.client_key")
    }
  }

  private func finishEndpoint(
    _ text: String, _ settings: inout ExporterSettings, _ wrong: (_ message: String, _ path: String) -> Void
  ) {
    do {
      var url = try OTLPEndpoint(text)
      if settings.kind == .otlpGRPC {
        if url.path == "/" { url.path = "" }
        if !url.path.isEmpty { return wrong("an endpoint of gRPC has no path", "endpoint") }
      } else if url.path.isEmpty {
        url.path = OTLPEndpoint.tracesPath
      }
      let usesTLS = settings.tls != ExporterSettings.ClientTLS()
      if usesTLS, !url.isSecure { wrong("it has certificates, but its endpoint is not one of https", "endpoint") }
      settings.endpoint = url.address
    } catch {
      wrong(error.message, "endpoint")
    }
  }
}

extension ExporterSettings {
  /// Where requests go; for Sentry what its DSN says. Nil for a console or file.
  package var target: OTLPEndpoint? {
    if kind == .sentry { return try? SentryEndpoint.configuration(dsn: dsn ?? "").endpoint }
    return endpoint.flatMap { try? OTLPEndpoint($0) }
  }
}
