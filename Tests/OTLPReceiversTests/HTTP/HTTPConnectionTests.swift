import OTLPProtocol
import OTLPReceivers
import Testing

@Suite("OTLP/HTTP: connections")
struct HTTPConnectionTests {
  private static let head = "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"

  @Test func `a header that does not come to its end is given up`() async throws {
    try await RunningReceiver.http {
      $0.limits.headerTimeout = .milliseconds(50)
    } _: { receiver in
      try await RawConnection.open(receiver.port) { connection in
        try await connection.send(Self.head)
        let reply = try await connection.textUntilClosed()
        #expect(reply.hasPrefix("HTTP/1.1 408"))
      }
    }
  }

  @Test func `a body that does not come to its end is given up`() async throws {
    try await RunningReceiver.http {
      $0.limits.bodyTimeout = .milliseconds(50)
    } _: { receiver in
      try await RawConnection.open(receiver.port) { connection in
        try await connection.send(Self.head + "content-length: 100\r\n\r\n{")
        let reply = try await connection.textUntilClosed()
        #expect(reply == "")
      }
      #expect(receiver.intake.requests.isEmpty)
    }
  }

  @Test func `a connection over which nothing comes, or no more, is closed`() async throws {
    try await RunningReceiver.http {
      $0.limits.idleTimeout = .milliseconds(50)
    } _: { receiver in
      try await RawConnection.open(receiver.port) { connection in
        let reply = try await connection.textUntilClosed()
        #expect(reply == "")
      }
    }
    try await RunningReceiver.http {
      $0.limits.idleTimeout = .seconds(3)
    } _: { receiver in
      try await RawConnection.open(receiver.port) { connection in
        try await connection.send(Self.head + "content-length: 2\r\n\r\n{}")
        let reply = try await connection.textUntilClosed()
        #expect(reply.hasPrefix("HTTP/1.1 200"))
      }
    }
  }

  @Test func `an answer may take longer than a body`() async throws {
    let intake = FakeIntake()
    intake.hold()
    try await RunningReceiver.http(intake) {
      $0.limits.bodyTimeout = .milliseconds(30)
    } _: { receiver in
      async let answer = HTTPCall(body: [1]).send(to: receiver)
      await intake.arrival()
      try await Task.sleep(for: .milliseconds(100))
      intake.release()
      #expect(try await answer.status == 200)
    }
  }

  @Test(arguments: ["content-length: 100\r\n\r\n{}", "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"])
  func `a request that is cut off is not taken`(rest: String) async throws {
    try await RunningReceiver.http { receiver in
      try await RawConnection.open(receiver.port) { connection in try await connection.send(Self.head + rest) }
      while receiver.recorder.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      #expect(receiver.recorder.outcomes == [.incomplete])
      #expect(receiver.intake.requests.isEmpty)
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test func `gRPC on this port is told where it is`() async throws {
    try await RunningReceiver.http { receiver in
      try await RawConnection.open(receiver.port) { connection in
        try await connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        let text = try await connection.textUntilClosed()
        #expect(text.contains("this port takes OTLP/HTTP"))
        // GOAWAY, HTTP_1_1_REQUIRED.
        #expect(connection.received.count > 26 && connection.received[12] == 7 && connection.received[25] == 0xD)
      }
      #expect(
        receiver.recorder.lines.contains { $0.hasPrefix("warning") && $0.contains("OTEL_EXPORTER_OTLP_PROTOCOL") })
    }
  }

  @Test func `what is no HTTP at all is a bad request`() async throws {
    try await RunningReceiver.http { receiver in
      for text in ["\u{16}\u{3}\u{1}hello", "hello\r\n\r\n", "POST /v1/traces\r\n\r\n"] {
        try await RawConnection.open(receiver.port) { connection in
          try await connection.send(text)
          let reply = try await connection.textUntilClosed()
          #expect(reply.hasPrefix("HTTP/1.1 400"))
        }
      }
      #expect(try await HTTPCall(body: [1]).send(to: receiver).status == 200)
    }
  }

  @Test func `no more connections are served at a time than are allowed`() async throws {
    try await RunningReceiver.http {
      $0.limits.connections = 1
    } _: { receiver in
      let second = try await RawConnection.open(receiver.port) { first in
        try await first.send(Self.head + "content-length: 2\r\n\r\n{}")
        _ = try await first.text(until: "{}")
        let second = Task {
          try await RawConnection.open(receiver.port) { second in
            try await second.send(Self.head + "content-length: 2\r\n\r\n[]")
            return try await second.text(until: "{}")
          }
        }
        try await Task.sleep(for: .milliseconds(50))
        try await first.send(Self.head + "connection: close\r\ncontent-length: 2\r\n\r\n{}")
        _ = try await first.textUntilClosed()
        return second
      }
      let reply = try await second.value
      #expect(reply.hasPrefix("HTTP/1.1 200"))
      let bodies = receiver.intake.requests.map { String(decoding: $0.body, as: UTF8.self) }
      #expect(bodies == ["{}", "{}", "[]"])
    }
  }

  @Test func `a graceful shutdown answers what is under way, and takes nothing more`() async throws {
    let intake = FakeIntake()
    intake.hold()
    try await RunningReceiver.http(intake) { receiver in
      async let answer = HTTPCall(body: [1]).send(to: receiver)
      await intake.arrival()
      await receiver.group.triggerGracefulShutdown()
      while (try? await RawConnection.open(receiver.port) { _ in true }) == true {
        try await Task.sleep(for: .milliseconds(5))
      }
      intake.release()
      #expect(try await answer.status == 200)
    }
  }

  @Test func `a port that is in use is told, and what to do`() async throws {
    try await RunningReceiver.http { receiver in
      let second = OTLPHTTPReceiver(
        configuration: ReceiverConfiguration(port: receiver.port), intake: FakeIntake(),
        logger: receiver.recorder.logger)
      let error = await #expect(throws: ReceiverError.self) { try await second.run() }
      #expect(error?.code == .portInUse)
      #expect(error?.message.contains("127.0.0.1:\(receiver.port)") == true)
      #expect(error?.message.contains("another port") == true)
      await #expect(throws: ReceiverError.self) { try await second.port }
    }
  }

  @Test func `an address that this machine does not have is told`() async throws {
    let receiver = OTLPHTTPReceiver(
      configuration: ReceiverConfiguration(host: "192.0.2.1", port: 0), intake: FakeIntake(),
      logger: Recorder().logger)
    let error = await #expect(throws: ReceiverError.self) { try await receiver.run() }
    #expect(error?.code == .cannotListen)
    #expect(error?.message.contains("192.0.2.1") == true)
  }
}
