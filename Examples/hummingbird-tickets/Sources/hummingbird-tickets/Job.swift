import Tracing

/// What waits for the worker: a ticket, and the trace that it belongs to.
struct Job: Codable, Sendable {
  let id: String
  let ticket: Ticket
  /// `traceparent` and what else travels: for a job what headers are for a request.
  private(set) var headers: [String: String] = [:]

  /// A job that continues what happens now, wherever and whenever it is done.
  init(id: String, ticket: Ticket, in context: InstrumentationContext) {
    self.id = id
    self.ticket = ticket
    InstrumentationSystem.instrument.inject(context, into: &headers, using: HeaderFields())
  }

  /// The context in which the job was made, for the spans of doing it.
  var context: InstrumentationContext {
    var context = InstrumentationContext.topLevel
    InstrumentationSystem.instrument.extract(headers, into: &context, using: HeaderFields())
    return context
  }
}

private struct HeaderFields: Injector, Extractor {
  func inject(_ value: String, forKey key: String, into headers: inout [String: String]) { headers[key] = value }

  func extract(key: String, from headers: [String: String]) -> String? { headers[key] }
}
