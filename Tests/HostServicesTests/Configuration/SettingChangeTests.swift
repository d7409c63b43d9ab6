import HostServices
import Testing

struct SettingChangeTests {
  private static let base = """
    rules:
      settings: { sample.ratio: "1.0" }
    exporters:
      - { kind: otlp-http, name: a, endpoint: "http://127.0.0.1:9", headers: { authorization: hush } }
    """

  @Test func aConfigurationHasNoChangesToItself() throws {
    let resolved = try resolve(Self.base)
    #expect(resolved.changes(to: resolved) == [])
    #expect(resolved.takingOver(resolved) == resolved)
  }

  @Test(
    "What changes is named, with its value and whether a running host can take it over",
    arguments: [
      (#"rules: { settings: { sample.ratio: "0" } }"#, ["rules.settings.sample.ratio=0"], []),
      (
        #"rules: { settings: { slow_trace.threshold: 3s } }"#,
        ["rules.settings.sample.ratio", "rules.settings.slow_trace.threshold=3s"], []
      ),
      ("rules: {}", ["rules.settings.sample.ratio"], []),
      (#"rules: { settings: { sample.ratio: "1.0" }, chain: [a, b] }"#, ["rules.chain=a,b"], []),
      (#"rules: { settings: { sample.ratio: "1.0" }, chain: none }"#, [], ["rules.chain=none"]),
      (
        #"{ rules: { settings: { sample.ratio: "1.0" } }, lanes: 3, logging: { level: debug } }"#,
        ["logging.level=debug"], ["lanes=3"]
      ),
    ])
  func changes(yaml: String, taken: [String], left: [String]) throws {
    let old = try resolve(String(Self.base.split(separator: "exporters:")[0]))
    let changes = old.changes(to: try resolve(yaml))
    let later = changes.filter { !$0.isForRunningHosts }
    #expect(changes.filter(\.isForRunningHosts).map(\.text) == taken)
    #expect(later.map(\.text) == left)
  }

  @Test func whatIsTakenOverIsNoChangeAnyMoreAndTheRestIs() throws {
    let old = try resolve(Self.base)
    let new = try resolve(
      """
      lanes: 2
      logging: { level: error }
      rules: { chain: [redact], settings: { slow_trace.threshold: 3s } }
      exporters: []
      """)
    let next = old.takingOver(new)
    #expect(next.changes(to: new).map(\.path) == ["lanes", "exporters[a]"])
    #expect(next.changes(to: new).map(\.isForRunningHosts) == [false, false])
    #expect(next.configuration.rules.settings == ["slow_trace.threshold": "3s"])
    #expect(next.configuration.lanes == 1)
    #expect(next.origins["logging.level"] == new.origins["logging.level"])
    #expect(next.origins["rules.settings.sample.ratio"] == nil)
  }

  @Test func aSecretThatChangesIsNamedAndNotShown() throws {
    let old = try resolve(Self.base)
    let changes = old.changes(to: try resolve(Self.base.replacing("hush", with: "louder")))
    #expect(changes.map(\.path) == ["exporters[a].headers.authorization"])
    #expect(!changes.map(\.text).joined().contains("louder"))
    let token = try resolve(Self.base, environment: ["PROCESSOR_HOST_RECEIVERS_BEARER_TOKEN": "louder-and-longer"])
    let found = old.changes(to: token)
    #expect(found.map(\.path) == ["receivers.bearer_token"])
    #expect(!found.map(\.text).joined().contains("louder"))
  }

  @Test func anExporterThatComesOrGoesIsNamed() throws {
    let old = try resolve(Self.base)
    let changes = old.changes(to: try resolve(Self.base.replacing("name: a", with: "name: b")))
    #expect(changes.map(\.path) == ["exporters[b]", "exporters[a]"])
    #expect(changes.map(\.isForRunningHosts) == [false, false])
  }
}
