package import OTLPProtocol
package import ProcessorHost

extension ExportOutcome {
  /// OTLP specification: Partial Success.
  package init(_ response: TraceExportResponse, hiding secrets: [String]) {
    let message = ServerMessage.shown(response.message, hiding: secrets)
    self = response.isFullSuccess ? .exported : .partial(rejected: response.rejectedSpans, message: message)
  }
}
