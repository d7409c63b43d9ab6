internal import Tracing

/// What an app has said about a span so far, within the limits, but for the attributes.
struct SpanContent {
  var name: String
  var events: [Tracing.SpanEvent] = []
  var links: [RecordedLink] = []
  var status: SpanStatus?
  var droppedEvents = 0
  var droppedLinks = 0

  init(name: String) { self.name = name }

  mutating func add(_ event: Tracing.SpanEvent, _ limits: SpanLimits) {
    if events.count < limits.eventCount { events.append(event) } else { droppedEvents += 1 }
  }

  mutating func add(_ link: RecordedLink, _ limits: SpanLimits) {
    if links.count < limits.linkCount { links.append(link) } else { droppedLinks += 1 }
  }
}

/// A pointer to another span.
struct RecordedLink {
  var target: SpanContext
  var attributes: SpanAttributes
}
