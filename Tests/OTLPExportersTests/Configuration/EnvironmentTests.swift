internal import OTLPExporters
internal import Testing

@Suite("Exporter settings from the environment")
struct EnvironmentTests {
  @Test("without an endpoint there is no exporter")
  func none() throws {
    #expect(try OTLPExporterConfiguration.environment([:]) == nil)
    let other = ["OTEL_EXPORTER_OTLP_HEADERS": "a=b", "OTEL_EXPORTER_OTLP_ENDPOINT": " "]
    #expect(try OTLPExporterConfiguration.environment(other) == nil)
  }

  @Test("an endpoint alone is OTLP/HTTP with protobuf, ten seconds and no compression")
  func defaults() throws {
    let configuration = try read(["ENDPOINT": "http://collector:4318"])
    #expect(configuration.transportProtocol == .httpProtobuf && configuration.timeout == .seconds(10))
    #expect(configuration.compression == .none && configuration.headers.isEmpty)
    #expect("\(configuration.endpoint)" == "http://collector:4318/v1/traces")
    #expect(configuration.hints == [])
  }

  @Test("the endpoint of the traces is used as it is")
  func tracesEndpoint() throws {
    let configuration = try read(["ENDPOINT": "http://a:1", "TRACES_ENDPOINT": "http://b:2/x"])
    #expect("\(configuration.endpoint)" == "http://b:2/x")
  }

  @Test("a variable for traces replaces the general one")
  func precedence() throws {
    let configuration = try read([
      "ENDPOINT": "http://a:4317", "PROTOCOL": "http/json", "TRACES_PROTOCOL": "GRPC", "HEADERS": "a=1,b=2",
      "TRACES_HEADERS": "c=3", "COMPRESSION": "gzip", "TRACES_COMPRESSION": "none", "TIMEOUT": "5000",
      "TRACES_TIMEOUT": "1500", "CERTIFICATE": "/a", "TRACES_CERTIFICATE": "/b", "TRACES_CLIENT_KEY": "/k",
      "CLIENT_CERTIFICATE": "/c", "TRACES_CLIENT_CERTIFICATE": "",
    ])
    #expect(configuration.transportProtocol == .grpc && configuration.headers.names == ["c"])
    #expect(configuration.compression == .none && configuration.timeout == .milliseconds(1500))
    #expect(configuration.tls.certificateAuthorityFile == "/b" && configuration.tls.clientKeyFile == "/k")
    #expect(configuration.tls.clientCertificateFile == "/c", "an empty variable is an unset one")
    #expect("\(configuration.endpoint)" == "http://a:4317", "gRPC has no path")
  }

  @Test(
    "without a scheme gRPC is encrypted, unless it is told to be insecure",
    arguments: [
      ([:], true), (["INSECURE": "true"], false), (["INSECURE": "true", "TRACES_INSECURE": "FALSE"], true),
    ])
  func insecure(variables: [String: String], isSecure: Bool) throws {
    let all = variables.merging(["ENDPOINT": "collector:4317", "PROTOCOL": "grpc"]) { first, _ in first }
    #expect(try read(all).endpoint == OTLPEndpoint(isSecure: isSecure, host: "collector", port: 4317))
  }

  @Test("a scheme counts for more than insecure")
  func scheme() throws {
    let configuration = try read(["ENDPOINT": "https://collector:4317", "PROTOCOL": "grpc", "INSECURE": "true"])
    #expect(configuration.endpoint.isSecure)
  }

  @Test("headers are percent-decoded, and never shown")
  func headers() throws {
    let configuration = try read([
      "ENDPOINT": "http://a", "HEADERS": "Authorization=Basic%20czNjcmV0%3D%3D , x-tenant = t%2C1 ,",
    ])
    #expect(configuration.headers.names == ["authorization", "x-tenant"])
    var expected = OTLPHeaders()
    try expected.set("authorization", "Basic czNjcmV0==")
    try expected.set("x-tenant", "t,1")
    #expect(configuration.headers == expected)
    var dumped = ""
    dump(configuration, to: &dumped)
    for text in ["\(configuration)", String(reflecting: configuration), "\(configuration.headers)", dumped] {
      #expect(!text.contains("czNjcmV0") && !text.contains("t,1"))
    }
  }

  @Test(
    "what cannot be understood is an error that names the variable, and shows no secret",
    arguments: [
      ("HEADERS", "s3cret", "no '='"), ("TRACES_HEADERS", "a=1,s3cret", "member 2"), ("HEADERS", "a=%zz", "'a'"),
      ("HEADERS", "a=%FF", "'a'"), ("HEADERS", "a=s3cret%0D%0Ab: c", "'a'"), ("HEADERS", "a b=s3cret", "'a b'"),
      ("HEADERS", "=s3cret", "no name"), ("HEADERS", "Content-Type=s3cret", "'Content-Type'"),
      ("HEADERS", "x-processor-host-id=s3cret", "itself"), ("HEADERS", "grpc-timeout=1", "itself"),
      ("TIMEOUT", "10s", "milliseconds"), ("TRACES_TIMEOUT", "0", "milliseconds"),
      ("COMPRESSION", "zstd", "none or gzip"),
      ("PROTOCOL", "http", "grpc or http/protobuf or http/json"), ("TRACES_ENDPOINT", "localhost:4318", "http://"),
    ])
  func errors(variable: String, value: String, part: String) {
    let error = #expect(throws: ExporterConfigurationError.self) {
      try read(["ENDPOINT": "http://a", variable: value])
    }
    #expect(error?.setting == "OTEL_EXPORTER_OTLP_\(variable)")
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    #expect(error.map { "\($0)".contains("s3cret") } == false)
  }

  @Test("insecure is true or false, and only asked for with gRPC")
  func insecureError() throws {
    let error = #expect(throws: ExporterConfigurationError.self) {
      try read(["ENDPOINT": "a:4317", "PROTOCOL": "grpc", "INSECURE": "1"])
    }
    #expect(error?.setting == "OTEL_EXPORTER_OTLP_INSECURE")
    #expect(try read(["ENDPOINT": "http://a", "INSECURE": "1"]).endpoint.isSecure == false)
  }

  @Test(
    "what looks like an oversight gets a hint",
    arguments: [
      (["ENDPOINT": "http://a:4317"], "port 4317 is OTLP/gRPC's"),
      (["ENDPOINT": "http://a:4318", "PROTOCOL": "grpc"], "port 4318 is OTLP/HTTP's"),
      (["ENDPOINT": "http://a:4317/v1/traces", "PROTOCOL": "grpc"], "no path"),
      (["ENDPOINT": "http://a:4318", "CERTIFICATE": "/ca.pem"], "not encrypted"),
    ])
  func hints(variables: [String: String], part: String) throws {
    let hints = try read(variables).hints
    #expect(hints.count == 1 && hints[0].contains(part))
  }

  private func read(_ variables: [String: String]) throws -> OTLPExporterConfiguration {
    let named = Dictionary(uniqueKeysWithValues: variables.map { ("OTEL_EXPORTER_OTLP_" + $0, $1) })
    return try #require(try OTLPExporterConfiguration.environment(named))
  }
}
