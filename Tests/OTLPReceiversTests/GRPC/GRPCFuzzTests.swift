import OTLPProtocol
import OTLPReceivers
import TestSupport
import Testing

@Suite("OTLP/gRPC: malformed input")
struct GRPCFuzzTests {
  @Test func `each fault of a message's frame is told apart`() async throws {
    let packed = try GzipCompressor.compress([1, 2, 3])
    let cases: [(body: [UInt8], encoding: String?, outcome: ReceivedRequest.Outcome)] = [
      (RawHTTP2.message([1, 2, 3]), nil, .accepted),
      (RawHTTP2.message(packed, isCompressed: true), "gzip", .accepted),
      (RawHTTP2.message(packed, isCompressed: false), "gzip", .accepted),
      ([], nil, .malformed),
      ([0, 0, 0], nil, .malformed),
      (RawHTTP2.message([1, 2], length: 3), nil, .malformed),
      (RawHTTP2.message([1, 2, 3], length: 2), nil, .malformed),
      (RawHTTP2.message([1]) + RawHTTP2.message([2]), nil, .malformed),
      (RawHTTP2.message(Array(packed.dropLast()), isCompressed: true), "gzip", .malformed),
      (RawHTTP2.message([1, 2, 3], isCompressed: true), "gzip", .malformed),
      (RawHTTP2.message([1], length: Int(UInt32.max)), nil, .tooLarge),
      (RawHTTP2.message([1, 2, 3], isCompressed: true), "br", .unsupported),
    ]
    try await RunningReceiver.grpc { receiver in
      for (index, entry) in cases.enumerated() {
        try await RawConnection.open(receiver.port) { connection in
          try await connection.send(
            RawHTTP2.opening + RawHTTP2.request(stream: 1, encoding: entry.encoding, body: entry.body))
          while receiver.recorder.requests.count <= index { try await Task.sleep(for: .milliseconds(2)) }
        }
      }
      #expect(receiver.recorder.outcomes == cases.map(\.outcome))
      #expect(receiver.intake.requests.map(\.body) == [[1, 2, 3], [1, 2, 3], packed])
    }
  }

  @Test func `a body that does not come to its end is given up`() async throws {
    try await RunningReceiver.grpc {
      $0.limits.bodyTimeout = .milliseconds(30)
    } _: { receiver in
      try await RawConnection.open(receiver.port) { connection in
        let request = RawHTTP2.request(stream: 1, body: RawHTTP2.message([1, 2, 3]))
        try await connection.send(RawHTTP2.opening + request.dropLast(12))
        while receiver.recorder.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
      }
      #expect(receiver.recorder.outcomes == [.incomplete])
      #expect(receiver.intake.requests.isEmpty)
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test func `a connection that is cut off in a request gives back what it held`() async throws {
    try await RunningReceiver.grpc { receiver in
      try await RawConnection.open(receiver.port) { connection in
        let part = RawHTTP2.request(stream: 1, body: RawHTTP2.message([UInt8](repeating: 1, count: 9000)))
        try await connection.send(RawHTTP2.opening + part.dropLast(100))
      }
      while receiver.recorder.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
      #expect(receiver.recorder.outcomes == [.incomplete])
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test func `hundreds of malformed connections leave the receiver as it was`() async throws {
    try await RunningReceiver.grpc { receiver in
      var random = SeededGenerator(seed: 47)
      let packed = try GzipCompressor.compress([UInt8](repeating: 5, count: 4000))
      for _ in 0..<300 {
        let message = RawHTTP2.message(packed, isCompressed: Bool.random(using: &random))
        var bytes = RawHTTP2.opening
        for stream in [1, 3] { bytes += RawHTTP2.request(stream: stream, encoding: "gzip", body: message) }
        let start = Bool.random(using: &random) ? RawHTTP2.opening.count : 0
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          bytes[Int.random(in: start..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        let sent =
          Bool.random(using: &random) ? bytes : Array(bytes.prefix(Int.random(in: 1..<bytes.count, using: &random)))
        try await RawConnection.open(receiver.port) { connection in
          try? await connection.send(sent)
          connection.finish()
          _ = try await connection.textUntilClosed()
        }
      }
      #expect(receiver.budget.usedBytes == 0)
      #expect(try await GRPCCall(body: [1]).send(to: receiver).code == 0)
    }
  }
}
