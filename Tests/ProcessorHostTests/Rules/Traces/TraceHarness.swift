internal import ProcessorHost
internal import Testing

/// A rule with `on_trace`, and the traces that it gets.
struct TraceHarness {
  static let powers =
    "read = { '*' }, set = { flag = 'boolean', count = 'integer', share = 'number', kind = { 'a', 'b' }, "
    + "named = 'span_name' }, sample = { 'kept', 'share' }, drop = { 'noise' }"

  let rules: RuleHarness

  /// - Parameter can: instead of every power.
  init(_ hook: String, can: String = powers, header: String = "", tail: String = "") throws {
    rules = try RuleHarness(["rule": Self.rule(hook, can: can, header: header, tail: tail)])
  }

  /// The hook begins in line 1.
  static func rule(_ hook: String, can: String = powers, header: String = "", tail: String = "") -> String {
    "\(header) return rule { about = 't', can = { \(can) }, \(tail) on_trace = function(trace) \(hook)\nend }"
  }

  /// Runs the spans in one request.
  func run(_ spans: [PlainSpan]) -> RuleHarness.Outcome {
    rules.run(request: spans.flatMap { $0.encodedRequest() })
  }

  /// What the only failure says; empty where there is none.
  static func failure(_ hook: String, _ spans: [PlainSpan] = trace(), can: String = powers) throws -> String {
    let outcome = try TraceHarness(hook, can: can).run(spans)
    // A trace on which a rule fails is kept, whatever was said before.
    #expect(outcome.spans.count == spans.count)
    return outcome.failures.first ?? ""
  }

  /// A root of 10 seconds with two children, of which the second is an error of another service.
  static func trace() -> [PlainSpan] {
    [
      span(1, parent: 0, 0, 10, "root"), span(2, parent: 1, 1, 3, "load"),
      span(3, parent: 1, 4, 9, "call", service: "billing") { $0.statusCode = 2 },
    ]
  }

  /// A span from one second to another.
  static func span(
    _ id: UInt64, parent: UInt64, _ start: UInt64, _ end: UInt64, _ name: String = "s", service: String = "tickets",
    _ change: (inout PlainSpan) -> Void = { _ in }
  ) -> PlainSpan {
    var span = PlainSpan()
    span.spanID = SpanID(id)
    span.parentSpanID = SpanID(parent)
    span.name = name
    span.startTimeUnixNano = (1000 + start) * 1_000_000_000
    span.endTimeUnixNano = (1000 + end) * 1_000_000_000
    span.resource = [.init("service.name", .string(service))]
    change(&span)
    return span
  }
}

extension RuleHarness.Outcome {
  /// The attribute of each span that left, by the spans' ids.
  func values(_ key: String) -> [UInt64: AttributeValue] {
    spans.reduce(into: [:]) { $0[$1.spanID.value] = $1[key] }
  }
}
