internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

/// Rules given as text, in a host of one lane.
struct RuleHarness {
  let host: SpanProcessorHost

  /// - Parameters:
  ///   - rules: rule texts by name, in chain order.
  ///   - lists: list texts by name.
  init(
    _ rules: KeyValuePairs<String, String>, lists: [String: String] = [:], settings: [String: [String: String]] = [:],
    lanes: Int = 1
  ) throws {
    let directory = RuleDirectory(
      rules: rules.map { RuleSource(file: $0.key + ".lua", text: $0.value) },
      lists: lists.map { RuleSource(file: $0.key + ".txt", text: $0.value) })
    let configuration = SpanProcessorHost.Configuration(
      rules: directory, chain: rules.map(\.key), settings: settings, lanes: lanes)
    host = try SpanProcessorHost(configuration, natives: .builtin)
  }

  /// A rule named `rule` with this hook, which may read everything.
  init(hook: String, can: String = "", header: String = "", tail: String = "") throws {
    try self.init(["rule": Self.rule(hook: hook, can: can, header: header, tail: tail)])
  }

  /// The text of a rule whose hook begins in line 1, so that lines can be counted in the hook alone.
  static func rule(hook: String, can: String = "", header: String = "", tail: String = "") -> String {
    "\(header) return rule { about = \"t\", can = { read = { \"*\" }, \(can) }, \(tail) on_span = function(span) \(hook)\nend }"
  }

  /// What left, of one request.
  struct Outcome {
    var spans: [PlainSpan]
    var bytes: [UInt8]
    var ledger: SpanLedger

    var failures: [String] { ledger.failures.keys.sorted() }

    func holds(_ text: String) -> Bool { bytes.firstRange(of: Array(text.utf8)) != nil }
  }

  /// Runs one request; the ledger counts all requests so far.
  func run(request: [UInt8]) -> Outcome {
    let output = host.processAndWait(Door().admit(request).takeBatch())
    let ledger = host.reports().map(\.ledger).reduce(into: SpanLedger()) { $0 += $1 }
    return Outcome(spans: PlainSpan.all(in: output), bytes: output.encoded(), ledger: ledger)
  }

  func run(_ span: PlainSpan = .plain) -> Outcome { run(request: span.encodedRequest()) }

  /// The only span that left; the rule must not have failed.
  func span(_ given: PlainSpan = .plain) throws -> PlainSpan {
    let outcome = run(given)
    #expect(outcome.failures.isEmpty)
    return try #require(outcome.spans.first)
  }

  /// Steps that all hooks have used so far.
  var steps: Int { host.reports().flatMap(\.stages).reduce(0) { $0 + $1.steps } }

  /// What is wrong with a rule named `rule`; empty where it loads.
  static func errors(
    _ text: String, lists: [String: String] = [:], settings: [String: String] = [:]
  ) throws -> [RuleError] {
    do {
      _ = try RuleHarness(["rule": text], lists: lists, settings: settings.isEmpty ? [:] : ["rule": settings])
      return []
    } catch let errors as RuleErrors {
      return errors.errors
    }
  }
}

extension PlainSpan {
  static var plain: PlainSpan {
    var span = PlainSpan()
    span.name = "work"
    span.startTimeUnixNano = 1_000_000_000
    span.endTimeUnixNano = 3_500_000_000
    return span
  }

  static func with(_ attributes: [AttributeValue.Entry]) -> PlainSpan {
    var span = PlainSpan.plain
    span.attributes = attributes
    return span
  }

  static func with(_ key: String, _ value: AttributeValue) -> PlainSpan { with([AttributeValue.Entry(key, value)]) }

  subscript(_ key: String) -> AttributeValue? { attributes.first { $0.key == key }?.value }
}
