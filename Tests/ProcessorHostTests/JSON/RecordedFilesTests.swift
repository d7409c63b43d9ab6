internal import Foundation
internal import ProcessorHost
internal import Testing

/// Recordings of other projects, in a folder beside the package; they are no part of it.
private let recordings = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../../../shared/data").standardizedFileURL

@Suite(
  "OTLP/JSON of other projects",
  .enabled(if: FileManager.default.fileExists(atPath: recordings.path), "the folder of recordings is not there"))
struct RecordedFilesTests {
  @Test(
    "recorded documents are read whole and come back the same",
    arguments: [("specification-example", 1), ("jaeger-scopes-events-links", 4), ("snake-case-names", 17)])
  func documents(name: String, spans: Int) throws {
    let text = try Data(contentsOf: recordings.appending(path: "\(name).json"))
    let (request, notes) = try OTLPJSONReader.read([UInt8](text))
    #expect(notes.isEmpty)
    #expect(notes.spans == spans)
    #expect(try OTLPJSONReader.read(JSONDocuments.write(request).text).request == request)
  }

  @Test("recorded lines are read whole and come back the same")
  func lines() throws {
    let text = [UInt8](try Data(contentsOf: recordings.appending(path: "opentelemetry-demo.traces.jsonl")))
    var requests: [[UInt8]] = []
    var spans = 0
    try text.withUnsafeBufferPointer { bytes in
      try OTLPJSONReader.readLines(bytes) { line in
        let content = try line.content.get()
        #expect(content.notes.isEmpty)
        spans += content.notes.spans
        requests.append(content.request)
      }
    }
    #expect(requests.count == 41)
    #expect(spans == 547)
    for request in requests {
      #expect(try OTLPJSONReader.read(JSONDocuments.write(request).text).request == request)
    }
  }
}
