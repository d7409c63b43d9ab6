import OTLPProtocol
import OTLPReceivers
import ProcessorHost
import TestSupport
import Testing

@Suite("OTLP/HTTP: malformed input")
struct HTTPFuzzTests {
  @Test func `hundreds of malformed bodies leave the receiver as it was`() async throws {
    try await RunningReceiver.http {
      $0.limits.bodyBytes = 4 << 20
    } _: { receiver in
      var random = SeededGenerator(seed: 41)
      var expected: [Int: Int] = [:]
      for _ in 0..<400 {
        let (call, statuses) = try Self.request(&random)
        let answer = try await call.send(to: receiver)
        #expect(statuses.contains(answer.status), "\(answer.status) for \(call.headers)")
        if answer.status != 200 { #expect(!answer.rpcStatus.message.isEmpty) }
        expected[answer.status, default: 0] += 1
      }
      // Each kind of answer came, so that the bodies were not all of one kind.
      for status in [200, 400, 413, 415] { #expect(expected[status, default: 0] > 5) }
      #expect(receiver.recorder.requests.count == 400)
      #expect(receiver.budget.usedBytes == 0)
      #expect(try await HTTPCall(body: [1]).send(to: receiver).status == 200)
    }
  }

  @Test func `connections that send anything at all leave the receiver as it was`() async throws {
    try await RunningReceiver.http { receiver in
      var random = SeededGenerator(seed: 43)
      let good = Array(
        ("POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n"
          + "transfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n").utf8)
      for _ in 0..<150 {
        var bytes = good
        for _ in 0..<Int.random(in: 0...4, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        let sent = Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &random)))
        try await RawConnection.open(receiver.port) { connection in
          try? await connection.send(sent)
          connection.finish()
          _ = try await connection.textUntilClosed()
        }
      }
      #expect(receiver.budget.usedBytes == 0)
      #expect(try await HTTPCall(body: [1]).send(to: receiver).status == 200)
    }
  }

  /// A request with a fault of some kind or without, and the answers that it may get.
  private static func request(_ random: inout SeededGenerator) throws -> (HTTPCall, Set<Int>) {
    var body = (0..<Int.random(in: 0...3000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    let type = ["application/x-protobuf", "application/json"].randomElement(using: &random) ?? ""
    var call = HTTPCall(contentType: type, isChunked: Bool.random(using: &random))
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      call.body = body
      return (call, [200])
    case 1:
      call.headers = [("content-encoding", "gzip")]
      call.body = body
      return (call, [400])
    case 2:
      let coding = ["gzip", "deflate"].randomElement(using: &random) ?? ""
      call.headers = [("content-encoding", coding)]
      call.body = try Packing.pack(body, coding)
      for _ in 0..<Int.random(in: 1...5, using: &random) where !call.body.isEmpty {
        call.body[Int.random(in: 0..<call.body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      return (call, [200, 400])
    case 3:
      call.headers = [("content-encoding", "gzip")]
      call.body = Array(try Packing.pack(body, "gzip").dropLast(Int.random(in: 1...8, using: &random)))
      return (call, [400])
    case 4:
      body = [UInt8](repeating: 0, count: 5 << 20)
      call.headers = [("content-encoding", "gzip")]
      call.body = try GzipCompressor.compress(body, level: 9)
      return (call, [413])
    default:
      call.contentType = String(type.shuffled(using: &random))
      call.body = body
      return (call, call.contentType == type ? [200] : [415])
    }
  }
}
