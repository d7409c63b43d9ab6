extension ReadWriteSpan {
  /// The events in the order they stand in. Each read decodes all of them; setting writes them anew.
  public var events: [SpanEvent] {
    get { workspace.repeated(FieldNumber.Span.events).map { SpanEvent(workspace.bytes(of: $0), $0.content) } }
    nonmutating set {
      workspace.rewriteRepeated(FieldNumber.Span.events, newValue.count) { newValue[$0].encode(into: $1) }
    }
  }

  /// The links in the order they stand in. Each read decodes all of them; setting writes them anew.
  public var links: [SpanLink] {
    get { workspace.repeated(FieldNumber.Span.links).map { SpanLink(workspace.bytes(of: $0), $0.content) } }
    nonmutating set {
      workspace.rewriteRepeated(FieldNumber.Span.links, newValue.count) { newValue[$0].encode(into: $1) }
    }
  }

  /// An attribute of the resource that the span belongs to. Read-only: the resource is shared with other spans.
  public subscript(resourceAttribute key: String) -> AttributeValue? {
    resourceAttributes.first { $0.key == key }?.value
  }

  /// The attributes of the resource that the span belongs to.
  public var resourceAttributes: [AttributeValue.Entry] {
    workspace.headerAttributes(
      workspace.resourceHeader, FieldNumber.ResourceSpans.resource, FieldNumber.Resource.attributes)
  }

  /// The instrumentation scope that made the span.
  public var scope: (name: String, version: String, attributes: [AttributeValue.Entry]) {
    (
      workspace.headerText(workspace.scopeHeader, FieldNumber.ScopeSpans.scope, FieldNumber.Scope.name),
      workspace.headerText(workspace.scopeHeader, FieldNumber.ScopeSpans.scope, FieldNumber.Scope.version),
      workspace.headerAttributes(workspace.scopeHeader, FieldNumber.ScopeSpans.scope, FieldNumber.Scope.attributes)
    )
  }
}

extension ReadWriteSpan {
  /// The schema URL of the resource; empty where there is none.
  public var resourceSchemaURL: String {
    workspace.containerText(
      FieldNumber.ResourceSpans.schemaURL, workspace.resourceHeader, workspace.resourceTrailer)
  }

  /// The schema URL of the scope and its spans; empty where there is none.
  public var scopeSchemaURL: String {
    workspace.containerText(FieldNumber.ScopeSpans.schemaURL, workspace.scopeHeader, workspace.scopeTrailer)
  }
}

extension SpanWorkspace {
  /// A text field of a container, wherever it stands beside the children.
  package func containerText(_ number: UInt32, _ header: Range<Int>, _ trailer: Range<Int>) -> String {
    guard let range = field(number, in: trailer) ?? field(number, in: header) else { return "" }
    return String(wire: base, range)
  }

  /// The slots of a repeated message field.
  package func repeated(_ number: UInt32) -> [SpanSlot] {
    slots.filter { $0.number == number && $0.isLengthDelimited && !$0.isRemoved }
  }

  /// Replaces all elements of a repeated message field.
  package func rewriteRepeated(_ number: UInt32, _ count: Int, _ write: (Int, WireBuffer) -> Void) {
    for index in slots.indices where slots[index].number == number && !slots[index].isRemoved {
      remove(index)
    }
    for element in 0..<count {
      add { buffer in buffer.appendMessage(number) { write(element, buffer) } }
    }
  }

  /// The first field with this number in `range` of the batch's bytes.
  package func field(_ number: UInt32, in range: Range<Int>) -> Range<Int>? {
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      if field.number == number, field.isLengthDelimited { return field.content }
    }
    return nil
  }

  /// The attributes inside the resource or scope of a header.
  package func headerAttributes(
    _ header: Range<Int>, _ owner: UInt32, _ number: UInt32
  ) -> [AttributeValue.Entry] {
    guard let content = field(owner, in: header) else { return [] }
    var entries: [AttributeValue.Entry] = []
    var cursor = WireCursor(base, content)
    while let field = cursor.nextChecked() {
      if field.number == number, field.isLengthDelimited {
        entries.append(AttributeValue.Entry(base, field.content))
      }
    }
    return entries
  }

  /// A text field inside the resource or scope of a header.
  package func headerText(_ header: Range<Int>, _ owner: UInt32, _ number: UInt32) -> String {
    guard let content = field(owner, in: header), let text = field(number, in: content) else { return "" }
    return String(wire: base, text)
  }
}

extension ReadWriteSpan {
  /// Asks a rate limit for room, unless the span is kept or dropped already. A span that finds none is sampled out; one
  /// that passes loses its sampling threshold, since nobody knows how probable it was.
  /// - Parameters:
  ///   - reason: a constant name by which the ledger counts.
  ///   - take: takes one from the limit; false where none is left.
  public func rateLimit(_ reason: SpanReason, _ take: () -> Bool) {
    guard workspace.verdict.keepReason == nil, workspace.verdict.dropReason == nil else { return }
    workspace.verdict.rateLimit(hasRoom: take(), reason)
  }
}
