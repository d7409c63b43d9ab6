import Tracing

/// The standard work's span, as an app makes it.
struct SpanWork: Sendable {
  let style: String
  private let query =
    "SELECT id, title, body, priority, assignee FROM tickets WHERE tenant_id = $1 AND status = $2 "
    + "AND created_at > $3 AND updated_at < $4 ORDER BY created_at DESC, priority ASC LIMIT 50 OFFSET 100 FOR UPDATE"
  private let description = String(repeating: "The printer on the third floor does not print any more. ", count: 8)

  func makeSpan(_ index: Int) {
    let id = String(index)
    withSpan("POST /tickets/{id}", ofKind: .server) { span in
      if style == "each" {
        setEach(span, id, index)
      } else {
        span.updateAttributes { attributes in
          attributes["http.request.method"] = "POST"
          attributes["url.full"] = "https://tickets.example.com/api/v2/tickets/" + id + "?token=secret&expand=all"
          attributes["http.route"] = "/tickets/{id}"
          attributes["http.response.status_code"] = 201
          attributes["user.id"] = id
          attributes["api_key"] = "made-up-key-1234567890"
          attributes["authorization"] = "Bearer made-up-token"
          attributes["db.query.text"] = query
          attributes["ticket.description"] = description
          attributes["tenant_id"] = "tenant-7"
          attributes["ticket_id"] = index
          attributes["priority"] = "high"
        }
      }
      span.addEvent(SpanEvent(name: "cache.miss", attributes: ["cache.key": "ticket:7"]))
    }
  }

  private func setEach(_ span: any Span, _ id: String, _ index: Int) {
    span.attributes["http.request.method"] = "POST"
    span.attributes["url.full"] = "https://tickets.example.com/api/v2/tickets/" + id + "?token=secret&expand=all"
    span.attributes["http.route"] = "/tickets/{id}"
    span.attributes["http.response.status_code"] = 201
    span.attributes["user.id"] = id
    span.attributes["api_key"] = "made-up-key-1234567890"
    span.attributes["authorization"] = "Bearer made-up-token"
    span.attributes["db.query.text"] = query
    span.attributes["ticket.description"] = description
    span.attributes["tenant_id"] = "tenant-7"
    span.attributes["ticket_id"] = index
    span.attributes["priority"] = "high"
  }
}
