/// Spans as a person reads them: a block each, under the service they came from.
package struct SpanText: Sendable {
  let terminal: Terminal
  private var lastService: [AttributeValue.Entry]?

  package init(_ terminal: Terminal) { self.terminal = terminal }

  /// The spans of a batch as text.
  package mutating func render(_ spans: [PlainSpan]) -> String {
    var text = ""
    for span in spans {
      if span.resource != lastService {
        lastService = span.resource
        text += heading(span.resource)
      }
      text += block(span)
    }
    return text
  }

  /// The name of a service, and what else is known of it.
  func heading(_ resource: [AttributeValue.Entry]) -> String {
    var text = "\n" + terminal.paint("● " + Self.service(resource), .bold, .cyan) + "\n"
    for entry in resource.sorted(by: { $0.key < $1.key }) where entry.key != "service.name" {
      text += line("  resource." + entry.key, entry.value.literal)
    }
    return text
  }

  static func service(_ resource: [AttributeValue.Entry]) -> String {
    guard case .string(let name)? = resource.first(where: { $0.key == "service.name" })?.value else {
      return "unknown service"
    }
    return AttributeValue.escaped(name)
  }

  private func block(_ span: PlainSpan) -> String {
    var text =
      "  " + terminal.paint(AttributeValue.escaped(span.name), .bold) + "  "
      + terminal.paint("\(Self.kind(span))  \(Self.duration(span))  span \(span.spanID)  trace \(span.traceID)", .dim)
    if span.statusCode == 2 { text += "  " + terminal.paint("ERROR", .red) }
    return text + "\n" + details(span).map { "    " + $0 }.joined()
  }

  static func kind(_ span: PlainSpan) -> String {
    SpanKind(rawValue: Int(truncatingIfNeeded: span.kind)).map { "\($0)" } ?? "kind \(span.kind)"
  }

  /// The lines of a span that its first line, and the heading of its service, do not say already.
  func details(_ span: PlainSpan) -> [String] {
    // The heading says these once for all spans of a service; making their lines for each would take the square of it.
    var own = span
    own.resource = []
    own.scopeAttributes = []
    return own.lines.filter { !Self.inHeading($0.path) }.map { line($0.path, $0.value) }
  }

  /// What the first line of a block, or the heading, says already.
  private static func inHeading(_ path: String) -> Bool {
    ["name", "kind", "trace_id", "span_id", "start_time", "end_time", "status.code", "flags"].contains(path)
      || path.hasPrefix("resource.") || path.hasPrefix("scope.")
  }

  private func line(_ path: String, _ value: String) -> String {
    let parts = value.split(separator: HideAction.markText, omittingEmptySubsequences: false)
    let shown = parts.map(String.init).joined(separator: terminal.paint(HideAction.markText, .yellow))
    return terminal.paint(AttributeValue.escaped(path), .dim) + " = " + shown + "\n"
  }

  /// The time a span took, in the unit that fits.
  static func duration(_ span: PlainSpan) -> String {
    guard span.endTimeUnixNano > span.startTimeUnixNano else { return "0 ms" }
    let milliseconds = Double(span.endTimeUnixNano - span.startTimeUnixNano) / 1e6
    if milliseconds >= 1000 { return "\((milliseconds / 10).rounded() / 100) s" }
    return "\((milliseconds * 100).rounded() / 100) ms"
  }
}
