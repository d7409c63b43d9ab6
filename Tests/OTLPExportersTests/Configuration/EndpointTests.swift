internal import OTLPExporters
internal import Testing

@Suite("Endpoint of an OTLP exporter")
struct EndpointTests {
  @Test(
    "an address is taken apart",
    arguments: [
      ("http://localhost:4318", "http://localhost:4318"),
      ("HTTPS://Collector.example", "https://Collector.example:443"),
      ("http://collector/", "http://collector:80/"),
      ("http://[::1]:4318/v1/traces", "http://[::1]:4318/v1/traces"),
      ("https://host:8443/a/b?key=s3cret", "https://host:8443/a/b?…"),
      ("https://host?key=s3cret", "https://host:443?…"),
      ("  http://host:1\t", "http://host:1"),
    ])
  func parts(text: String, shown: String) throws {
    #expect(try OTLPEndpoint(text).description == shown)
  }

  @Test("the query goes with requests, though it is not shown")
  func query() throws {
    let endpoint = try OTLPEndpoint("https://host/a?key=s3cret")
    #expect(endpoint.path == "/a" && endpoint.query == "key=s3cret")
    #expect(!"\(endpoint)".contains("s3cret"))
  }

  @Test(
    "an address that cannot be used is an error that says what was expected",
    arguments: [
      ("", "found nothing"), ("localhost:4318", "begins with http://"), ("collector", "begins with http://"),
      ("ftp://host", "'ftp'"), ("http://", "no host"), ("http://:4318", "no host"), ("http://host:0", "1 to 65535"),
      ("http://host:65536", "1 to 65535"), ("http://host:+80", "1 to 65535"), ("http://host:", "1 to 65535"),
      ("http://::1:4318", "brackets"), ("http://[::1:4318", "']'"), ("http://[::1]4318", "behind ']'"),
      ("http://host/a#b", "fragment"), ("http://ho st", "ASCII"), ("http://hôst", "ASCII"),
    ])
  func errors(text: String, part: String) {
    let error = #expect(throws: ExporterConfigurationError.self) { try OTLPEndpoint(text, setting: "THE_SETTING") }
    #expect(error?.code == .endpoint && error?.setting == "THE_SETTING")
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test("credentials in an address are an error that does not repeat them")
  func credentials() {
    let error = #expect(throws: ExporterConfigurationError.self) { try OTLPEndpoint("https://user:s3cret@host/") }
    #expect(error?.message.contains("header") == true && error?.message.contains("s3cret") == false)
  }

  @Test(
    "the path of the traces is added behind a base endpoint's own",
    arguments: [
      ("http://host:4318", "/v1/traces"), ("http://host:4318/", "/v1/traces"),
      ("http://host/otlp", "/otlp/v1/traces"), ("http://host/otlp/", "/otlp/v1/traces"),
    ])
  func tracesPath(base: String, path: String) throws {
    #expect(try OTLPEndpoint(base).appendingTracesPath().path == path)
  }
}

@Suite("A host's own listeners")
struct OwnListenersTests {
  @Test(
    "an endpoint that is one of them is known",
    arguments: [
      ("http://localhost:4318", "127.0.0.1"), ("http://127.0.0.1:4318", "127.0.0.1"),
      ("http://127.0.0.1:4318", "0.0.0.0"), ("http://[::1]:4318", "::"), ("http://localhost:4318", "::1"),
      ("http://LOCALHOST.:4318", "[::1]"), ("http://0.0.0.0:4318", "127.0.0.1"), ("http://127.0.0.7:4318", "0.0.0.0"),
      ("http://gateway:4318", "gateway"), ("http://[::ffff:127.0.0.1]:4318", "0.0.0.0"),
    ])
  func own(endpoint: String, listener: String) throws {
    #expect(OwnListeners([(host: listener, port: 4318)]).include(try OTLPEndpoint(endpoint)))
  }

  @Test(
    "any other endpoint is none",
    arguments: [
      ("http://localhost:4317", "127.0.0.1"), ("http://jaeger:4318", "0.0.0.0"), ("http://127.0.0.2:4318", "127.0.0.1"),
      ("http://[::1]:4318", "127.0.0.1"), ("http://10.0.0.1:4318", "127.0.0.1"),
    ])
  func others(endpoint: String, listener: String) throws {
    #expect(!OwnListeners([(host: listener, port: 4318)]).include(try OTLPEndpoint(endpoint)))
  }
}
