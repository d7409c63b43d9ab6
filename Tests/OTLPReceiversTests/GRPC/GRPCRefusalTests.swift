import GRPCCore
import OTLPProtocol
import OTLPReceivers
import ProcessorHost
import Testing

@Suite("OTLP/gRPC: requests that are refused")
struct GRPCRefusalTests {
  @Test func `what can not be read is an invalid argument, with the reason`() async throws {
    try await RunningReceiver.grpc(FakeIntake(.malformed("the length at byte 3 is too large: 100 % é"))) { receiver in
      let answer = try await GRPCCall(body: [1]).send(to: receiver)
      #expect(answer.code == RPCCode.invalidArgument.rawValue)
      #expect(answer.message == "the length at byte 3 is too large: 100 % é")
      #expect(answer.details == nil)
      #expect(receiver.recorder.outcomes == [.malformed])
    }
  }

  @Test func `a full queue is unavailable, and says when to come back, in both ways`() async throws {
    let full = IntakeOutcome.full(retryAfter: .milliseconds(2500))
    for intake in [FakeIntake(refusal: full), FakeIntake(full)] {
      try await RunningReceiver.grpc(intake) { receiver in
        let answer = try await GRPCCall(body: [1, 2, 3]).send(to: receiver)
        #expect(answer.code == RPCCode.unavailable.rawValue)
        #expect(answer.details?.code == .unavailable)
        #expect(answer.details?.message == answer.message)
        #expect(answer.details?.retryAfter == .milliseconds(2500))
        #expect(answer.retryInfo == RetryInfo(delay: .milliseconds(2500)))
        #expect(receiver.recorder.outcomes == [.full])
      }
    }
  }

  @Test func `a large request that is refused unread leaves the connection as it was`() async throws {
    let intake = FakeIntake(refusal: .full(retryAfter: .seconds(1)))
    try await RunningReceiver.grpc(intake) { receiver in
      try await withClient(receiver) { client in
        let call = GRPCCall(body: [UInt8](repeating: 1, count: 20 << 20))
        for _ in 0..<3 { #expect(await call.send(over: client).code == RPCCode.unavailable.rawValue) }
        intake.refusal = nil
        #expect(await call.send(over: client).code == 0)
        #expect(intake.requests.count == 1)
      }
    }
  }

  @Test func `a host that is ending is unavailable`() async throws {
    try await RunningReceiver.grpc(FakeIntake(.closed)) { receiver in
      let answer = try await GRPCCall(body: [1]).send(to: receiver)
      #expect(answer.code == RPCCode.unavailable.rawValue)
      #expect(answer.details?.retryAfter == .seconds(1))
      #expect(receiver.recorder.outcomes == [.closing])
    }
  }

  @Test(arguments: [("logs", "Logs"), ("metrics", "Metrics")])
  func `logs and metrics are told that this host takes traces`(signal: String, name: String) async throws {
    try await RunningReceiver.grpc { receiver in
      let call = GRPCCall(service: "opentelemetry.proto.collector.\(signal).v1.\(name)Service", body: [1])
      let answer = try await call.send(to: receiver)
      #expect(answer.code == RPCCode.unimplemented.rawValue)
      #expect(answer.message.hasPrefix("this host takes traces, not \(signal)"))
      #expect(receiver.recorder.outcomes == [.unsupported])
    }
  }

  @Test func `other methods are not implemented`() async throws {
    try await RunningReceiver.grpc { receiver in
      for (service, method) in [("x.Y", "Z"), ("opentelemetry.proto.collector.trace.v1.TraceService", "export")] {
        let answer = try await GRPCCall(service: service, method: method, body: [1]).send(to: receiver)
        #expect(answer.code == RPCCode.unimplemented.rawValue)
      }
    }
  }

  @Test(arguments: [CompressionAlgorithm.none, .gzip])
  func `a body that is too large is told so, and is not to be sent again`(
    compression: CompressionAlgorithm
  ) async throws {
    try await RunningReceiver.grpc {
      $0.limits.bodyBytes = 100_000
    } _: { receiver in
      try await withClient(receiver) { client in
        let large = GRPCCall(compression: compression, body: [UInt8](repeating: 7, count: 100_001))
        let answer = await large.send(over: client)
        #expect(answer.code == RPCCode.resourceExhausted.rawValue)
        #expect(answer.message.contains("send fewer spans at a time"))
        #expect(answer.details == nil)
        #expect(receiver.recorder.outcomes == [.tooLarge])
        let small = GRPCCall(compression: compression, body: [UInt8](repeating: 7, count: 100_000))
        #expect(await small.send(over: client).code == 0)
        #expect(receiver.intake.requests.count == 1)
      }
    }
  }

  @Test func `a bomb is too large`() async throws {
    try await RunningReceiver.grpc { receiver in
      let answer = try await GRPCCall(compression: .gzip, body: [UInt8](repeating: 0, count: 20 << 20)).send(
        to: receiver)
      #expect(answer.code == RPCCode.resourceExhausted.rawValue)
      #expect(receiver.recorder.requests.first.map { $0.bytes < 2 << 20 } == true)
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test func `bodies for which the budget has no room are sent away, and later taken`() async throws {
    let intake = FakeIntake()
    intake.hold()
    try await RunningReceiver.grpc(intake, budget: BodyBudget(maximumBytes: 50_000)) { receiver in
      try await withClient(receiver) { client in
        let call = GRPCCall(body: [UInt8](repeating: 1, count: 30_000))
        async let first = call.send(over: client)
        await intake.arrival()
        let second = await call.send(over: client)
        #expect(second.code == RPCCode.unavailable.rawValue)
        #expect(second.details?.retryAfter == .seconds(1))
        intake.release()
        #expect(await first.code == 0)
        #expect(await call.send(over: client).code == 0)
        #expect(receiver.recorder.outcomes == [.crowded, .accepted, .accepted])
      }
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test func `without the right token nobody comes in`() async throws {
    try await RunningReceiver.grpc {
      $0.bearerToken = BearerToken("t0ken-of-the-test")
    } _: { receiver in
      for metadata in [[:], ["authorization": "Bearer t0ken"]] as [Metadata] {
        let answer = try await GRPCCall(metadata: metadata, body: [1]).send(to: receiver)
        #expect(answer.code == RPCCode.unauthenticated.rawValue)
      }
      #expect(receiver.intake.requests.isEmpty)
      #expect(!receiver.recorder.lines.contains { $0.contains("t0ken") })
      let right: Metadata = ["authorization": "Bearer t0ken-of-the-test"]
      #expect(try await GRPCCall(metadata: right, body: [1]).send(to: receiver).code == 0)
    }
  }

  @Test func `a request that comes from this host's own exporter is a loop`() async throws {
    try await RunningReceiver.grpc {
      $0.ownMarker = "host-1"
    } _: { receiver in
      let own = try await GRPCCall(metadata: ["x-processor-host-id": "host-1"], body: [1]).send(to: receiver)
      #expect(own.code == RPCCode.failedPrecondition.rawValue)
      #expect(own.message.contains("own listener"))
      let other = try await GRPCCall(metadata: ["x-processor-host-id": "host-2"], body: [1]).send(to: receiver)
      #expect(other.code == 0)
      #expect(receiver.recorder.outcomes == [.loop, .accepted])
    }
  }
}
