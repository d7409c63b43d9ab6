internal import ProcessorHostTracing
internal import Testing

@Suite("The rules that variables are read by")
struct EnvironmentRulesTests {
  @Test("without variables the defaults stay, and there is nothing to warn of")
  func nothing() throws {
    let configuration = try TracingConfiguration.quietly([:])
    #expect(configuration.isEnabled && configuration.isAutomatic)
    #expect(configuration.limits == SpanLimits() && configuration.queue == TracingConfiguration.Queue())
    #expect(configuration.ruleSettings.isEmpty && configuration.shutdownTimeout == .seconds(10))
  }

  @Test(
    "true is true in any case, and nothing else is",
    arguments: [
      ("true", true), ("TRUE", true), ("True", true), (" true ", true), ("false", false), ("FALSE", false),
    ])
  func booleans(text: String, isDisabled: Bool) throws {
    #expect(try TracingConfiguration.quietly(["OTEL_SDK_DISABLED": text]).isEnabled == !isDisabled)
  }

  @Test("what is neither true nor false is false, with a warning", arguments: ["1", "yes", "on", "t", "truе", "true;"])
  func otherBooleans(text: String) throws {
    let (configuration, warnings) = try TracingConfiguration.reading(["OTEL_SDK_DISABLED": text])
    #expect(configuration.isEnabled && warnings.count == 1)
    for part in ["OTEL_SDK_DISABLED", "true or false", "'\(text)'"] { #expect(warnings.first?.contains(part) == true) }
  }

  @Test(
    "a number that is wrong is passed over, with a warning that says what was expected and found",
    arguments: [
      "many", "-1", "+5", "1.5", "1e3", "0x10", "2147483648", "99999999999999999999", "١٢", "1 2", "5\u{301}", "1_000",
    ])
  func numbers(text: String) throws {
    let (configuration, warnings) = try TracingConfiguration.reading(["OTEL_SPAN_LINK_COUNT_LIMIT": text])
    #expect(configuration.limits.linkCount == 128 && warnings.count == 1)
    for part in ["OTEL_SPAN_LINK_COUNT_LIMIT", "a whole number from 0 to 2147483647", "'\(text)'"] {
      #expect(warnings.first?.contains(part) == true)
    }
  }

  @Test("a wrong number leaves what the app has set")
  func ownNumbers() throws {
    var own = TracingConfiguration()
    own.limits.linkCount = 7
    #expect(try TracingConfiguration.reading(["OTEL_SPAN_LINK_COUNT_LIMIT": "x"], over: own).0.limits.linkCount == 7)
  }

  @Test("what an app has set gives way to a variable that is set")
  func precedence() throws {
    var own = TracingConfiguration()
    own.isEnabled = false
    own.limits.eventCount = 7
    own.queue.scheduleDelay = .seconds(1)
    own.shutdownTimeout = .seconds(1)
    own.exporter = .console
    own.resource = Resource(serviceName: "own", serviceVersion: "1")
    let environment = [
      "OTEL_SDK_DISABLED": "false", "OTEL_SPAN_EVENT_COUNT_LIMIT": "0", "OTEL_BSP_SCHEDULE_DELAY": "2000",
      "PROCESSOR_HOST_SHUTDOWN_DRAIN_TIMEOUT": "3s", "OTEL_TRACES_EXPORTER": "none", "OTEL_SERVICE_NAME": "theirs",
    ]
    let read = try TracingConfiguration.quietly(environment, over: own)
    #expect(read.isEnabled && read.limits.eventCount == 0 && read.queue.scheduleDelay == .seconds(2))
    #expect(read.shutdownTimeout == .seconds(3) && read.isWithoutExporter)
    #expect(read.resource["service.name"] == "theirs" && read.resource["service.version"] == "1")
  }

  @Test("every warning is given, and each variable is told of once")
  func several() throws {
    let (_, warnings) = try TracingConfiguration.reading([
      "OTEL_ATTRIBUTE_COUNT_LIMIT": "x", "OTEL_BSP_MAX_QUEUE_SIZE": "0", "OTEL_TRACES_EXPORTER": "zipkin",
      "OTEL_RESOURCE_ATTRIBUTES": "a", "PROCESSOR_HOST_SHUTDOWN_DRAIN_TIMEOUT": "10",
    ])
    #expect(warnings.count == 5)
    for name in [
      "OTEL_ATTRIBUTE_COUNT_LIMIT", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_TRACES_EXPORTER", "OTEL_RESOURCE_ATTRIBUTES",
      "PROCESSOR_HOST_SHUTDOWN_DRAIN_TIMEOUT",
    ] {
      #expect(warnings.filter { $0.hasPrefix(name + ":") }.count == 1)
    }
  }

  @Test("a warning shows no control characters, and no more than the beginning")
  func hostileText() throws {
    let text = "\u{1B}[2J\n\u{202E}" + String(repeating: "x", count: 100_000)
    let (_, warnings) = try TracingConfiguration.reading(["OTEL_BSP_MAX_QUEUE_SIZE": text])
    let warning = try #require(warnings.first)
    #expect(warning.utf8.count < 300)
    #expect(warning.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" })
  }

  @Test("a name is found in any case", arguments: ["none", "NONE", "None"])
  func names(text: String) throws {
    #expect(try TracingConfiguration.quietly(["OTEL_TRACES_EXPORTER": text]).isWithoutExporter)
  }
}
