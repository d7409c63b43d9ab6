internal import Tracing

/// What an app has said about a span so far, within the limits.
struct SpanContent {
  var name: String
  var attributes: SpanAttributes = [:]
  var events: [Tracing.SpanEvent] = []
  var links: [RecordedLink] = []
  var status: SpanStatus?
  var droppedAttributes = 0
  var droppedEvents = 0
  var droppedLinks = 0

  init(name: String) { self.name = name }

  /// OpenTelemetry specification: SDK, Span Limits. What was there stays; of what is new, the first by their keys do, so
  /// that the same calls always have the same outcome.
  mutating func setAttributes(_ new: SpanAttributes, _ limits: SpanLimits) {
    guard new.count > limits.attributeCount else {
      attributes = new
      return
    }
    var added: [(key: String, value: SpanAttribute)] = []
    var kept: SpanAttributes = [:]
    new.visit { key, value in
      if attributes.get(key) != nil { kept.set(key, value: value) } else { added.append((key, value)) }
    }
    let room = max(limits.attributeCount - kept.count, 0)
    droppedAttributes += max(added.count - room, 0)
    added.sort { $0.key < $1.key }
    for (key, value) in added.prefix(room) { kept.set(key, value: value) }
    attributes = kept
  }

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
