import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import NIOCore
import ProcessorHostTracing
import ServiceLifecycle
import Tracing

/// Takes jobs from the webhook's queue and does them, several at a time.
struct Worker: Service {
  private static let concurrentJobs = 8
  private let queueURL: String
  private let enhancement: Enhancement
  private let client: HTTPClient
  private let logger: Logger

  init(_ environment: Environment, _ logger: Logger) throws {
    queueURL = try environment.required("TICKETS_QUEUE_URL")
    enhancement = try Enhancement(environment)
    // Asking for work is nobody's request: this client makes no spans.
    var configuration = HTTPClient.Configuration.singletonConfiguration
    configuration.tracing.tracer = nil
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    self.logger = logger
  }

  /// Works until it is to end; what has been taken is done before.
  func run() async throws {
    await withDiscardingTaskGroup { group in
      for _ in 0..<Self.concurrentJobs { group.addTask { await work() } }
    }
    try await client.shutdown()
  }

  private func work() async {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      do {
        if let job = try await take() { await perform(job) }
      } catch {
        logger.warning("no job could be taken", metadata: ["error": "\(error)"])
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
      }
    }
  }

  private func take() async throws -> Job? {
    var request = HTTPClientRequest(url: "\(queueURL)/queue/take")
    request.method = .POST
    let response = try await client.execute(request, timeout: .seconds(30))
    let body = try await response.body.collect(upTo: 1 << 20)
    return response.status == .ok ? try JSONDecoder().decode(Job.self, from: body) : nil
  }

  private func perform(_ job: Job) async {
    await withSpan("enhancement", context: job.context, ofKind: .consumer) { span in
      span.updateAttributes { attributes in
        job.ticket.describe(&attributes)
        attributes["job.id"] = job.id
        attributes["messaging.operation.type"] = "process"
        // What the webhook put into the baggage has come along inside the job.
        attributes["baggage.user.id"] = span.context.baggage["user.id"]
      }
      do {
        let status = try await enhancement.enhance(job.ticket)
        span.attributes["enhancement.status"] = status.rawValue
        logger.debug("a ticket was enhanced", metadata: ["ticket": "\(job.ticket.id)", "status": "\(status)"])
      } catch {
        span.recordError(error)
        span.setStatus(SpanStatus(code: .error, message: "\(error)"))
        logger.warning("a ticket could not be enhanced", metadata: ["ticket": "\(job.ticket.id)", "error": "\(error)"])
      }
    }
  }
}
