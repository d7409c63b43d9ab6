internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("Console exporter")
struct ConsoleExporterTests {
  @Test("shows a tree for each trace, children below their parents by their beginning")
  func tree() async throws {
    let root = span(1, "GET /orders", start: 0, milliseconds: 12.5) {
      $0.kind = 2
      $0.attributes = [.init("tenant_id", "t-1"), .init("card", "[REDACTED]")]
    }
    let late = span(2, "render", parent: 1, start: 8, milliseconds: 4)
    let early = span(3, "query", parent: 1, start: 1, milliseconds: 6) {
      $0.kind = 3
      $0.statusCode = 2
      $0.statusMessage = "timeout"
    }
    let below = span(4, "connect", parent: 3, start: 2, milliseconds: 1) {
      $0.attributes = [.init("port", 5432)]
    }
    let text = try await shown([late, below, root, early])
    let expected = """

      ● shop

      trace \(root.traceID)  4 spans
      └─ GET /orders  12.5 ms  server  shop
           attributes.card = "[REDACTED]"
           attributes.tenant_id = "t-1"
         ├─ query  6.0 ms  client  shop  ERROR
         │    status.message = "timeout"
         │  └─ connect  1.0 ms  unspecified  shop
         │       attributes.port = 5432
         └─ render  4.0 ms  unspecified  shop

      """
    #expect(text == expected)
  }

  @Test("what the resource says is shown once, and again only for another resource")
  func resources() async throws {
    let output = try OutputFile()
    let exporter = try ConsoleExporter(descriptor: output.descriptor)
    let other = span(2, "b") { $0.resource = [.init("service.name", "cart"), .init("host.name", "h-1")] }
    for spans in [[span(1, "a")], [span(1, "a"), other], [other]] { _ = await exporter.export(batch(spans)) }
    let text = try output.text()
    #expect(text.components(separatedBy: "● shop").count == 2)
    #expect(text.components(separatedBy: "● cart\n  resource.host.name = \"h-1\"\n").count == 2)
  }

  @Test("spans without their parent, and spans that are each other's, are shown once")
  func strays() async throws {
    let orphan = span(1, "orphan", parent: 99)
    let own = span(2, "own", parent: 2)
    let circle = [span(3, "c3", parent: 4), span(4, "c4", parent: 3)]
    let twin = span(1, "twin")
    let text = try await shown([orphan, own] + circle + [twin])
    for name in ["orphan", "own", "c3", "c4", "twin"] {
      #expect(text.components(separatedBy: "─ \(name)  ").count == 2, "\(name)")
    }
    #expect(text.contains("parent_span_id = 0000000000000063"), "a parent that is elsewhere is named")
  }

  @Test("a chain of many spans does not indent without end")
  func depth() async throws {
    let spans = (1...600).map { span(UInt64($0), "s\($0)", parent: UInt64($0 - 1), start: UInt64($0)) }
    let text = try await shown(spans)
    #expect(text.components(separatedBy: "─ s").count == 601)
    #expect(text.split(separator: "\n").allSatisfy { $0.count < 200 })
  }

  @Test("what a span holds cannot command a terminal, and without a terminal there are no colours")
  func control() async throws {
    let text = try await shown([span(1, "a\u{1B}[2J\nb") { $0.attributes = [.init("k\u{9B}", "\u{202E}")] }])
    #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" || $0 == "\u{202E}" })
    #expect(text.contains("a\\u{1b}[2J\\nb"))
  }

  @Test("what several exports write at once does not mix")
  func together() async throws {
    let output = try OutputFile()
    let exporter = try ConsoleExporter(descriptor: output.descriptor)
    let outcomes = await withTaskGroup(of: ExportOutcome.self) { group in
      for number in 0..<30 {
        let spans = (0..<20).map { index in span(UInt64(index + 1), "export\(number)", start: UInt64(index)) }
        group.addTask { await exporter.export(batch(spans)) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes == Array(repeating: .exported, count: 30))
    let names = try output.text().split(separator: "\n").compactMap { line in
      line.split(separator: " ").first { $0.hasPrefix("export") }
    }
    #expect(names.count == 600)
    for start in stride(from: 0, to: 600, by: 20) { #expect(Set(names[start..<start + 20]).count == 1) }
  }

  @Test("an output that nobody reads holds an export only until it is cancelled")
  func stopped() async throws {
    let pipe = Pipe()
    let writer = pipe.fileHandleForWriting.fileDescriptor
    let exporter = try ConsoleExporter(descriptor: writer)
    let large = batch([span(1, String(repeating: "x", count: 1 << 20))])
    let first = Task { await exporter.export(large) }
    let second = Task { await exporter.export(large) }
    while hasRoom(writer) { try await Task.sleep(for: .milliseconds(5)) }
    first.cancel()
    second.cancel()
    let outcomes = [await first.value, await second.value]
    // Which of them came first is the system's choice.
    #expect(outcomes.contains { if case .uncertain = $0 { true } else { false } })
    #expect(outcomes.contains { if case .retry = $0 { true } else { false } })
  }

  @Test("an output that nobody reads any more refuses spans, and does not end the process")
  func closed() async throws {
    signal(SIGPIPE, SIG_IGN)
    let pipe = Pipe()
    let exporter = try ConsoleExporter(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    try pipe.fileHandleForReading.close()
    let outcome = await exporter.export(batch([span(1, "a")]))
    #expect(outcome == .refused("nobody reads the output any more"))
  }

  // MARK: Helpers

  private func span(
    _ id: UInt64, _ name: String, parent: UInt64 = 0, start: UInt64 = 0, milliseconds: Double = 1,
    _ change: (inout PlainSpan) -> Void = { _ in }
  ) -> PlainSpan {
    var span = PlainSpan()
    span.spanID = SpanID(id)
    span.parentSpanID = parent == 0 ? nil : SpanID(parent)
    span.name = name
    span.startTimeUnixNano = 1_000_000_000 + start * 1_000_000
    span.endTimeUnixNano = span.startTimeUnixNano + UInt64(milliseconds * 1e6)
    span.resource = [.init("service.name", "shop")]
    change(&span)
    return span
  }

  private func hasRoom(_ descriptor: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&request, 1, 0) != 0
  }

  private func batch(_ spans: [PlainSpan]) -> ExportBatch {
    ExportBatch(request: spans.flatMap { $0.encodedRequest() }, spanCount: spans.count)
  }

  private func shown(_ spans: [PlainSpan]) async throws -> String {
    let output = try OutputFile()
    let exporter = try ConsoleExporter(descriptor: output.descriptor)
    #expect(await exporter.export(batch(spans)) == .exported)
    return try output.text()
  }
}

/// A file that goes with the test.
private final class OutputFile: Sendable {
  let descriptor: Int32
  private let path = NSTemporaryDirectory() + "console-" + UUID().uuidString

  init() throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    try #require(descriptor >= 0)
  }

  deinit {
    close(descriptor)
    unlink(path)
  }

  func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
}
