internal import OTLPExporters
internal import ProcessorHost

enum TestBatch {
  /// A batch of spans with these names.
  static func make(_ names: String...) -> ExportBatch {
    let request = names.enumerated().flatMap { index, name in
      var span = PlainSpan()
      span.name = name
      span.spanID = SpanID(UInt64(index) + 1)
      return span.encodedRequest()
    }
    return ExportBatch(request: request, spanCount: names.count)
  }
}

extension OTLPExporterConfiguration {
  /// A configuration for a server on loopback.
  static func loopback(_ port: Int, _ transport: TransportProtocol = .httpProtobuf) -> OTLPExporterConfiguration {
    OTLPExporterConfiguration(
      endpoint: OTLPEndpoint(
        isSecure: false, host: "127.0.0.1", port: port, path: transport == .grpc ? "" : "/v1/traces"),
      transportProtocol: transport,
      // Where all tests run at once, a task may wait for minutes for its turn.
      timeout: .seconds(300))
  }
}

extension ExportOutcome {
  /// The message, where the outcome has one.
  var message: String {
    switch self {
    case .exported: ""
    case .partial(_, let message), .retry(let message, _), .uncertain(let message), .tooLarge(let message),
      .invalid(let message), .refused(let message):
      message
    }
  }

  /// The outcome without its message.
  var kind: String {
    switch self {
    case .exported: "exported"
    case .partial: "partial"
    case .retry: "retry"
    case .uncertain: "uncertain"
    case .tooLarge: "tooLarge"
    case .invalid: "invalid"
    case .refused: "refused"
    }
  }
}
