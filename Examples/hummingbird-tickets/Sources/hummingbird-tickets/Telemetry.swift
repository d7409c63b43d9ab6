import Foundation
import Hummingbird
import Logging
import ProcessorHostTracing
import Tracing

/// All that it takes to have the rules inside an app.
enum Telemetry {
  /// Makes the process's tracer; the service that it returns sends the spans.
  ///
  /// The rest is said by variables: OTEL_EXPORTER_OTLP_ENDPOINT where to, PROCESSOR_HOST_RULES_DIR by which rules,
  /// PROCESSOR_HOST_RULES_SETTINGS with which values.
  static func bootstrapTracing(
    _ role: HummingbirdTickets.Role, _ environment: Environment, _ logger: Logger
  ) throws -> TracingService? {
    // To measure what tracing costs: no tracer at all.
    if environment.get("TICKETS_TRACING") == "off" { return nil }
    var configuration = TracingBackend.Configuration()
    configuration.resource = Resource(
      serviceName: "ticket-\(role.rawValue)", serviceVersion: "1.4.0", environment: "example")
    // A secret on purpose, as all that ./run looks for. The rules see the resource, too.
    configuration.resource["deployment.api_key"] = .string(try environment.required("TICKETS_DEPLOY_KEY"))
    return try TracingBackend.bootstrap(configuration, logger: logger)
  }

  /// Logs go to standard error, each line with the trace and the span in which it was written.
  static func bootstrapLogging() {
    LoggingSystem.bootstrap(
      { label, provider in StreamLogHandler.standardError(label: label, metadataProvider: provider) },
      metadataProvider: .processorHost)
  }

  /// Writes a line of JSON to standard output: what became of this process's spans.
  static func printAccount(of tracing: TracingService) async throws {
    let account = await tracing.account()
    let exporters = account.exporters.values
    let line = Account(
      dropped: account.droppedByFullQueue + account.droppedBySize + account.droppedAfterShutdown,
      processed: account.processed.received,
      droppedByRules: account.processed.dropped.values.reduce(0, +),
      sampledOut: account.processed.sampledOut.values.reduce(0, +),
      failures: account.processed.failures.values.reduce(0, +),
      exported: exporters.reduce(0) { $0 + $1.exported },
      lost: exporters.reduce(account.waiting) { $0 + $1.refused + $1.inside + $1.lost.values.reduce(0, +) })
    print("account", String(decoding: try JSONEncoder().encode(line), as: UTF8.self))
  }

  private struct Account: Encodable {
    let dropped, processed, droppedByRules, sampledOut, failures, exported, lost: Int
  }
}
