internal import GRPCCore
internal import OTLPExporters
internal import OTLPGRPCExporters
internal import ProcessorHost
internal import Testing

@Suite("OTLP/gRPC exporter")
struct GRPCExporterTests {
  @Test("a call brings the batch's bytes, the headers and the host's id")
  func call() async throws {
    let batch = TestBatch.make("a", "b")
    let (outcomes, calls) = try await export(
      [batch, batch], headers: ["Authorization": "Bearer t0ken"]
    ) { _, _ in [] }
    #expect(outcomes == [.exported, .exported])
    let call = try #require(calls.first)
    #expect(call.body == batch.request)
    #expect(Array(call.metadata[stringValues: "authorization"]) == ["Bearer t0ken"])
    #expect(Array(call.metadata[stringValues: "x-processor-host-id"]) == ["host-1"])
  }

  @Test("with gzip the batch arrives the same")
  func gzip() async throws {
    let batch = TestBatch.make("a", "b", "c")
    let (outcomes, calls) = try await export([batch], compression: .gzip) { _, _ in [] }
    #expect(outcomes == [.exported])
    #expect(calls.map(\.body) == [batch.request])
  }

  @Test(
    "a status decides what becomes of the batch",
    arguments: [
      (RPCError.Code.cancelled, "retry"), (.unknown, "refused"), (.invalidArgument, "invalid"),
      (.deadlineExceeded, "retry"), (.notFound, "refused"), (.alreadyExists, "refused"),
      (.permissionDenied, "refused"), (.resourceExhausted, "refused"), (.failedPrecondition, "refused"),
      (.aborted, "retry"), (.outOfRange, "retry"), (.unimplemented, "refused"), (.internalError, "refused"),
      (.unavailable, "retry"), (.dataLoss, "retry"), (.unauthenticated, "refused"),
    ])
  func statuses(code: RPCError.Code, kind: String) async throws {
    let (outcomes, calls) = try await export([TestBatch.make("a")]) { _, _ in
      throw RPCError(code: code, message: "because of that")
    }
    #expect(outcomes.map(\.kind) == [kind])
    #expect(outcomes[0].message.contains("because of that"))
    #expect(calls.count == 1, "retries are not the exporter's")
  }

  @Test("a server that does not answer in time leaves the batch uncertain")
  func silence() async throws {
    // Long enough for a busy machine to connect: a batch that was never sent is not uncertain.
    let (outcomes, _) = try await export([TestBatch.make("a")], timeout: .seconds(15)) { _, _ in
      try await Task.sleep(for: .seconds(3600))
      return []
    }
    #expect(outcomes.map(\.kind) == ["uncertain"])
    #expect(outcomes[0].message.contains("no answer within"))
  }

  @Test("a connection that is cut after the request leaves the batch uncertain")
  func cut() async throws {
    let relay = try await CuttingRelay()
    let server = try await GRPCTestServer { _, _ in
      await relay.cut()
      try await Task.sleep(for: .seconds(3600))
      return []
    }
    try await relay.start(to: server.port)
    let exporter = try OTLPGRPCExporter(.loopback(relay.port, .grpc), hostID: "host-1")
    let outcome = await exporter.export(TestBatch.make("a"))
    #expect(outcome.kind == "uncertain")
    await exporter.shutdown()
    await relay.stop()
    await server.stop()
  }

  @Test("while nobody listens a batch is tried again, and arrives once somebody does")
  func laterServer() async throws {
    var (port, exporter, refused) = try await nobody()
    // Another test's server may have got the port that was free a moment ago.
    for _ in 0..<5 where refused.kind != "retry" {
      await exporter.shutdown()
      (port, exporter, refused) = try await nobody()
    }
    #expect(refused.kind == "retry")
    #expect(refused.message.contains("127.0.0.1:\(port)"))
    let second = try await GRPCTestServer(port: port) { _, _ in [] }
    var outcome = refused
    // The transport waits for up to two seconds between its own attempts to connect.
    for _ in 0..<100 where outcome.kind == "retry" {
      try await Task.sleep(for: .milliseconds(50))
      outcome = await exporter.export(TestBatch.make("a"))
    }
    #expect(outcome == .exported)
    await exporter.shutdown()
    await second.stop()
  }

  /// A port on which nobody listens, and what an exporter says of it.
  private func nobody() async throws -> (port: Int, exporter: OTLPGRPCExporter, outcome: ExportOutcome) {
    let first = try await GRPCTestServer { _, _ in [] }
    let port = first.port
    await first.stop()
    let exporter = try OTLPGRPCExporter(.loopback(port, .grpc), hostID: "host-1")
    return (port, exporter, await exporter.export(TestBatch.make("a")))
  }

  @Test("an unknown name is tried again, for nobody has the batch")
  func unknownName() async throws {
    var configuration = OTLPExporterConfiguration.loopback(4317, .grpc)
    configuration.endpoint.host = "no-such-host.invalid"
    let exporter = try OTLPGRPCExporter(configuration, hostID: "host-1")
    #expect(await exporter.export(TestBatch.make("a")).kind == "retry")
    await exporter.shutdown()
  }

  @Test("an HTTP/1 port is told as what it is")
  func httpPort() async throws {
    let answer = Array("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n".utf8)
    let server = try await ScriptedServer { _, _ in .bytes(answer) }
    let exporter = try OTLPGRPCExporter(.loopback(server.port, .grpc), hostID: "host-1")
    let outcome = await exporter.export(TestBatch.make("a"))
    #expect(outcome.kind == "refused")
    #expect(outcome.message.contains("HTTP/1") && outcome.message.contains("http/protobuf"))
    await exporter.shutdown()
    await server.stop()
  }

  @Test("what was heard of an earlier server is not said of one that is away")
  func laterAway() async throws {
    let answer = Array("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n".utf8)
    let server = try await ScriptedServer { _, _ in .bytes(answer) }
    let exporter = try OTLPGRPCExporter(.loopback(server.port, .grpc), hostID: "host-1")
    #expect(await exporter.export(TestBatch.make("a")).kind == "refused")
    await server.stop()
    // The transport keeps to what it knows until it tries to connect again.
    var outcome = ExportOutcome.refused("")
    for _ in 0..<100 where outcome.kind == "refused" {
      try await Task.sleep(for: .milliseconds(50))
      outcome = await exporter.export(TestBatch.make("a"))
    }
    #expect(outcome.kind == "retry")
    await exporter.shutdown()
  }

  @Test("the HTTP exporter tells a real gRPC server as what it is")
  func grpcServerOverHTTP() async throws {
    let server = try await GRPCTestServer { _, _ in [] }
    let exporter = try OTLPHTTPExporter(.loopback(server.port), hostID: "host-1")
    let outcome = await exporter.export(TestBatch.make("a"))
    #expect(outcome.kind == "refused")
    #expect(outcome.message.contains("protocol grpc"))
    await exporter.shutdown()
    await server.stop()
  }

  @Test("a cancelled export answers soon, and says that the batch may have been taken")
  func cancellation() async throws {
    let server = try await GRPCTestServer { _, _ in
      try await Task.sleep(for: .seconds(3600))
      return []
    }
    let exporter = try OTLPGRPCExporter(.loopback(server.port, .grpc), hostID: "host-1")
    let task = Task { await exporter.export(TestBatch.make("a")) }
    while server.calls.isEmpty { await Task.yield() }
    task.cancel()
    #expect(await task.value.kind == "uncertain")
    await exporter.shutdown()
    await server.stop()
  }

  // MARK: Helpers

  private func export(
    _ batches: [ExportBatch], headers: [String: String] = [:], timeout: Duration = .seconds(120),
    compression: OTLPExporterConfiguration.Compression = .none,
    _ script: @escaping GRPCTestServer.Script
  ) async throws -> ([ExportOutcome], [GRPCTestServer.Call]) {
    let server = try await GRPCTestServer(script)
    var configuration = OTLPExporterConfiguration.loopback(server.port, .grpc)
    for (name, value) in headers { try configuration.headers.set(name, value) }
    configuration.timeout = timeout
    configuration.compression = compression
    let exporter = try OTLPGRPCExporter(configuration, hostID: "host-1")
    var outcomes: [ExportOutcome] = []
    for batch in batches { outcomes.append(await exporter.export(batch)) }
    await exporter.shutdown()
    await server.stop()
    return (outcomes, server.calls)
  }
}
