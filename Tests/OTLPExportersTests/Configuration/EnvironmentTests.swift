internal import OTLPExporters
internal import Testing

@Suite("Exporter settings from the environment")
struct EnvironmentTests {
  @Test("without an endpoint there is no exporter")
  func none() throws {
    var warnings: [String] = []
    #expect(try OTLPExporterConfiguration.environment([:], warnings: &warnings) == nil)
    let other = ["OTEL_EXPORTER_OTLP_HEADERS": "a=b", "OTEL_EXPORTER_OTLP_ENDPOINT": " "]
    #expect(try OTLPExporterConfiguration.environment(other, warnings: &warnings) == nil && warnings == [])
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
      ("TRACES_ENDPOINT", "localhost:4318", "http://"), ("TRACES_ENDPOINT", "http://u:s3cret@a", "header"),
    ])
  func errors(variable: String, value: String, part: String) {
    let error = #expect(throws: ExporterConfigurationError.self) {
      try read(["ENDPOINT": "http://a", variable: value])
    }
    #expect(error?.setting == "OTEL_EXPORTER_OTLP_\(variable)")
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    #expect(error.map { "\($0)".contains("s3cret") } == false)
  }

  @Test(
    "a name or number that is wrong is as if it were not set, with a warning that names it",
    arguments: [
      ("TIMEOUT", "10s", "milliseconds"), ("TRACES_TIMEOUT", "-1", "milliseconds"), ("TIMEOUT", "2147483648", "from 0"),
      ("COMPRESSION", "zstd", "none or gzip"), ("PROTOCOL", "http", "grpc or http/protobuf or http/json"),
    ])
  func warnings(variable: String, value: String, part: String) throws {
    let (configuration, warnings) = try reading(["ENDPOINT": "http://a", variable: value])
    #expect(try configuration == read(["ENDPOINT": "http://a"]))
    let warning = try #require(warnings.first)
    #expect(warnings.count == 1 && warning.hasPrefix("OTEL_EXPORTER_OTLP_\(variable):"))
    #expect(warning.contains(part) && warning.contains("'\(value)'"))
  }

  @Test("where the variable for traces is wrong, the general one counts")
  func wrongForTraces() throws {
    let (configuration, warnings) = try reading(["ENDPOINT": "http://a", "TIMEOUT": "7", "TRACES_TIMEOUT": "x"])
    #expect(configuration.timeout == .milliseconds(7) && warnings.count == 1)
  }

  @Test("a timeout of 0 is no limit")
  func noLimit() throws {
    #expect(try read(["ENDPOINT": "http://a", "TIMEOUT": "0"]).timeout > .seconds(86_400))
  }

  @Test("insecure is false unless it is true, and only asked for with gRPC")
  func insecureWarning() throws {
    let (configuration, warnings) = try reading(["ENDPOINT": "a:4317", "PROTOCOL": "grpc", "INSECURE": "1"])
    #expect(configuration.endpoint.isSecure && warnings.count == 1)
    #expect(warnings[0].hasPrefix("OTEL_EXPORTER_OTLP_INSECURE:") && warnings[0].contains("'1'"))
    #expect(try read(["ENDPOINT": "http://a", "INSECURE": "1"]).endpoint.isSecure == false)
  }

  @Test("the traces' address without a path is used so, with a warning")
  func noPath() throws {
    let (configuration, warnings) = try reading(["TRACES_ENDPOINT": "http://a:1"])
    #expect("\(configuration.endpoint)" == "http://a:1" && warnings.count == 1 && warnings[0].contains("/v1/traces"))
  }

  @Test("variables replace parts of a base, whose endpoint follows the protocol where it is the standard one")
  func base() throws {
    var own = OTLPExporterConfiguration(endpoint: OTLPEndpoint(isSecure: true, host: "own", port: 1, path: "/x"))
    try own.headers.set("a", "1")
    #expect(try reading([:], over: own).0 == own)
    let json = try reading(["PROTOCOL": "http/json"], over: own).0
    #expect(json.endpoint == own.endpoint && json.transportProtocol == .httpJSON && json.headers == own.headers)
    #expect(try reading(["HEADERS": "b=2"], over: own).0.headers.names == ["b"])
    #expect(try reading(["PROTOCOL": "grpc"], over: own).0.endpoint == own.endpoint)
    let standard = OTLPExporterConfiguration.standard()
    #expect("\(standard.endpoint)" == "http://localhost:4318/v1/traces")
    #expect(try "\(reading(["PROTOCOL": "grpc"], over: standard).0.endpoint)" == "http://localhost:4317")
    #expect(try reading(["PROTOCOL": "http/json"], over: standard).0.endpoint == standard.endpoint)
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

  /// What variables without their prefix say, where nothing is to be warned of.
  private func read(_ variables: [String: String]) throws -> OTLPExporterConfiguration {
    let (configuration, warnings) = try reading(variables)
    #expect(warnings == [])
    return configuration
  }

  private func reading(
    _ variables: [String: String], over base: OTLPExporterConfiguration? = nil
  ) throws -> (OTLPExporterConfiguration, warnings: [String]) {
    let named = Dictionary(uniqueKeysWithValues: variables.map { ("OTEL_EXPORTER_OTLP_" + $0, $1) })
    var warnings: [String] = []
    let read = try OTLPExporterConfiguration.environment(named, over: base, warnings: &warnings)
    return (try #require(read), warnings)
  }
}
