import HTTPTypes
import Hummingbird
import Logging
import Synchronization
import Tracing

/// The service that the worker calls: the tickets, the documentation, and a stand-in for a language model.
struct TicketService {
  private let model: StandInModel
  private let updates = Updates()
  private let logger: Logger

  init(_ environment: Environment, _ logger: Logger) throws {
    model = StandInModel(tokens: environment.get("TICKETS_MODEL_TOKENS").flatMap { Int($0) } ?? 100)
    self.logger = logger
  }

  func application() -> some ApplicationProtocol {
    let router = Router()
    // Outside of the group that is traced: ./run asks it until all tickets are updated.
    router.get("/updates") { request, context in
      try context.responseEncoder.encode(["count": updates.count], from: request, context: context)
    }
    let traced = router.group()
      // Young services record headers, too.
      .add(
        middleware: TracingMiddleware(recordingHeaders: ["authorization", "baggage"].compactMap { HTTPField.Name($0) }))
    traced.get("/documentation/search") { request, context in
      try context.responseEncoder.encode(StandInModel.documentation, from: request, context: context)
    }
    traced.post("/llm/chat") { request, context in
      try await complete(request.decode(as: ModelRequest.self, context: context), request, context)
    }
    traced.patch("/tickets/:id") { request, context in
      _ = try await request.decode(as: TicketUpdate.self, context: context)
      updates.add()
      let id = try context.parameters.require("id")
      logger.debug("a ticket was updated", metadata: ["ticket": "\(id)"])
      return HTTPResponse.Status.noContent
    }
    return Application(
      router: router, configuration: .onAnyPort, onServerRunning: { announce(port: $0.localAddress?.port) },
      logger: logger)
  }

  private func complete(
    _ chat: ModelRequest, _ request: Request, _ context: BasicRequestContext
  ) async throws -> Response {
    let answer = try await withSpan("generate") { span in
      let answer = try await model.answer(chat)
      span.attributes["gen_ai.usage.output_tokens"] = answer?.outputTokens
      return answer
    }
    guard let answer else { return Response(status: .serviceUnavailable) }
    return try context.responseEncoder.encode(answer, from: request, context: context)
  }

  private final class Updates: Sendable {
    private let counter = Mutex(0)

    var count: Int { counter.withLock { $0 } }

    func add() { counter.withLock { $0 += 1 } }
  }
}

struct TicketUpdate: Codable {
  let note, enhancement: String
}
