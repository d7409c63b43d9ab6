import OTLPProtocol
import OTLPReceivers
import Synchronization
import Testing

@Suite("OTLP/HTTP: who may send, and where to")
struct HTTPSenderTests {
  private static let token = "t0ken-of-the-test"

  @Test(arguments: [
    nil, "", "Bearer", "Bearer ", "Bearer t0ken-of-the-tes", "Bearer t0ken-of-the-testt", "Basic t0ken-of-the-test",
    "t0ken-of-the-test", "Bearer T0KEN-OF-THE-TEST",
  ])
  func `without the right token nobody comes in`(header: String?) async throws {
    try await RunningReceiver.http {
      $0.bearerToken = BearerToken(Self.token)
    } _: { receiver in
      var call = HTTPCall(body: [1])
      if let header { call.headers = [("authorization", header)] }
      let answer = try await call.send(to: receiver)
      #expect(answer.status == 401)
      #expect(answer.headers.first(name: "www-authenticate") == "Bearer")
      #expect(answer.rpcStatus.code == .unauthenticated)
      #expect(receiver.intake.requests.isEmpty)
      #expect(receiver.recorder.outcomes == [.unauthorized])
      let told = receiver.recorder.lines + [answer.rpcStatus.message]
      #expect(!told.contains { $0.lowercased().contains(Self.token) })
    }
  }

  @Test(arguments: ["Bearer t0ken-of-the-test", "bearer t0ken-of-the-test", "BEARER  t0ken-of-the-test "])
  func `with the right token everybody does`(header: String) async throws {
    try await RunningReceiver.http {
      $0.bearerToken = BearerToken("\(Self.token)\n")
    } _: { receiver in
      let answer = try await HTTPCall(headers: [("authorization", header)], body: [1]).send(to: receiver)
      #expect(answer.status == 200)
    }
  }

  @Test func `a token does not print, and is not empty`() throws {
    let token = try #require(BearerToken(Self.token))
    var configuration = ReceiverConfiguration.http
    configuration.bearerToken = token
    var dumped = ""
    dump(configuration, to: &dumped)
    for text in ["\(token)", String(reflecting: token), "\(configuration)", dumped] {
      #expect(!text.contains(Self.token))
    }
    #expect(BearerToken(" \n") == nil)
  }

  @Test func `a request that comes from this host's own exporter is a loop`() async throws {
    try await RunningReceiver.http {
      $0.ownMarker = "host-1"
    } _: { receiver in
      let own = try await HTTPCall(headers: [("x-processor-host-id", "host-1")], body: [1]).send(to: receiver)
      #expect(own.status == 508)
      #expect(own.rpcStatus.code == .failedPrecondition)
      #expect(own.rpcStatus.message.contains("own listener"))
      #expect(receiver.recorder.outcomes == [.loop])
      #expect(receiver.recorder.lines.contains { $0.hasPrefix("warning") && $0.contains("own listener") })
      let other = try await HTTPCall(headers: [("x-processor-host-id", "host-2")], body: [1]).send(to: receiver)
      #expect(other.status == 200)
    }
  }

  @Test func `a signal that is passed on keeps its body as it came`() async throws {
    let seen = Mutex<[PassthroughRequest]>([])
    try await RunningReceiver.http { configuration in
      configuration.passthrough[.logs] = { request in
        seen.withLock { $0.append(request) }
        return .taken([0x0A, 0])
      }
      configuration.passthrough[.metrics] = { _ in
        .refused(RPCStatus(code: .unavailable, message: "the backend is away", retryAfter: .seconds(4)))
      }
    } _: { receiver in
      let packed = try GzipCompressor.compress([1, 2, 3])
      let logs = HTTPCall(path: "/v1/logs", headers: [("content-encoding", "gzip")], body: packed)
      let answer = try await logs.send(to: receiver)
      #expect(answer.status == 200)
      #expect(answer.body == [0x0A, 0])
      let request = try #require(seen.withLock { $0.first })
      #expect(request.body == packed)
      #expect(request.contentEncoding == "gzip")
      #expect(request.contentType == "application/x-protobuf")
      #expect(request.signal == .logs)

      let metrics = try await HTTPCall(path: "/v1/metrics", contentType: "application/json").send(to: receiver)
      #expect(metrics.status == 503)
      #expect(metrics.headers.first(name: "retry-after") == "4")
      #expect(metrics.rpcStatus.message == "the backend is away")
      #expect(receiver.recorder.outcomes == [.passedOn, .passedOn])
      #expect(receiver.intake.requests.isEmpty)
    }
  }
}
