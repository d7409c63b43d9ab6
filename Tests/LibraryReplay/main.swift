internal import Foundation
internal import Logging
internal import ProcessorHost
internal import ProcessorHostTracing
internal import Tracing

// Makes the spans of a recording again, through the tracer, and writes what would be exported:
//
//   LibraryReplay RECORDING OUTPUT [RULES]
//
// With `otlp` as the output they go where OTEL_EXPORTER_OTLP_… says. Without rules spans come out as the library encodes them. With SWIFT_DETERMINISTIC_HASHING=1 in the environment two runs
// give the attributes in one order.

let arguments = CommandLine.arguments
guard arguments.count >= 3, let recording = FileManager.default.contents(atPath: arguments[1]) else {
  FileHandle.standardError.write(Data("usage: LibraryReplay RECORDING OUTPUT [RULES]\n".utf8))
  exit(2)
}
let spans = PlainSpan.all(in: Door().admit([UInt8](recording)).takeBatch())
let ids = RecordedIDs(spans)
let exporter = InMemoryExporter()
var configuration = TracingBackend.Configuration()
configuration.resource = Resource(attributes: [AttributeValue.Entry("service.name", "replay")])
configuration.rules = arguments.count > 3 ? .directory(arguments[3]) : .none
configuration.idGenerator = ids
let isSent = arguments[2] == "otlp"
configuration.exporter = isSent ? .automatic : .custom(exporter)
configuration.queue.maxQueueSize = max(spans.count, 1)
configuration.queue.maxExportBatchSize = max(spans.count, 1)
let (tracer, service) = try TracingBackend.make(
  configuration, environment: isSent ? ProcessInfo.processInfo.environment : [:],
  logger: Logger(label: "replay") { StreamLogHandler.standardError(label: $0) })
for span in spans {
  ids.next(span)
  Replay.make(span, tracer)
}
let running = Task { try await service.run() }
await service.forceFlush()
if !isSent { try Data(exporter.requests.joined()).write(to: URL(filePath: arguments[2])) }
running.cancel()
_ = await running.result
