internal import ProcessorHost
internal import Testing

@Suite("In-memory exporter")
struct InMemoryExporterTests {
  @Test("keeps what came until it is told to forget it")
  func keeps() async {
    let exporter = InMemoryExporter()
    for start in [0, 2] { #expect(await exporter.export(NamedSpans.batch(start..<start + 2)) == .exported) }
    #expect(exporter.spans.map(\.name) == NamedSpans.names(0..<4) && exporter.spanCount == 4)
    #expect(exporter.requests == [NamedSpans.request(0..<2), NamedSpans.request(2..<4)])
    exporter.reset()
    #expect(exporter.spans.isEmpty && exporter.spanCount == 0)
  }
}
