internal import BuiltinProcessors
internal import ProcessorHost
internal import ProcessorHostTracing
internal import Testing

@Suite("The rules by variables")
struct RuleVariablesTests {
  @Test("rules come with the host, unless a directory is named")
  func directory() throws {
    let standard = try TracingConfiguration.quietly([:])
    guard case .standard = standard.rules else {
      Issue.record("other rules than those of the host")
      return
    }
    let read = try TracingConfiguration.quietly(["PROCESSOR_HOST_RULES_DIR": "my rules"]).directory
    #expect(read?.path == "my rules" && read?.watchInterval == .seconds(1))
  }

  @Test("a directory takes the place of whatever rules the app has")
  func replacing() throws {
    for rules in [TracingConfiguration.Rules.none, .inMemory(RuleDirectory()), .directory("own")] {
      var own = TracingConfiguration()
      own.rules = rules
      #expect(
        try TracingConfiguration.quietly(["PROCESSOR_HOST_RULES_DIR": "theirs"], over: own).directory?.path == "theirs")
    }
  }

  @Test("how often the directory is looked at is the app's or the variable's")
  func watching() throws {
    var own = TracingConfiguration()
    own.rules = .directory("own", watchInterval: .seconds(9))
    let name = "PROCESSOR_HOST_RULES_WATCH_INTERVAL"
    #expect(
      try TracingConfiguration.quietly(["PROCESSOR_HOST_RULES_DIR": "x"], over: own).directory?.watchInterval
        == .seconds(9))
    #expect(try TracingConfiguration.quietly([name: "500ms"], over: own).directory?.watchInterval == .milliseconds(500))
    #expect(try TracingConfiguration.quietly([name: "0s"], over: own).directory?.watchInterval == .zero)
  }

  @Test("settings are replaced one by one")
  func settings() throws {
    var own = TracingConfiguration()
    own.ruleSettings = ["slow_trace": ["threshold": "60s", "other": "1"]]
    let environment = [
      "PROCESSOR_HOST_RULES_SETTINGS": " slow_trace.threshold = 30s ,sample.ratio=0.5,, x.y=a=b,é.ü=ß "
    ]
    let read = try TracingConfiguration.quietly(environment, over: own).ruleSettings
    #expect(
      read == [
        "slow_trace": ["threshold": "30s", "other": "1"], "sample": ["ratio": "0.5"], "x": ["y": "a=b"],
        "é": ["ü": "ß"],
      ])
  }

  @Test("settings that cannot be read are an error", arguments: ["a", "a.b", "a=1", ".b=1", "a.=1", "=", "x.y=1,z=2"])
  func wrongSettings(text: String) {
    let name = "PROCESSOR_HOST_RULES_SETTINGS"
    let error = #expect(throws: TracingConfigurationError.self) { try TracingConfiguration.reading([name: text]) }
    #expect(error?.setting == name && error?.message.contains("RULE.NAME=VALUE") == true)
  }

  @Test("keys for pseudonyms stand in variables of their names, and replace those of the app one by one")
  func keys() throws {
    let digits = String(repeating: "5ec7e7", count: 11)
    var own = TracingConfiguration()
    let ring = try PseudonymKeyRing([PseudonymKey(id: "own", secret: Array(repeating: 7, count: 32))])
    own.pseudonymKeys = ["customers": ring, "orders": ring]
    let environment = ["PROCESSOR_HOST_KEY_CUSTOMERS": "k1: \(digits)", "PROCESSOR_HOST_KEY_OTHERS": ""]
    let read = try TracingConfiguration.quietly(environment, over: own)
    #expect(read.pseudonymKeys.mapValues(\.current.id) == ["customers": "k1", "orders": "own"])
    var dumped = ""
    dump(read, to: &dumped)
    #expect(!"\(read)".contains(digits) && !dumped.contains(digits))
  }

  @Test("keys that cannot be read are an error that shows nothing of them")
  func wrongKeys() {
    let wrong = ["PROCESSOR_HOST_KEY_CUSTOMERS": "s3cret"]
    let error = #expect(throws: TracingConfigurationError.self) { try TracingConfiguration.reading(wrong) }
    #expect(error?.setting == "PROCESSOR_HOST_KEY_CUSTOMERS" && error?.description.contains("s3cret") == false)
  }
}
