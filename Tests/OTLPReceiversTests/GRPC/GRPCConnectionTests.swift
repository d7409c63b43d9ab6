import OTLPProtocol
import OTLPReceivers
import Testing

@Suite("OTLP/gRPC: connections")
struct GRPCConnectionTests {
  @Test func `HTTP/1 on this port is told where it is`() async throws {
    try await RunningReceiver.grpc { receiver in
      let answer = try await HTTPCall(body: [1]).send(to: receiver)
      #expect(answer.status == 400)
      #expect(String(decoding: answer.body, as: UTF8.self).contains("this port takes OTLP/gRPC"))
      #expect(
        receiver.recorder.lines.contains { $0.hasPrefix("warning") && $0.contains("OTEL_EXPORTER_OTLP_PROTOCOL") })
      #expect(try await GRPCCall(body: [1]).send(to: receiver).code == 0)
    }
  }

  @Test func `TLS on a port in clear text is told in the log`() async throws {
    try await RunningReceiver.grpc { receiver in
      try await RawConnection.open(receiver.port) { connection in
        try await connection.send([0x16, 0x03, 0x01, 0x02, 0x00])
        let reply = try await connection.textUntilClosed()
        #expect(reply == "")
      }
      #expect(receiver.recorder.lines.contains { $0.hasPrefix("warning") && $0.contains("TLS came") })
    }
  }

  @Test func `a connection that sends nothing is closed`() async throws {
    try await RunningReceiver.grpc {
      $0.limits.headerTimeout = .milliseconds(50)
    } _: { receiver in
      try await RawConnection.open(receiver.port) { connection in
        let reply = try await connection.textUntilClosed()
        #expect(reply == "")
      }
    }
  }

  @Test func `no more connections are served at a time than are allowed`() async throws {
    try await RunningReceiver.grpc {
      $0.limits.connections = 1
    } _: { receiver in
      let second = try await withClient(receiver) { client in
        #expect(await GRPCCall(body: [1]).send(over: client).code == 0)
        let second = Task { try await GRPCCall(body: [2]).send(to: receiver).code }
        #expect(await GRPCCall(body: [3]).send(over: client).code == 0)
        return second
      }
      #expect(try await second.value == 0)
    }
  }

  @Test func `a graceful shutdown answers what is under way`() async throws {
    let intake = FakeIntake()
    intake.hold()
    try await RunningReceiver.grpc(intake) { receiver in
      async let answer = GRPCCall(body: [1]).send(to: receiver)
      await intake.arrival()
      await receiver.group.triggerGracefulShutdown()
      while (try? await RawConnection.open(receiver.port) { _ in true }) == true {
        try await Task.sleep(for: .milliseconds(5))
      }
      intake.release()
      #expect(try await answer.code == 0)
    }
  }

  @Test(arguments: ["", "PRI * HTTP/2.0\r\n"])
  func `a graceful shutdown does not wait for a client that says nothing`(opening: String) async throws {
    try await RunningReceiver.grpc {
      $0.limits.bodyTimeout = .milliseconds(100)
    } _: { receiver in
      try await RawConnection.open(receiver.port) { connection in
        try await connection.send(opening)
        #expect(try await GRPCCall(body: [1]).send(to: receiver).code == 0)
        await receiver.group.triggerGracefulShutdown()
        _ = try await connection.textUntilClosed()
      }
    }
  }

  @Test func `a port that is in use is told, and what to do`() async throws {
    try await RunningReceiver.grpc { receiver in
      let second = OTLPGRPCReceiver(
        configuration: ReceiverConfiguration(port: receiver.port), intake: FakeIntake(),
        logger: receiver.recorder.logger)
      let error = await #expect(throws: ReceiverError.self) { try await second.run() }
      #expect(error?.code == .portInUse)
      #expect(error?.message.contains("127.0.0.1:\(receiver.port)") == true)
      await #expect(throws: ReceiverError.self) { try await second.port }
    }
  }

  @Test func `a host that is no address is told`() async throws {
    let receiver = OTLPGRPCReceiver(
      configuration: ReceiverConfiguration(host: "192.0.2.1", port: 0), intake: FakeIntake(),
      logger: Recorder().logger)
    let error = await #expect(throws: ReceiverError.self) { try await receiver.run() }
    #expect(error?.code == .cannotListen)
  }
}
