import AsyncHTTPClient
import GRPCNIOTransportHTTP2Posix
import NIOSSL
import OTLPReceivers
import Testing

@Suite("TLS")
struct TLSTests {
  @Test func `a receiver with a certificate answers those who trust its authority, over both transports`() async throws
  {
    let files = try TLSFiles()
    let authority = try TestAuthority("an authority")
    let another = try TestAuthority("another")
    let tls = try files.write(authority.identity("a receiver"))
    try await RunningReceiver.http {
      $0.tls = tls
    } _: { receiver in
      #expect(await Peer.http(receiver, trusting: authority) == 200)
      #expect(await Peer.http(receiver, trusting: another) == Peer.refused)
      #expect((try? await HTTPCall(body: [1]).send(to: receiver)) == nil)
      #expect(receiver.intake.requests.count == 1)
    }
    try await RunningReceiver.grpc {
      $0.tls = tls
    } _: { receiver in
      #expect(await Peer.grpc(receiver, trusting: authority) == 0)
      #expect(await Peer.grpc(receiver, trusting: another, within: Peer.refusal) != 0)
      #expect(receiver.intake.requests.count == 1)
    }
  }

  @Test func `with mutual TLS only clients of the named authorities come in`() async throws {
    let files = try TLSFiles()
    let authority = try TestAuthority("an authority")
    let clients = try TestAuthority("the clients' authority")
    let tls = try files.write(authority.identity("a receiver"), clients: clients)
    let known = try clients.identity("a client")
    let stranger = try authority.identity("a stranger")
    try await RunningReceiver.http {
      $0.tls = tls
    } _: { receiver in
      #expect(await Peer.http(receiver, trusting: authority, as: known) == 200)
      #expect(await Peer.http(receiver, trusting: authority, as: stranger) == Peer.refused)
      #expect(await Peer.http(receiver, trusting: authority) == Peer.refused)
      #expect(receiver.intake.requests.count == 1)
    }
    try await RunningReceiver.grpc {
      $0.tls = tls
    } _: { receiver in
      #expect(await Peer.grpc(receiver, trusting: authority, as: known) == 0)
      #expect(await Peer.grpc(receiver, trusting: authority, as: stranger, within: Peer.refusal) != 0)
      #expect(await Peer.grpc(receiver, trusting: authority, within: Peer.refusal) != 0)
      #expect(receiver.intake.requests.count == 1)
    }
  }

  @Test(arguments: [ReceiverTransport.http, .grpc])
  func `a certificate that is replaced comes into use, and a broken one does not`(
    transport: ReceiverTransport
  ) async throws {
    let files = try TLSFiles()
    let first = try TestAuthority("the first authority")
    let second = try TestAuthority("the second authority")
    var tls = try files.write(first.identity("a receiver"))
    tls.reloadInterval = .milliseconds(20)
    let body: @Sendable (RunningReceiver) async throws -> Void = { receiver in
      #expect(await Peer.answers(receiver, transport, trusting: first))
      try files.write("no certificate", "server.pem")
      while !receiver.recorder.lines.contains(where: { $0.contains("could not be loaded again") }) {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(await Peer.answers(receiver, transport, trusting: first))
      _ = try files.write(second.identity("the same receiver"))
      while await !Peer.answers(receiver, transport, trusting: second, within: Peer.refusal) {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(await !Peer.answers(receiver, transport, trusting: first, within: Peer.refusal))
    }
    switch transport {
    case .http: try await RunningReceiver.http(FakeIntake(), { $0.tls = tls }, body)
    case .grpc: try await RunningReceiver.grpc(FakeIntake(), { $0.tls = tls }, body)
    }
  }

  @Test func `files that can not be used are named, and no key is told`() async throws {
    let files = try TLSFiles()
    let authority = try TestAuthority("an authority")
    let identity = try authority.identity("a receiver")
    let good = try files.write(identity, clients: authority)
    var missing = good
    missing.certificateFile += ".missing"
    var mismatch = good
    mismatch.privateKeyFile = try files.write(authority.identity("another").key, "another.key")
    var swapped = good
    swapped.privateKeyFile = good.certificateFile
    var authorities = good
    authorities.clientAuthoritiesFile = good.privateKeyFile
    let cases = [
      (missing, missing.certificateFile), (mismatch, mismatch.privateKeyFile), (swapped, swapped.privateKeyFile),
      (authorities, good.privateKeyFile),
    ]
    for (tls, named) in cases {
      let recorder = Recorder()
      var configuration = ReceiverConfiguration(port: 0)
      configuration.tls = tls
      let receivers: [any Runnable] = [
        OTLPHTTPReceiver(configuration: configuration, intake: FakeIntake(), logger: recorder.logger),
        OTLPGRPCReceiver(configuration: configuration, intake: FakeIntake(), logger: recorder.logger),
      ]
      for receiver in receivers {
        let error = await #expect(throws: ReceiverError.self) { try await receiver.run() }
        #expect(error?.code == .badCertificate)
        #expect(error?.message.contains(named) == true)
        let secret = identity.key.split(separator: "\n")[1]
        #expect(!([error?.message ?? ""] + recorder.lines).contains { $0.contains(secret) })
      }
    }
  }
}

private protocol Runnable {
  func run() async throws
}

extension OTLPHTTPReceiver: Runnable {}
extension OTLPGRPCReceiver: Runnable {}

/// Clients of receivers with TLS.
private enum Peer {
  /// What stands for an answer where there was none.
  static let refused = -1

  /// The status of an answer over HTTP.
  static func http(
    _ receiver: RunningReceiver, trusting authority: TestAuthority, as identity: TestAuthority.Identity? = nil
  ) async -> Int {
    guard let client = try? client(trusting: authority, as: identity) else { return refused }
    let answer = try? await HTTPCall(body: [1]).send(to: receiver, client, scheme: "https")
    try? await client.shutdown()
    return answer?.status ?? refused
  }

  /// How long is waited for an answer that is not to come: a client of gRPC connects again and again.
  static let refusal = Duration.seconds(5)

  /// The status code of an answer over gRPC, or the one that stands for none.
  /// - Parameter timeout: how long is waited; long, where an answer is to come, for a machine that does much else.
  static func grpc(
    _ receiver: RunningReceiver, trusting authority: TestAuthority, as identity: TestAuthority.Identity? = nil,
    within timeout: Duration = .seconds(120)
  ) async -> Int {
    let roots = TLSConfig.TrustRootsSource.certificates([.bytes(Array(authority.certificate.utf8), format: .pem)])
    let security: HTTP2ClientTransport.Posix.TransportSecurity
    if let identity {
      security = .mTLS(
        certificateChain: [.bytes(Array(identity.certificate.utf8), format: .pem)],
        privateKey: .bytes(Array(identity.key.utf8), format: .pem)
      ) { $0.trustRoots = roots }
    } else {
      security = .tls { $0.trustRoots = roots }
    }
    let code = try? await withClient(receiver, security: security) { client in
      var call = GRPCCall(body: [1])
      call.timeout = timeout
      return await call.send(over: client).code
    }
    return code ?? refused
  }

  static func answers(
    _ receiver: RunningReceiver, _ transport: ReceiverTransport, trusting authority: TestAuthority,
    within timeout: Duration = .seconds(120)
  ) async -> Bool {
    switch transport {
    case .http: await http(receiver, trusting: authority) == 200
    case .grpc: await grpc(receiver, trusting: authority, within: timeout) == 0
    }
  }

  private static func client(
    trusting authority: TestAuthority, as identity: TestAuthority.Identity?
  ) throws -> HTTPClient {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.certificate.utf8)))
    if let identity {
      tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificate.utf8)).map {
        .certificate($0)
      }
      tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.key.utf8), format: .pem))
    }
    var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
    // A connection that is refused is not worth a second one.
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }
}
