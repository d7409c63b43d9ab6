import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import ProcessorHostTracing
import Tracing

/// Takes tickets from the helpdesk, checks their signature, and makes each a job. Hands jobs to the worker.
struct WebhookService {
  private let secret: String
  private let databaseURL: String
  private let queue = JobQueue(limit: 64)
  private let logger: Logger

  init(_ environment: Environment, _ logger: Logger) throws {
    secret = try environment.required("TICKETS_WEBHOOK_SECRET")
    databaseURL = try environment.required("TICKETS_DATABASE_URL")
    self.logger = logger
  }

  func application() -> some ApplicationProtocol {
    let router = Router()
    // Outside of the group that is traced: a worker that asks for work is nobody's request.
    router.post("/queue/take") { [queue] request, context in
      guard let job = await queue.take(within: .seconds(1)) else { return Response(status: .noContent) }
      return try context.responseEncoder.encode(job, from: request, context: context)
    }
    router.group()
      .add(middleware: TracingMiddleware(recordingHeaders: [.authorization]))
      .post("/webhook/tickets") { request, context in try await receive(request, context) }
    return Application(
      router: router, configuration: .onAnyPort, onServerRunning: { announce(port: $0.localAddress?.port) },
      logger: logger)
  }

  private func receive(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await request.body.collect(upTo: 1 << 20)
    return try await withSpan("webhook") { span in
      span.updateAttributes { attributes in
        attributes["webhook_secret"] = secret
        attributes["webhook.payload"] = String(buffer: body)
      }
      try verify(body, request, span)
      let ticket = try JSONDecoder().decode(Ticket.self, from: body)
      span.updateAttributes { attributes in
        ticket.describe(&attributes)
        attributes["ticket.description"] = ticket.description
      }
      let id = await enqueue(ticket)
      logger.debug("a ticket has become a job", metadata: ["job": "\(id)"])
      let answer = try context.responseEncoder.encode(["job_id": id], from: request, context: context)
      return Response(status: .accepted, headers: answer.headers, body: answer.body)
    }
  }

  private func verify(_ body: ByteBuffer, _ request: Request, _ span: any Span) throws {
    let header = HTTPField.Name("x-webhook-signature").flatMap { request.headers[$0] }
    let given = header.flatMap { [UInt8](hexadecimal: $0) } ?? []
    let key = SymmetricKey(data: Array(secret.utf8))
    if HMAC<SHA256>.isValidAuthenticationCode(given, authenticating: body.readableBytesView, using: key) { return }
    span.addEvent(
      SpanEvent(
        name: "webhook.signature_mismatch",
        attributes: ["webhook.body_size": .int64(Int64(body.readableBytes)), "webhook_secret": .string(secret)]))
    // Leaving the span by an error records that as another event.
    throw HTTPError(.unauthorized, message: "the signature does not fit the body")
  }

  private func enqueue(_ ticket: Ticket) async -> String {
    await withSpan("job_queued", ofKind: .producer) { span in
      let id = UUID().uuidString
      span.updateAttributes { attributes in
        ticket.describe(&attributes)
        attributes["job.id"] = id
        attributes["messaging.operation.type"] = "send"
        attributes["messaging.url"] = databaseURL
      }
      // Baggage goes along to all who are called; that it holds a mail address is one of the secrets on purpose.
      var context = span.context
      context.baggage["tenant_id"] = ticket.tenant
      context.baggage["user.id"] = ticket.requester.email
      await queue.add(Job(id: id, ticket: ticket, in: context))
      return id
    }
  }
}
