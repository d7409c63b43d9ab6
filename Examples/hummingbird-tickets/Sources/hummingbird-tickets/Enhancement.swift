import Hummingbird
import ProcessorHostTracing
import Tracing

/// What is done for a ticket: context is gathered, a model writes an answer, the ticket is updated.
///
/// It records what such services record while they are young, which is too much: keys, queries, whole prompts.
struct Enhancement {
  enum Status: String {
    case enhanced, failed
  }

  /// The model did not answer with a completion.
  struct ModelError: Error, CustomStringConvertible {
    let description: String
  }

  private let backend: TicketBackend
  private let databaseURL: String
  private let modelKey: String
  private let modelPassword: String

  init(_ environment: Environment) throws {
    backend = try TicketBackend(environment)
    databaseURL = try environment.required("TICKETS_DATABASE_URL")
    modelKey = try environment.required("TICKETS_MODEL_KEY")
    modelPassword = try environment.required("TICKETS_MODEL_PASSWORD")
  }

  func enhance(_ ticket: Ticket) async throws -> Status {
    let documents = try await gatherContext(ticket)
    var note = "No answer could be written."
    var status = Status.failed
    do {
      note = try await callModel(ticket, documents)
      status = .enhanced
    } catch is ModelError {
      // The span of the call has it.
    }
    try await updateTicket(ticket, note, status)
    return status
  }

  private func gatherContext(_ ticket: Ticket) async throws -> [String] {
    try await withAgentSpan(agentType: "enhancement", step: "gather_context", userID: ticket.requester.email) { span in
      let history = lookUpHistory(ticket)
      let documents = try await backend.searchDocumentation(ticket.subject)
      span.attributes["context.documents"] = history.count + documents.count
      return history + documents
    }
  }

  /// Stands in for a query of a database.
  private func lookUpHistory(_ ticket: Ticket) -> [String] {
    withSpan("history", ofKind: .client) { span in
      span.updateAttributes { attributes in
        attributes["db.connection"] = databaseURL
        attributes["db.query.text"] = "SELECT note FROM tickets WHERE requester = '\(ticket.requester.email)' LIMIT 20"
      }
      return ["The paper feed was cleaned in March."]
    }
  }

  private func callModel(_ ticket: Ticket, _ documents: [String]) async throws -> String {
    try await withAgentSpan(agentType: "enhancement", step: "call_model", userID: ticket.requester.email) { span in
      let question = "Write an answer to \(ticket.requester.email), who says: \(ticket.subject)"
      let prompt = ([question, ticket.description] + documents).joined(separator: "\n\n")
      span.updateAttributes { attributes in
        attributes["api_key"] = modelKey
        attributes["gen_ai.request.model"] = StandInModel.name
        attributes["gen_ai.prompt"] = question
      }
      let answer = try await backend.complete(ModelRequest(ticket: ticket.id, prompt: prompt), key: modelKey)
      guard let answer else {
        let error = ModelError(description: "the gateway refused to log in (password=\(modelPassword), attempt 3 of 3)")
        span.setStatus(SpanStatus(code: .error, message: "\(error)"))
        throw error
      }
      span.updateAttributes { attributes in
        attributes["gen_ai.usage.input_tokens"] = answer.inputTokens
        attributes["gen_ai.usage.output_tokens"] = answer.outputTokens
      }
      return answer.text
    }
  }

  private func updateTicket(_ ticket: Ticket, _ note: String, _ status: Status) async throws {
    try await withAgentSpan(agentType: "enhancement", step: "update_ticket", userID: ticket.requester.email) { span in
      span.updateAttributes { attributes in
        ticket.describe(&attributes)
        attributes["enhancement.status"] = status.rawValue
      }
      try await backend.update(ticket.id, TicketUpdate(note: note, enhancement: status.rawValue))
    }
  }
}
