internal import OTLPExporters
internal import Testing

@Suite("Sentry's endpoint")
struct SentryEndpointTests {
  @Test(
    "is made of the project's address",
    arguments: [
      ("https://k3y@o1.ingest.example.com/42", "https://o1.ingest.example.com:443/api/42/integration/otlp/v1/traces"),
      ("https://k3y:old@host:9000/42", "https://host:9000/api/42/integration/otlp/v1/traces"),
      ("http://k3y@localhost/sentry/7/", "http://localhost:80/sentry/api/7/integration/otlp/v1/traces"),
    ])
  func address(dsn: String, shown: String) throws {
    let configuration = try SentryEndpoint.configuration(dsn: dsn)
    #expect("\(configuration.endpoint)" == shown)
    var headers = OTLPHeaders()
    try headers.set("x-sentry-auth", "sentry sentry_key=k3y")
    #expect(configuration.headers == headers && configuration.transportProtocol == .httpProtobuf)
    #expect(!"\(configuration)".contains("k3y"))
  }

  @Test(
    "a malformed address is an error that does not show the key",
    arguments: [
      "", "k3y@host/42", "https://host/42", "https://@host/42", "https://k3y@host", "https://k3y@host/",
      "https://k3y@host/project", "https://k3y@/42", "ftp://k3y@host/42", "https://k3y!@host/42",
      "https://k3y@ho st/42",
    ])
  func malformed(dsn: String) {
    let error = #expect(throws: ExporterConfigurationError.self) { try SentryEndpoint.configuration(dsn: dsn) }
    #expect(error?.setting == "SENTRY_DSN" && error?.message.contains("https://PUBLICKEY@HOST/PROJECT") == true)
    #expect(error?.message.contains("k3y") == false)
  }
}
