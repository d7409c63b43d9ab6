import GRPCCore
import OTLPProtocol
import OTLPReceivers
import ProcessorHost
import Synchronization
import Testing

@Suite("OTLP/gRPC: requests that are taken")
struct GRPCTakingTests {
  private static let body = [UInt8](repeating: 9, count: 3000)

  @Test(arguments: [CompressionAlgorithm.none, .gzip, .deflate])
  func `a body comes to the intake as bytes, decompressed`(compression: CompressionAlgorithm) async throws {
    try await RunningReceiver.grpc { receiver in
      let answer = try await GRPCCall(compression: compression, body: Self.body).send(to: receiver)
      #expect(answer.code == 0, "\(answer.message)")
      #expect(answer.body.isEmpty)
      #expect(receiver.intake.requests == [FakeIntake.Request(body: Self.body, format: .protobuf)])
      #expect(receiver.recorder.outcomes == [.accepted])
      let request = try #require(receiver.recorder.requests.first)
      #expect(request.bytes == Self.body.count)
      #expect((request.receivedBytes < request.bytes) == (compression != .none))
    }
  }

  @Test(arguments: [0, 1, 16_384, 1 << 20, 40 << 20])
  func `a body of any size arrives whole`(count: Int) async throws {
    let body = [UInt8](unsafeUninitializedCapacity: count) { room, initialized in
      for index in 0..<count { room[index] = UInt8(truncatingIfNeeded: index &* 31 >> 3) }
      initialized = count
    }
    try await RunningReceiver.grpc { receiver in
      let answer = try await GRPCCall(body: body).send(to: receiver)
      #expect(answer.code == 0, "\(answer.message)")
      #expect(receiver.intake.requests.first?.body == body)
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test func `spans that were refused are told as partial success`() async throws {
    let intake = FakeIntake(.accepted(refusedSpans: 3, reason: "a span id has 7 bytes"))
    try await RunningReceiver.grpc(intake) { receiver in
      let answer = try await GRPCCall(body: Self.body).send(to: receiver)
      #expect(answer.code == 0)
      let expected = TraceExportResponse(rejectedSpans: 3, message: "a span id has 7 bytes")
      #expect(try TraceExportResponse(protobuf: answer.body) == expected)
      #expect(receiver.recorder.outcomes == [.partial])
    }
  }

  @Test func `many requests go over one connection at once, each with its own body`() async throws {
    try await RunningReceiver.grpc { receiver in
      try await withClient(receiver) { client in
        await withTaskGroup(of: Int.self) { group in
          for index in 0..<100 {
            group.addTask {
              await GRPCCall(body: [UInt8](repeating: UInt8(index), count: 1000 + index)).send(over: client).code
            }
          }
          for await code in group { #expect(code == 0) }
        }
      }
      let sizes = receiver.intake.requests.map { $0.body.count - 1000 == Int($0.body.first ?? 0) }
      #expect(sizes == [Bool](repeating: true, count: 100))
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test func `what a client sends under the receiver's own key is not believed`() async throws {
    try await RunningReceiver.grpc { receiver in
      let call = GRPCCall(metadata: ["x-processor-host-arrival": "1"], body: Self.body)
      let answer = try await call.send(to: receiver)
      #expect(answer.code == 0)
      #expect(receiver.intake.requests.first?.body == Self.body)
    }
  }

  @Test func `a signal that is passed on comes decompressed`() async throws {
    let seen = Mutex<[PassthroughRequest]>([])
    try await RunningReceiver.grpc { configuration in
      configuration.passthrough[.metrics] = { request in
        seen.withLock { $0.append(request) }
        return .taken([0x0A, 0])
      }
      configuration.passthrough[.logs] = { _ in
        .refused(RPCStatus(code: .resourceExhausted, message: "a quota", retryAfter: .seconds(4)))
      }
    } _: { receiver in
      var call = GRPCCall(compression: .gzip, body: Self.body)
      call.service = "opentelemetry.proto.collector.metrics.v1.MetricsService"
      #expect(try await call.send(to: receiver).body == [0x0A, 0])
      #expect(seen.withLock { $0.first?.body } == Self.body)
      call.service = "opentelemetry.proto.collector.logs.v1.LogsService"
      let logs = try await call.send(to: receiver)
      #expect(logs.code == RPCCode.resourceExhausted.rawValue)
      #expect(logs.details?.retryAfter == .seconds(4))
      #expect(receiver.recorder.outcomes == [.passedOn, .passedOn])
      #expect(receiver.intake.requests.isEmpty)
    }
  }
}
