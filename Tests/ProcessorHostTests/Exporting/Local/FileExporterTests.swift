internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("File exporter")
struct FileExporterTests {
  @Test("writes a line of OTLP/JSON for each batch, from which the spans are read again")
  func lines() async throws {
    let folder = try Folder()
    let exporter = try FileExporter(folder.path("spans.jsonl"))
    for start in [0, 3] { #expect(await exporter.export(NamedSpans.batch(start..<start + 3)) == .exported) }
    await exporter.shutdown()
    #expect(folder.lines("spans.jsonl") == 2)
    #expect(folder.names("spans.jsonl") == NamedSpans.names(0..<6))
  }

  @Test("goes on behind what is in the file, and behind a line that was cut off")
  func appended() async throws {
    let folder = try Folder()
    let path = folder.path("spans.jsonl")
    try Data("{\"resourceSpans\":[]}\n{\"resourceSp".utf8).write(to: URL(fileURLWithPath: path))
    let exporter = try FileExporter(path)
    _ = await exporter.export(NamedSpans.batch(0..<2))
    await exporter.shutdown()
    #expect(folder.lines("spans.jsonl") == 3)
    #expect(folder.names("spans.jsonl") == NamedSpans.names(0..<2))
  }

  @Test("a file that would become too large is renamed, and only so many are kept", arguments: [0, 1, 2])
  func rotation(kept: Int) async throws {
    let folder = try Folder()
    let path = folder.path("spans.jsonl")
    let size = try await lineSize(3)
    // Two lines fit, a third does not.
    let exporter = try FileExporter(path, rotation: .init(maximumBytes: size * 2 + size / 2, keptFiles: kept))
    for start in stride(from: 0, to: 21, by: 3) { _ = await exporter.export(NamedSpans.batch(start..<start + 3)) }
    await exporter.shutdown()
    #expect(folder.names("spans.jsonl") == NamedSpans.names(18..<21))
    let old = (1...3).map { folder.names("spans.jsonl.\($0)") }
    #expect(old == [NamedSpans.names(12..<18), NamedSpans.names(6..<12), []].enumerated().map { $0 < kept ? $1 : [] })
  }

  @Test("a batch that is larger than a file may be gets a file of its own")
  func large() async throws {
    let folder = try Folder()
    let exporter = try FileExporter(folder.path("f"), rotation: .init(maximumBytes: 10, keptFiles: 9))
    for start in 0..<3 { #expect(await exporter.export(NamedSpans.batch(start..<start + 1)) == .exported) }
    await exporter.shutdown()
    #expect(["f", "f.1", "f.2", "f.3"].map(folder.names) == [["s2"], ["s1"], ["s0"], []])
  }

  @Test("a file that somebody else renames or deletes is begun anew")
  func moved() async throws {
    let folder = try Folder()
    let exporter = try FileExporter(folder.path("f"))
    _ = await exporter.export(NamedSpans.batch(0..<1))
    try FileManager.default.moveItem(atPath: folder.path("f"), toPath: folder.path("f-old"))
    _ = await exporter.export(NamedSpans.batch(1..<2))
    try FileManager.default.removeItem(atPath: folder.path("f"))
    _ = await exporter.export(NamedSpans.batch(2..<3))
    await exporter.shutdown()
    #expect(["f", "f-old"].map(folder.names) == [["s2"], ["s0"]])
  }

  @Test("a file that cannot be opened is an error with its name and the reason")
  func missingFolder() throws {
    let folder = try Folder()
    let path = folder.path("missing/f\u{1B}")
    let error = #expect(throws: FileExporter.Failure.self) { try FileExporter(path) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("missing/f\\u{1b}") && text.hasSuffix("No such file or directory"))
  }

  #if os(Linux)
    @Test("a full disk keeps the batch for later")
    func full() async throws {
      let exporter = try FileExporter("/dev/full")
      let outcome = await exporter.export(NamedSpans.batch(0..<1))
      guard case .retry(let message, nil) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(message.contains("No space left"))
    }
  #endif

  private func lineSize(_ spans: Int) async throws -> Int {
    let folder = try Folder()
    let exporter = try FileExporter(folder.path("f"))
    _ = await exporter.export(NamedSpans.batch(0..<spans))
    await exporter.shutdown()
    return folder.content("f").count
  }
}

/// A directory that goes with the test.
private final class Folder: Sendable {
  private let root = NSTemporaryDirectory() + "files-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { root + "/" + name }

  func content(_ name: String) -> [UInt8] { Array(FileManager.default.contents(atPath: path(name)) ?? Data()) }

  /// How many line ends there are.
  func lines(_ name: String) -> Int { content(name).count { $0 == UInt8(ascii: "\n") } }

  /// The names of the spans in a file's lines that can be read; none where there is no file.
  func names(_ name: String) -> [String] {
    var names: [String] = []
    content(name).withUnsafeBufferPointer { text in
      OTLPJSONReader.readLines(text) { line in
        guard case .success(let content) = line.content else { return }
        names += [PlainSpan](request: content.request).map(\.name)
      }
    }
    return names
  }
}
