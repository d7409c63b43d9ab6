internal import ArgumentParser
internal import ProcessorHost

/// How spans are written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  /// One OTLP/JSON document, laid out for reading.
  case json
  /// OTLP/JSON lines, a request each.
  case jsonl
  /// OTLP protobuf. Requests that follow each other are one valid request.
  case proto
  /// For people.
  case text
}

/// Writes batches in a format.
struct SpanWriter {
  private let format: OutputFormat
  private let sink: OutputSink
  private var text: SpanText
  /// One JSON document holds all requests, so they are gathered.
  private var gathered: [UInt8] = []

  init(_ format: OutputFormat, _ sink: OutputSink) {
    self.format = format
    self.sink = sink
    text = SpanText(Terminal(isTerminal: sink.isTerminal))
  }

  mutating func write(_ batch: borrowing SpanBatch) throws {
    switch format {
    case .proto: try sink.write(batch.encoded())
    case .json: batch.encode(into: &gathered)
    case .jsonl:
      if !batch.isEmpty { try sink.write(json(batch.encoded(), .line)) }
    case .text: try sink.write(text.render(PlainSpan.all(in: batch)).utf8)
    }
  }

  mutating func finish() throws {
    if format == .json { try sink.write(json(gathered, .indented)) }
    try sink.finish()
  }

  private func json(_ request: [UInt8], _ style: OTLPJSONWriter.Style) -> [UInt8] {
    let output = WireBuffer(capacity: request.count * 2 + 64)
    request.withUnsafeBufferPointer { _ = OTLPJSONWriter.write($0, as: style, to: output) }
    output.append(UInt8(ascii: "\n"))
    return Array(output.bytes)
  }
}
