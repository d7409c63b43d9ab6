import Tracing

/// A ticket as the helpdesk's webhook sends it.
struct Ticket: Codable, Sendable {
  struct Requester: Codable, Sendable {
    let id, email: String
  }

  let id, tenant, priority, subject, description: String
  let requester: Requester

  enum CodingKeys: String, CodingKey {
    case id = "ticket_id"
    case tenant = "tenant_id"
    case priority, subject, description, requester
  }

  /// Adds what people look for in traces.
  func describe(_ attributes: inout SpanAttributes) {
    attributes["ticket_id"] = id
    attributes["tenant_id"] = tenant
    attributes["priority"] = priority
  }
}
