internal import GRPCNIOTransportHTTP2Posix
internal import NIOSSL
internal import OTLPExporters
internal import OTLPGRPCExporters
internal import ProcessorHost
internal import Testing

@Suite("Encrypted connections")
struct TLSTests {
  @Test("a server whose certificate is vouched for is trusted", arguments: ["127.0.0.1", "localhost"], [true, false])
  func trusted(host: String, isGRPC: Bool) async throws {
    let files = try TestCertificates()
    let outcome = try await outcome(files, isGRPC: isGRPC) { configuration in
      configuration.endpoint.host = host
      configuration.tls.certificateAuthorityFile = files.path("ca.pem")
    }
    #expect(outcome == .exported)
  }

  @Test("without the authority's file it is not, and the message says what to check", arguments: [true, false])
  func untrusted(isGRPC: Bool) async throws {
    let outcome = try await outcome(TestCertificates(), isGRPC: isGRPC) { _ in }
    #expect(outcome.kind == "retry", "nothing was sent")
    #expect(outcome.message.contains("not trusted"), "\(outcome.message)")
  }

  @Test("the certificate must have the server's name, or the one that is given instead", arguments: [true, false])
  func serverName(isGRPC: Bool) async throws {
    let files = try TestCertificates()
    for (name, kind) in [("backend.test", "exported"), ("other.test", "retry"), (nil, "retry")] {
      let outcome = try await outcome(files, isGRPC: isGRPC, certificate: "named.pem") { configuration in
        configuration.tls.certificateAuthorityFile = files.path("ca.pem")
        configuration.tls.serverName = name
      }
      #expect(outcome.kind == kind, "\(name ?? "none"): \(outcome)")
    }
  }

  @Test("a client certificate is shown to a server that wants one", arguments: [true, false])
  func mutual(isGRPC: Bool) async throws {
    let files = try TestCertificates()
    for (hasCertificate, isExported) in [(true, true), (false, false)] {
      let outcome = try await outcome(files, isGRPC: isGRPC, wantsClientCertificate: true) { configuration in
        configuration.tls.certificateAuthorityFile = files.path("ca.pem")
        guard hasCertificate else { return }
        configuration.tls.clientCertificateFile = files.path("client.pem")
        configuration.tls.clientKeyFile = files.path("client.key")
      }
      #expect((outcome == .exported) == isExported, "\(outcome)")
    }
  }

  @Test("https to a server without TLS is told as what it is", arguments: [true, false])
  func plaintextServer(isGRPC: Bool) async throws {
    let answer = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
    let server = try await ScriptedServer(greeting: answer) { _, _ in .cut }
    var configuration = OTLPExporterConfiguration.loopback(server.port, isGRPC ? .grpc : .httpProtobuf)
    configuration.endpoint.isSecure = true
    let outcome = try await export(configuration)
    #expect(outcome.kind == "retry" && outcome.message.contains("http://"), "\(outcome)")
    await server.stop()
  }

  @Test("http to a gRPC server with TLS is told as what it is")
  func tlsServer() async throws {
    let files = try TestCertificates()
    let server = try await GRPCTestServer(security: grpcSecurity(files, false, "server.pem")) { _, _ in [] }
    let outcome = try await export(.loopback(server.port, .grpc))
    #expect(outcome.kind == "refused" && outcome.message.contains("https://"), "\(outcome)")
    await server.stop()
  }

  @Test(
    "files that cannot be used are errors that name their setting",
    arguments: [
      ("missing.pem", nil, nil, "OTEL_EXPORTER_OTLP_CERTIFICATE"),
      ("empty.pem", nil, nil, "OTEL_EXPORTER_OTLP_CERTIFICATE"),
      ("ca.pem", "client.pem", nil, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"),
      ("ca.pem", nil, "client.key", "OTEL_EXPORTER_OTLP_CLIENT_KEY"),
      ("ca.pem", "client.pem", "client.pem", "OTEL_EXPORTER_OTLP_CLIENT_KEY"),
      ("ca.pem", "client.key", "client.key", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"),
      ("ca.pem", "client.pem", "server.key", "OTEL_EXPORTER_OTLP_CLIENT_KEY"),
    ] as [(String, String?, String?, String)])
  func files(authority: String, certificate: String?, key: String?, setting: String) throws {
    let files = try TestCertificates()
    for isGRPC in [true, false] {
      var configuration = OTLPExporterConfiguration.loopback(1, isGRPC ? .grpc : .httpProtobuf)
      configuration.endpoint.isSecure = true
      configuration.tls.certificateAuthorityFile = files.path(authority)
      configuration.tls.clientCertificateFile = certificate.map(files.path)
      configuration.tls.clientKeyFile = key.map(files.path)
      let error = #expect(throws: ExporterConfigurationError.self) {
        if isGRPC {
          _ = try OTLPGRPCExporter(configuration, hostID: "host-1")
        } else {
          _ = try OTLPHTTPExporter(configuration, hostID: "host-1")
        }
      }
      #expect(error?.code == .certificate && error?.setting == setting, "\(error?.description ?? "")")
    }
  }

  // MARK: Helpers

  /// What an exporter makes of a server with the tests' certificate.
  private func outcome(
    _ files: TestCertificates, isGRPC: Bool, certificate: String = "server.pem",
    wantsClientCertificate: Bool = false, _ configure: (inout OTLPExporterConfiguration) -> Void
  ) async throws -> ExportOutcome {
    if isGRPC {
      let server = try await GRPCTestServer(security: grpcSecurity(files, wantsClientCertificate, certificate)) {
        _, _ in []
      }
      var configuration = OTLPExporterConfiguration.loopback(server.port, .grpc)
      configuration.endpoint.isSecure = true
      configure(&configuration)
      let outcome = try await export(configuration)
      await server.stop()
      return outcome
    }
    let server = try await ScriptedServer(tls: httpSecurity(files, wantsClientCertificate, certificate)) { _, _ in
      .answer(200)
    }
    var configuration = OTLPExporterConfiguration.loopback(server.port)
    configuration.endpoint.isSecure = true
    configure(&configuration)
    let outcome = try await export(configuration)
    await server.stop()
    return outcome
  }

  private func export(_ configuration: OTLPExporterConfiguration) async throws -> ExportOutcome {
    let exporter: any SpanExporter =
      configuration.transportProtocol == .grpc
      ? try OTLPGRPCExporter(configuration, hostID: "host-1")
      : try OTLPHTTPExporter(configuration, hostID: "host-1")
    let outcome = await exporter.export(TestBatch.make("a"))
    await exporter.shutdown()
    return outcome
  }

  private func httpSecurity(_ files: TestCertificates, _ wantsClientCertificate: Bool, _ certificate: String) throws
    -> NIOSSLContext
  {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(files.path(certificate)).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: files.path("server.key"), format: .pem)))
    if wantsClientCertificate {
      configuration.certificateVerification = .noHostnameVerification
      configuration.trustRoots = .file(files.path("ca.pem"))
    }
    return try NIOSSLContext(configuration: configuration)
  }

  private func grpcSecurity(
    _ files: TestCertificates, _ wantsClientCertificate: Bool, _ certificate: String
  ) -> HTTP2ServerTransport.Posix.TransportSecurity {
    .tls(
      certificateChain: [.file(path: files.path(certificate), format: .pem)],
      privateKey: .file(path: files.path("server.key"), format: .pem)
    ) { tls in
      guard wantsClientCertificate else { return }
      tls.clientCertificateVerification = .noHostnameVerification
      tls.trustRoots = .certificates([.file(path: files.path("ca.pem"), format: .pem)])
    }
  }
}
