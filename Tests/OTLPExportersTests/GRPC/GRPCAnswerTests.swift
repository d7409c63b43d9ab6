internal import GRPCCore
internal import OTLPExporters
internal import OTLPGRPCExporters
internal import ProcessorHost
internal import Testing

@Suite("Answers over gRPC")
struct GRPCAnswerTests {
  @Test("a partial success, and a message that is a warning, are told")
  func partial() async throws {
    #expect(
      try await outcome { _, _ in ProtobufBytes.response(rejected: 3, "no ids") }
        == .partial(rejected: 3, message: "no ids"))
    #expect(
      try await outcome { _, _ in ProtobufBytes.response(rejected: 0, "old") } == .partial(rejected: 0, message: "old"))
  }

  @Test(
    "RetryInfo says how long to wait, and makes of an exhausted resource one that recovers",
    arguments: [
      RPCError.Code.unavailable, .resourceExhausted,
    ])
  func retryInfo(code: RPCError.Code) async throws {
    let outcome = try await outcome { _, _ in
      throw RPCError(
        code: code, message: "busy",
        metadata: ["grpc-status-details-bin": .binary(ProtobufBytes.status("busy", retryAfterSeconds: 7))])
    }
    guard case .retry(let message, let after) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(after == .seconds(7) && message.contains("busy"))
  }

  @Test(
    "an exhausted resource that is the size of a message is told as such",
    arguments: [
      "Received message larger than max (5000000 vs. 4194304)", "grpc: received message larger than max (5 vs. 4)",
      "gRPC message exceeds maximum size 4194304: 5000000", "request too large",
    ])
  func size(message: String) async throws {
    #expect(try await outcome { _, _ in throw RPCError(code: .resourceExhausted, message: message) }.kind == "tooLarge")
  }

  @Test(
    "a refusal says what to check",
    arguments: [
      (RPCError.Code.unauthenticated, "no", "credentials"), (.permissionDenied, "no", "not allowed"),
      (.unimplemented, "no", "OTLP/gRPC"), (.notFound, "no", "OTLP/gRPC"),
      (.failedPrecondition, "a loop: sent by this host", "circle"),
    ])
  func advice(code: RPCError.Code, said: String, part: String) async throws {
    let outcome = try await outcome { _, _ in throw RPCError(code: code, message: said) }
    #expect(outcome.kind == "refused" && outcome.message.contains(part) && outcome.message.contains("127.0.0.1:"))
  }

  @Test("no message holds the value of a header, even where the server repeats it")
  func secrets() async throws {
    let outcome = try await outcome(headers: ["x-api-key": "s3cret-value"]) { call, _ in
      let key = Array(call.metadata[stringValues: "x-api-key"]).joined()
      throw RPCError(code: .unauthenticated, message: "bad key \(key)\u{1B}[31m")
    }
    #expect(outcome.message.contains("bad key ***"))
    #expect(!outcome.message.contains("s3cret") && !outcome.message.contains("\u{1B}"))
  }

  private func outcome(
    headers: [String: String] = [:], _ script: @escaping GRPCTestServer.Script
  ) async throws -> ExportOutcome {
    let server = try await GRPCTestServer(script)
    var configuration = OTLPExporterConfiguration.loopback(server.port, .grpc)
    for (name, value) in headers { try configuration.headers.set(name, value) }
    let exporter = try OTLPGRPCExporter(configuration, hostID: "host-1")
    let outcome = await exporter.export(TestBatch.make("a", "b", "c"))
    await exporter.shutdown()
    await server.stop()
    return outcome
  }
}
