import OTLPProtocol
import OTLPReceivers
import ProcessorHost
import Testing

@Suite("OTLP/HTTP: requests that are refused")
struct HTTPRefusalTests {
  private static let types = ["application/x-protobuf", "application/json"]

  @Test(arguments: types)
  func `what can not be read is a bad request, with the reason`(type: String) async throws {
    try await RunningReceiver.http(FakeIntake(.malformed("the length at byte 3 is too large"))) { receiver in
      let answer = try await HTTPCall(contentType: type, body: [1]).send(to: receiver)
      #expect(answer.status == 400)
      #expect(answer.headers.first(name: "content-type") == type)
      let status = answer.rpcStatus
      #expect(status == RPCStatus(code: .invalidArgument, message: "the length at byte 3 is too large"))
      #expect(receiver.recorder.outcomes == [.malformed])
    }
  }

  @Test(arguments: ["gzip", "deflate"])
  func `a damaged compression is a bad request`(coding: String) async throws {
    try await RunningReceiver.http { receiver in
      let packed = try Packing.pack([UInt8](repeating: 7, count: 1000), coding)
      for damaged in [[], Array(packed.dropLast(2)), [0xFF] + packed, packed + [0]] {
        let answer = try await HTTPCall(headers: [("content-encoding", coding)], body: damaged).send(to: receiver)
        #expect(answer.status == 400)
        #expect(answer.rpcStatus.message.contains("damaged or cut off"))
      }
      #expect(receiver.intake.requests.isEmpty)
    }
  }

  @Test(arguments: types)
  func `a full queue is unavailable, and says when to come back`(type: String) async throws {
    let full = IntakeOutcome.full(retryAfter: .milliseconds(2500))
    for intake in [FakeIntake(refusal: full), FakeIntake(full)] {
      try await RunningReceiver.http(intake) { receiver in
        let answer = try await HTTPCall(contentType: type, body: [1, 2, 3]).send(to: receiver)
        #expect(answer.status == 503)
        #expect(answer.headers.first(name: "retry-after") == "3")
        #expect(answer.rpcStatus.code == .unavailable)
        #expect(answer.rpcStatus.retryAfter == .milliseconds(2500))
        #expect(receiver.recorder.outcomes == [.full])
      }
    }
  }

  @Test func `a host that is ending is unavailable`() async throws {
    try await RunningReceiver.http(FakeIntake(refusal: .closed)) { receiver in
      let answer = try await HTTPCall(body: [1]).send(to: receiver)
      #expect(answer.status == 503)
      #expect(answer.headers.first(name: "retry-after") == "1")
      #expect(receiver.recorder.outcomes == [.closing])
    }
  }

  @Test func `after a request that was refused unread, the connection goes on`() async throws {
    let intake = FakeIntake(refusal: .full(retryAfter: .seconds(1)))
    try await RunningReceiver.http(intake) { receiver in
      try await RawConnection.open(receiver.port) { connection in
        let head =
          "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 200000\r\n\r\n"
        try await connection.send(head)
        let reply = try await connection.text(until: "}")
        #expect(reply.hasPrefix("HTTP/1.1 503"))
        connection.forget()
        intake.refusal = nil
        try await connection.send([UInt8](repeating: 0x20, count: 200_000))
        try await connection.send(head)
        try await connection.send([UInt8](repeating: 0x20, count: 200_000))
        let next = try await connection.text(until: "{}")
        #expect(next.hasPrefix("HTTP/1.1 200"))
      }
      #expect(receiver.recorder.outcomes == [.full, .accepted])
    }
  }

  @Test func `a client that asks first and is refused gets its answer, and a new connection`() async throws {
    try await RunningReceiver.http(FakeIntake(refusal: .full(retryAfter: .seconds(1)))) { receiver in
      try await RawConnection.open(receiver.port) { connection in
        try await connection.send(
          "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n"
            + "expect: 100-continue\r\n\r\n")
        let text = try await connection.textUntilClosed()
        #expect(text.hasPrefix("HTTP/1.1 503"))
        #expect(text.lowercased().contains("connection: close"))
      }
    }
  }

  @Test func `other paths are not found`() async throws {
    try await RunningReceiver.http { receiver in
      for path in ["/", "/v1/trace", "/v1/traces/", "/v1/tracesx", "/V1/TRACES"] {
        let answer = try await HTTPCall(path: path, body: [1]).send(to: receiver)
        #expect(answer.status == 404)
        #expect(answer.rpcStatus.message.contains("/v1/traces"))
      }
      #expect(try await HTTPCall(path: "/v1/traces?x=y", body: [1]).send(to: receiver).status == 200)
    }
  }

  @Test(arguments: ["logs", "metrics"])
  func `logs and metrics are told that this host takes traces`(signal: String) async throws {
    try await RunningReceiver.http { receiver in
      let answer = try await HTTPCall(path: "/v1/\(signal)", body: [1]).send(to: receiver)
      #expect(answer.status == 404)
      #expect(answer.rpcStatus.code == .unimplemented)
      #expect(answer.rpcStatus.message.hasPrefix("this host takes traces, not \(signal)"))
      #expect(receiver.recorder.outcomes == [.unsupported])
    }
  }

  @Test func `other methods are told the one that is allowed`() async throws {
    try await RunningReceiver.http { receiver in
      for method in ["GET", "PUT", "DELETE"] {
        let answer = try await HTTPCall(method: .init(rawValue: method), body: []).send(to: receiver)
        #expect(answer.status == 405)
        #expect(answer.headers.first(name: "allow") == "POST")
      }
    }
  }

  @Test(arguments: [
    nil, "text/plain", "application/x-protobufs", "application/grpc", "application/x-www-form-urlencoded",
  ])
  func `other media types are told those that are taken`(type: String?) async throws {
    try await RunningReceiver.http { receiver in
      let answer = try await HTTPCall(contentType: type, body: [1]).send(to: receiver)
      #expect(answer.status == 415)
      #expect(answer.rpcStatus.message.contains("application/x-protobuf or application/json"))
      #expect(receiver.intake.requests.isEmpty)
    }
  }

  @Test(arguments: ["br", "zstd", "gzip, gzip", "snappy"])
  func `other codings are told those that are taken`(coding: String) async throws {
    try await RunningReceiver.http { receiver in
      let answer = try await HTTPCall(headers: [("content-encoding", coding)], body: [1]).send(to: receiver)
      #expect(answer.status == 415)
      #expect(answer.headers.first(name: "accept-encoding") == "gzip, deflate, identity")
    }
  }

  @Test(arguments: ["identity", "gzip"], [false, true])
  func `a body that is too large is told so, however it is sent`(coding: String, isChunked: Bool) async throws {
    try await RunningReceiver.http {
      $0.limits.bodyBytes = 100_000
    } _: { receiver in
      let body = [UInt8](repeating: 7, count: 100_001)
      let call = HTTPCall(
        headers: [("content-encoding", coding)], body: try Packing.pack(body, coding), isChunked: isChunked)
      let answer = try await call.send(to: receiver)
      #expect(answer.status == 413)
      #expect(answer.rpcStatus.message.contains("send fewer spans at a time"))
      #expect(receiver.recorder.outcomes == [.tooLarge])
      #expect(receiver.intake.requests.isEmpty)
      var small = call
      small.body = try Packing.pack(Array(body.dropLast()), coding)
      #expect(try await small.send(to: receiver).status == 200)
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test func `a bomb is too large`() async throws {
    try await RunningReceiver.http { receiver in
      let bomb = try GzipCompressor.compress([UInt8](repeating: 0, count: 20 << 20), level: 9)
      let answer = try await HTTPCall(headers: [("content-encoding", "gzip")], body: bomb).send(to: receiver)
      #expect(answer.status == 413)
      #expect(receiver.recorder.outcomes == [.tooLarge])
      #expect(receiver.recorder.requests.allSatisfy { $0.bytes < 2 << 20 })
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test func `bodies for which the budget has no room are sent away, and later taken`() async throws {
    let intake = FakeIntake()
    intake.hold()
    try await RunningReceiver.http(intake, budget: BodyBudget(maximumBytes: 50_000)) { receiver in
      let call = HTTPCall(body: [UInt8](repeating: 1, count: 30_000))
      async let first = call.send(to: receiver)
      await intake.arrival()
      let second = try await call.send(to: receiver)
      #expect(second.status == 503)
      #expect(second.headers.first(name: "retry-after") == "1")
      #expect(receiver.recorder.outcomes == [.crowded])
      intake.release()
      #expect(try await first.status == 200)
      #expect(try await call.send(to: receiver).status == 200)
      #expect(receiver.budget.usedBytes == 0)
    }
  }
}
