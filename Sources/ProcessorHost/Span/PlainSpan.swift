/// A span with its resource and scope, decoded whole: for tests, tools and reports, never on the way of a span.
package struct PlainSpan: Sendable, Equatable {
  package var traceID = TraceID(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c)
  package var spanID = SpanID(0xb7ad_6b71_6920_3331)
  package var parentSpanID: SpanID?
  package var traceState = ""
  package var flags: UInt32 = 0
  package var name = ""
  package var kind: UInt64 = 0
  package var startTimeUnixNano: UInt64 = 0
  package var endTimeUnixNano: UInt64 = 0
  package var attributes: [AttributeValue.Entry] = []
  package var events: [SpanEvent] = []
  package var links: [SpanLink] = []
  package var statusCode: UInt64 = 0
  package var statusMessage = ""
  package var resource: [AttributeValue.Entry] = []
  package var scopeName = ""
  package var scopeVersion = ""
  package var scopeAttributes: [AttributeValue.Entry] = []

  package init() {}

  package init(_ span: borrowing ReadWriteSpan) {
    self.init(span, resource: span.resourceAttributes, scope: span.scope)
  }

  private init(
    _ span: borrowing ReadWriteSpan, resource: [AttributeValue.Entry],
    scope: (name: String, version: String, attributes: [AttributeValue.Entry])
  ) {
    traceID = span.traceID
    spanID = span.spanID
    parentSpanID = span.parentSpanID
    traceState = span.traceState
    flags = span.flags
    name = span.name
    kind = span.workspace.kind
    startTimeUnixNano = span.startTimeUnixNano
    endTimeUnixNano = span.endTimeUnixNano
    attributes = span.attributes
    events = span.events
    links = span.links
    statusCode = span.workspace.status.code
    statusMessage = span.statusMessage
    self.resource = resource
    (scopeName, scopeVersion, scopeAttributes) = scope
  }

  /// All spans of a batch.
  package static func all(in batch: borrowing SpanBatch) -> [PlainSpan] {
    let resources = batch.resources
    let scopes = batch.scopes
    let spans = batch.spans
    return batch.bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return [] }
      var found: [PlainSpan] = []
      let workspace = SpanWorkspace()
      for resource in resources {
        workspace.resourceHeader = resource.prefix
        workspace.resourceTrailer = resource.suffix
        workspace.begin(base, 0..<0)
        // Once for all spans: in each they would take room that grows with the square of the request.
        let resourceAttributes = ReadWriteSpan(workspace).resourceAttributes
        for scope in scopes[resource.children] {
          workspace.scopeHeader = scope.prefix
          workspace.scopeTrailer = scope.suffix
          let scopeParts = ReadWriteSpan(workspace).scope
          for index in scope.children {
            workspace.begin(base, spans[index])
            found.append(PlainSpan(ReadWriteSpan(workspace), resource: resourceAttributes, scope: scopeParts))
          }
        }
      }
      return found
    }
  }

  /// The span as an `ExportTraceServiceRequest` of its own.
  package func encodedRequest() -> [UInt8] {
    let output = WireBuffer()
    output.appendMessage(FieldNumber.Request.resourceSpans) {
      output.appendMessage(FieldNumber.ResourceSpans.resource) {
        output.append(resource, FieldNumber.Resource.attributes)
      }
      output.appendMessage(FieldNumber.ResourceSpans.scopeSpans) {
        output.appendMessage(FieldNumber.ScopeSpans.scope) {
          output.append(FieldNumber.Scope.name, text: scopeName)
          output.append(FieldNumber.Scope.version, text: scopeVersion)
          output.append(scopeAttributes, FieldNumber.Scope.attributes)
        }
        output.appendMessage(FieldNumber.ScopeSpans.spans) { encode(into: output) }
      }
    }
    return Array(output.bytes)
  }

  /// Appends the content of a `Span` message.
  package func encode(into output: WireBuffer) {
    output.appendTag(FieldNumber.Span.traceID, .lengthDelimited)
    output.append(16)
    output.appendBigEndian(traceID.high)
    output.appendBigEndian(traceID.low)
    output.appendTag(FieldNumber.Span.spanID, .lengthDelimited)
    output.append(8)
    output.appendBigEndian(spanID.value)
    output.append(FieldNumber.Span.traceState, text: traceState)
    if let parentSpanID {
      output.appendTag(FieldNumber.Span.parentSpanID, .lengthDelimited)
      output.append(8)
      output.appendBigEndian(parentSpanID.value)
    }
    output.append(FieldNumber.Span.name, text: name)
    output.append(FieldNumber.Span.kind, number: kind)
    output.appendTag(FieldNumber.Span.startTime, .fixed64)
    output.appendFixed64(startTimeUnixNano)
    output.appendTag(FieldNumber.Span.endTime, .fixed64)
    output.appendFixed64(endTimeUnixNano)
    output.append(attributes, FieldNumber.Span.attributes)
    for event in events { output.appendMessage(FieldNumber.Span.events) { event.encode(into: output) } }
    for link in links { output.appendMessage(FieldNumber.Span.links) { link.encode(into: output) } }
    if statusCode != 0 || !statusMessage.isEmpty {
      output.appendMessage(FieldNumber.Span.status) {
        output.append(FieldNumber.Status.message, text: statusMessage)
        output.append(FieldNumber.Status.code, number: statusCode)
      }
    }
    if flags != 0 {
      output.appendTag(FieldNumber.Span.flags, .fixed32)
      output.appendFixed32(flags)
    }
  }
}

extension WireBuffer {
  fileprivate func append(_ entries: [AttributeValue.Entry], _ number: UInt32) {
    for entry in entries { appendMessage(number) { entry.encode(into: self) } }
  }

  /// Appends a text field, unless it is empty.
  fileprivate func append(_ number: UInt32, text: String) {
    if text.isEmpty { return }
    appendTag(number, .lengthDelimited)
    appendText(text)
  }

  /// Appends a varint field, unless it is zero.
  fileprivate func append(_ number: UInt32, number value: UInt64) {
    if value == 0 { return }
    appendTag(number, .varint)
    appendVarint(value)
  }
}
