import Foundation
import OTLPProtocol
import OTLPReceivers
import ProcessorHost
import Testing

@Suite("OTLP/HTTP: requests that are taken")
struct HTTPTakingTests {
  private static let body = Array("some request or other, which nobody reads here".utf8)

  @Test(arguments: ["", "identity", "gzip", "x-gzip", "GZIP", "deflate"], [false, true])
  func `a body comes to the intake as bytes, decompressed`(coding: String, isChunked: Bool) async throws {
    try await RunningReceiver.http { receiver in
      var call = HTTPCall(body: try Packing.pack(Self.body, coding), isChunked: isChunked)
      if !coding.isEmpty { call.headers = [("content-encoding", coding)] }
      let answer = try await call.send(to: receiver)
      #expect(answer.status == 200)
      #expect(answer.body.isEmpty)
      #expect(answer.headers.first(name: "content-type") == "application/x-protobuf")
      #expect(receiver.intake.requests == [FakeIntake.Request(body: Self.body, format: .protobuf)])
      #expect(receiver.recorder.outcomes == [.accepted])
      #expect(receiver.recorder.requests.first?.bytes == Self.body.count)
      #expect(receiver.recorder.requests.first?.receivedBytes == call.body.count)
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test(arguments: ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"])
  func `JSON is answered in JSON`(type: String) async throws {
    try await RunningReceiver.http { receiver in
      let answer = try await HTTPCall(contentType: type, body: Array("{}".utf8)).send(to: receiver)
      #expect(answer.status == 200)
      #expect(answer.headers.first(name: "content-type") == "application/json")
      #expect(String(decoding: answer.body, as: UTF8.self) == "{}")
      #expect(receiver.intake.requests == [FakeIntake.Request(body: Array("{}".utf8), format: .json)])
    }
  }

  @Test func `spans that were refused are told as partial success`() async throws {
    let intake = FakeIntake(.accepted(refusedSpans: 3, reason: "a span id has 7 bytes"))
    try await RunningReceiver.http(intake) { receiver in
      let expected = TraceExportResponse(rejectedSpans: 3, message: "a span id has 7 bytes")
      let protobuf = try await HTTPCall(body: Self.body).send(to: receiver)
      #expect(protobuf.status == 200)
      #expect(try TraceExportResponse(protobuf: protobuf.body) == expected)
      let json = try await HTTPCall(contentType: "application/json", body: Self.body).send(to: receiver)
      #expect(try TraceExportResponse(json: String(decoding: json.body, as: UTF8.self)) == expected)
      #expect(receiver.recorder.outcomes == [.partial, .partial])
    }
  }

  @Test func `a body of many megabytes arrives whole`() async throws {
    let large = [UInt8](unsafeUninitializedCapacity: 9 << 20) { room, count in
      for index in 0..<9 << 20 { room[index] = UInt8(truncatingIfNeeded: index &* 31 >> 3) }
      count = 9 << 20
    }
    try await RunningReceiver.http { receiver in
      let answer = try await HTTPCall(body: large).send(to: receiver)
      #expect(answer.status == 200)
      #expect(receiver.intake.requests.first?.body == large)
      #expect(receiver.budget.usedBytes == 0)
    }
  }

  @Test func `several requests go over one connection, one behind the other and at once`() async throws {
    try await RunningReceiver.http { receiver in
      try await RawConnection.open(receiver.port) { connection in
        let request =
          "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
        try await connection.send(request + request)
        _ = try await connection.text(until: "{}")
        try await connection.send(request)
        try await connection.send(request.replacingOccurrences(of: "host: x", with: "host: x\r\nconnection: close"))
        let text = try await connection.textUntilClosed()
        #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 5)
      }
      #expect(receiver.intake.requests.count == 4)
    }
  }

  @Test func `a client that asks before it sends its body is told to go on`() async throws {
    try await RunningReceiver.http { receiver in
      try await RawConnection.open(receiver.port) { connection in
        try await connection.send(
          "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n"
            + "expect: 100-continue\r\n\r\n")
        let reply = try await connection.text(until: "\r\n\r\n")
        #expect(reply.hasPrefix("HTTP/1.1 100 Continue\r\n"))
        connection.forget()
        try await connection.send("{}")
        let next = try await connection.text(until: "{}")
        #expect(next.hasPrefix("HTTP/1.1 200 OK\r\n"))
      }
    }
  }
}
