/// Traces as a person reads them.
struct TraceText: Sendable {
  private let text: SpanText
  /// Services whose heading has been shown, so that each batch does not show them again.
  private var known: [[AttributeValue.Entry]] = []

  private static let maximumKnown = 64

  init(_ terminal: Terminal) { text = SpanText(terminal) }

  mutating func render(_ spans: [PlainSpan]) -> String {
    var output = ""
    for span in spans where known.last != span.resource && !known.contains(span.resource) {
      if known.count == Self.maximumKnown { known.removeFirst() }
      known.append(span.resource)
      output += text.heading(span.resource)
    }
    for tree in TraceTree.trees(of: spans) {
      let count = tree.nodes.count == 1 ? "1 span" : "\(tree.nodes.count) spans"
      output += "\n" + text.terminal.paint("trace \(tree.traceID)  \(count)", .dim) + "\n"
      for node in tree.nodes { output += render(node) }
    }
    return output
  }

  private func render(_ node: TraceTree.Node) -> String {
    var span = node.span
    // Where the tree shows the parent, its id says nothing more.
    if node.isLast.count > 1 { span.parentSpanID = nil }
    let rails = node.isLast.dropLast().map { $0 ? "   " : "│  " }.joined()
    let isLast = node.isLast.last ?? true
    var facts = [SpanText.duration(span), SpanText.kind(span), SpanText.service(span.resource)]
    if span.statusCode == 1 { facts.append("ok") }
    var line =
      text.terminal.paint(rails + (isLast ? "└─ " : "├─ "), .dim)
      + text.terminal.paint(AttributeValue.escaped(span.name), .bold) + "  "
      + text.terminal.paint(facts.joined(separator: "  "), .dim)
    if span.statusCode == 2 { line += "  " + text.terminal.paint("ERROR", .red) }
    let indent = text.terminal.paint(rails + (isLast ? "   " : "│  "), .dim) + "  "
    return line + "\n" + text.details(span).map { indent + $0 }.joined()
  }
}
