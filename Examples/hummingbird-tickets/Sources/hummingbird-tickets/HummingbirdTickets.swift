import Hummingbird
import Logging
import ProcessorHostTracing
import ServiceLifecycle

/// One executable for three processes, so that there is one thing to build: `webhook`, `worker` and `tickets`.
@main
enum HummingbirdTickets {
  enum Role: String, CaseIterable {
    case webhook, worker, tickets
  }

  static func main() async throws {
    guard let role = CommandLine.arguments.dropFirst().first.flatMap(Role.init) else {
      throw ConfigurationError("expected one argument, \(Role.allCases.map(\.rawValue).joined(separator: ", or "))")
    }
    let environment = Environment()
    Telemetry.bootstrapLogging()
    let logger = Logger(label: role.rawValue)
    // Before anything that may look for a tracer: AsyncHTTPClient keeps the one that it finds when a client is made.
    let tracing = try Telemetry.bootstrapTracing(role, environment, logger)

    let service: any Service =
      switch role {
      case .webhook: try WebhookService(environment, logger).application()
      case .worker: try Worker(environment, logger)
      case .tickets: try TicketService(environment, logger).application()
      }
    // The first to start is the last to end: the spans of what ended before are sent.
    let services: [any Service] = (tracing.map { [$0] } ?? []) + [service]
    try await ServiceGroup(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    if let tracing { try await Telemetry.printAccount(of: tracing) }
  }
}

/// What is wrong with how a process was started.
struct ConfigurationError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension Environment {
  /// A variable that has to be there. What it says may be a secret, and is not in the error.
  func required(_ name: String) throws -> String {
    guard let value = get(name), !value.isEmpty else {
      throw ConfigurationError("\(name): expected a value, found none; ./run sets all variables")
    }
    return value
  }
}
