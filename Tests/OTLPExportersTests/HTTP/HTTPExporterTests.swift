internal import OTLPExporters
internal import OTLPProtocol
internal import ProcessorHost
internal import Testing

@Suite("OTLP/HTTP exporter")
struct HTTPExporterTests {
  @Test("a request is a POST of the batch's bytes, with its type, the headers and the host's id")
  func request() async throws {
    let batch = TestBatch.make("a", "b")
    let (outcomes, requests) = try await export(
      [batch, batch], headers: ["Authorization": "Bearer t0ken"]
    ) { _, _ in .answer(200) }
    #expect(outcomes == [.exported, .exported])
    let request = try #require(requests.first)
    #expect(request.line == "POST /v1/traces HTTP/1.1")
    #expect(request.body == batch.request)
    #expect(request.headers["content-type"] == "application/x-protobuf")
    #expect(request.headers["authorization"] == "Bearer t0ken")
    #expect(request.headers["x-processor-host-id"] == "host-1")
    #expect(request.headers["content-encoding"] == nil)
    #expect(request.headers["user-agent"]?.isEmpty == false)
  }

  @Test("with http/json the body is OTLP/JSON")
  func json() async throws {
    let (outcomes, requests) = try await export([TestBatch.make("a")], transport: .httpJSON) {
      _, _ in .answer(200, headers: ["Content-Type": "application/json"], body: Array("{}".utf8))
    }
    #expect(outcomes == [.exported])
    #expect(requests.first?.headers["content-type"] == "application/json")
    #expect(requests.first.map { String(decoding: $0.body, as: UTF8.self) }?.hasPrefix("{\"resourceSpans\":") == true)
  }

  @Test(
    "an answer's status decides what becomes of the batch",
    arguments: [
      (200, "exported"), (202, "exported"), (301, "refused"), (307, "refused"), (400, "invalid"), (401, "refused"),
      (403, "refused"), (404, "refused"), (405, "refused"), (408, "refused"), (413, "tooLarge"), (415, "refused"),
      (422, "invalid"), (429, "retry"), (500, "refused"), (501, "refused"), (502, "retry"), (503, "retry"),
      (504, "retry"), (508, "refused"),
    ])
  func statuses(status: Int, kind: String) async throws {
    let (outcomes, requests) = try await export([TestBatch.make("a")]) { _, _ in
      .answer(status, headers: ["Location": "http://127.0.0.1:1/elsewhere"])
    }
    #expect(outcomes.map(\.kind) == [kind])
    #expect(requests.count == 1, "neither redirects nor retries are the exporter's")
    if kind != "exported" { #expect(outcomes[0].message.contains("\(status)")) }
  }

  @Test("a connection that is cut after the request leaves the batch uncertain")
  func cut() async throws {
    let (outcomes, requests) = try await export([TestBatch.make("a")]) { _, _ in .cut }
    #expect(outcomes.map(\.kind) == ["uncertain"] && requests.count == 1)
  }

  @Test("a server that does not answer in time leaves the batch uncertain")
  func silence() async throws {
    let (outcomes, _) = try await export([TestBatch.make("a")], timeout: .seconds(2)) { _, _ in
      .silence
    }
    #expect(outcomes.map(\.kind) == ["uncertain"])
    #expect(outcomes[0].message.contains("no answer within"))
  }

  @Test("an answer whose body does not come is what its status says")
  func missingBody() async throws {
    let (outcomes, _) = try await export(
      [TestBatch.make("a"), TestBatch.make("b")], timeout: .seconds(2)
    ) { _, number in number == 0 ? .headOnly(200) : .headOnly(503) }
    #expect(outcomes.map(\.kind) == ["exported", "retry"])
  }

  @Test("a refused connection and an unknown name are tried again, for nobody has the batch")
  func noConnection() async throws {
    let server = try await ScriptedServer { _, _ in .answer(200) }
    let port = server.port
    await server.stop()
    var configuration = OTLPExporterConfiguration.loopback(port)
    #expect(try await attempt(configuration).kind == "retry")
    configuration.endpoint.host = "no-such-host.invalid"
    let outcome = try await attempt(configuration)
    #expect(outcome.kind == "retry")
    #expect(outcome.message.contains("no-such-host.invalid"))
  }

  @Test("a cancelled export answers soon, and says that the batch may have been taken")
  func cancellation() async throws {
    let server = try await ScriptedServer { _, _ in .silence }
    let exporter = try OTLPHTTPExporter(.loopback(server.port), hostID: "host-1")
    let task = Task { await exporter.export(TestBatch.make("a")) }
    while server.requests.isEmpty { await Task.yield() }
    task.cancel()
    #expect(await task.value.kind == "uncertain")
    await exporter.shutdown()
    await server.stop()
  }

  @Test("a gRPC port is told as what it is")
  func grpcPort() async throws {
    // The SETTINGS frame that a server of HTTP/2 begins with.
    let settings: [UInt8] = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]
    let server = try await ScriptedServer(greeting: settings) { _, _ in .cut }
    let outcome = try await attempt(.loopback(server.port))
    #expect(outcome.kind == "refused")
    #expect(outcome.message.contains("gRPC") && outcome.message.contains("protocol grpc"))
    await server.stop()
  }

  @Test("what was heard of an earlier server is not said of one that is away")
  func laterAway() async throws {
    let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
    let server = try await ScriptedServer(greeting: settings) { _, _ in .cut }
    let exporter = try OTLPHTTPExporter(.loopback(server.port), hostID: "host-1")
    #expect(await exporter.export(TestBatch.make("a")).kind == "refused")
    await server.stop()
    #expect(await exporter.export(TestBatch.make("a")).kind == "retry")
    await exporter.shutdown()
  }

  @Test("a TLS port is told as what it is")
  func tlsPort() async throws {
    let server = try await ScriptedServer { _, _ in .bytes([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]) }
    let outcome = try await attempt(.loopback(server.port))
    #expect(outcome.kind == "refused")
    #expect(outcome.message.contains("https://"))
    await server.stop()
  }

  @Test("no message holds the value of a header, even where the server repeats it")
  func secrets() async throws {
    let (outcomes, _) = try await export(
      [TestBatch.make("a")], headers: ["x-api-key": "s3cret-value"]
    ) { request, _ in
      .answer(
        401, headers: ["content-type": "text/plain"],
        body: Array("bad key \(request.headers["x-api-key"] ?? "")\u{1B}[31m".utf8))
    }
    #expect(outcomes.map(\.kind) == ["refused"])
    #expect(outcomes[0].message.contains("bad key ***"))
    #expect(!outcomes[0].message.contains("s3cret") && !outcomes[0].message.contains("\u{1B}"))
  }

  // MARK: Helpers

  private func export(
    _ batches: [ExportBatch], headers: [String: String] = [:], timeout: Duration = .seconds(120),
    compression: OTLPExporterConfiguration.Compression = .none,
    transport: OTLPExporterConfiguration.TransportProtocol = .httpProtobuf,
    _ script: @escaping @Sendable (ScriptedServer.Request, Int) -> ScriptedServer.Reply
  ) async throws -> ([ExportOutcome], [ScriptedServer.Request]) {
    let server = try await ScriptedServer(script)
    var configuration = OTLPExporterConfiguration.loopback(server.port)
    for (name, value) in headers { try configuration.headers.set(name, value) }
    configuration.timeout = timeout
    configuration.compression = compression
    configuration.transportProtocol = transport
    let exporter = try OTLPHTTPExporter(configuration, hostID: "host-1")
    var outcomes: [ExportOutcome] = []
    for batch in batches { outcomes.append(await exporter.export(batch)) }
    await exporter.shutdown()
    await server.stop()
    return (outcomes, server.requests)
  }

  private func attempt(_ configuration: OTLPExporterConfiguration) async throws -> ExportOutcome {
    let exporter = try OTLPHTTPExporter(configuration, hostID: "host-1")
    let outcome = await exporter.export(TestBatch.make("a"))
    await exporter.shutdown()
    return outcome
  }
}
