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
    resourceAttributes.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// The attributes of the resource that the span belongs to.
  public var resourceAttributes: [AttributeValue.Entry] {
    workspace.attributes(in: workspace.resource, FieldNumber.Resource.attributes)
  }

  /// The instrumentation scope that made the span.
  public var scope: (name: String, version: String, attributes: [AttributeValue.Entry]) {
    let scope = workspace.scope
    return (
      workspace.text(FieldNumber.Scope.name, in: scope), workspace.text(FieldNumber.Scope.version, in: scope),
      workspace.attributes(in: scope, FieldNumber.Scope.attributes)
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
    for index in slots.indices
    where slots[index].number == number && slots[index].isLengthDelimited && !slots[index].isRemoved {
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

  /// Where the resource's content stands; nil for spans that come without one.
  package var resource: Range<Int>? {
    field(FieldNumber.ResourceSpans.resource, in: resourceHeader)
      ?? field(FieldNumber.ResourceSpans.resource, in: resourceTrailer)
  }

  /// Where the scope's content stands; nil for spans that come without one.
  package var scope: Range<Int>? {
    field(FieldNumber.ScopeSpans.scope, in: scopeHeader) ?? field(FieldNumber.ScopeSpans.scope, in: scopeTrailer)
  }

  /// The attributes inside a resource or scope.
  package func attributes(in content: Range<Int>?, _ number: UInt32) -> [AttributeValue.Entry] {
    guard let content else { return [] }
    var entries: [AttributeValue.Entry] = []
    var cursor = WireCursor(base, content)
    while let field = cursor.nextChecked() {
      if field.number == number, field.isLengthDelimited { entries.append(AttributeValue.Entry(base, field.content)) }
    }
    return entries
  }

  /// A text field inside a resource or scope; empty where there is none.
  package func text(_ number: UInt32, in content: Range<Int>?) -> String {
    guard let content, let text = field(number, in: content) else { return "" }
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
