internal import ProcessorHost
internal import Testing

@Suite("What is wrong with a rule for traces is said")
struct TraceRuleErrorTests {
  @Test(
    "A power that is not declared is refused, and the trace is kept",
    arguments: [
      ("local d = trace.duration", "the rule may not read trace.duration; add it to can.read if it should"),
      ("local d = trace.services", "the rule may not read trace.services; add it to can.read if it should"),
      ("local d = trace:touches 'x'", "the rule may not read trace.services; add it to can.read if it should"),
      ("local d = #trace.spans", "the rule may not read trace.span_count; add it to can.read if it should"),
      ("local d = trace.root.name", "the rule may not read name; add it to can.read if it should"),
      ("local d = trace.root.attributes.k", "the rule may not read attributes.k; add it to can.read if it should"),
      (
        "local d = trace:self_time(trace.root)",
        "the rule may not read duration, of which trace:self_time tells; add it to can.read if it should"
      ),
      (
        "local d = trace:critical_path()",
        "the rule may not read duration, of which trace:critical_path tells; add it to can.read if it should"
      ),
      (
        "trace:set('other', true)",
        "the rule may not set attributes.other; add it to can.set with its type if it should"
      ),
      ("trace:set('flag', 1)", "attributes.flag takes a boolean, as can.set says"),
      ("trace:set('flag', {})", "attributes.flag takes a boolean, as can.set says"),
      ("trace:set('flag', nil)", "attributes.flag takes a boolean, as can.set says"),
      ("trace.root:set('flag', trace.root)", "attributes.flag takes a boolean, as can.set says"),
      ("trace:drop 'noise'", "the rule may not drop traces; declare the reason under can.drop"),
      ("trace:keep 'why'", "the rule may not sample traces; declare the reason under can.sample"),
    ])
  func powers(hook: String, message: String) throws {
    #expect(
      try TraceHarness.failure("trace:set('flag', true) " + hook, can: "set = { flag = 'boolean' }") == "rule.lua:1: "
        + message)
  }

  @Test(
    "What cannot be done with a trace says so",
    arguments: [
      (
        "trace.root.name = 'x'",
        "spans are read-only in on_trace; span:set(key, value) and trace:set(key, value) set attributes"
      ),
      (
        "trace.root.attributes.x = 1",
        "spans are read-only in on_trace; span:set(key, value) and trace:set(key, value) set attributes"
      ),
      ("trace.spans[1] = nil", "a list of spans is read-only"),
      (
        "trace.root:drop 'noise'",
        "a trace stays or goes as a whole, and its spans are hidden by then: write trace:keep, trace:sample, trace:sample_dynamic, trace:drop or trace:rate_limit"
      ),
      ("trace.drop 'noise'", "trace:drop(…) is written with a colon"),
      ("trace:any(1)", "trace:any takes a function of a span: trace:any(function(span) return … end)"),
      ("trace:self_time(1)", "trace:self_time takes a span of the trace, this is a number"),
      ("trace:sample(2, 'share')", "the number for trace:sample is out of range"),
      ("trace:rate_limit(1, 'share', 7)", "the group of trace:rate_limit is a string, this is a number"),
      ("trace:sample_dynamic(-1, 'share')", "the number for trace:sample_dynamic is out of range"),
      ("trace:sample_dynamic('1', 'share')", "trace:sample_dynamic takes a number first, this is a string"),
      ("trace:sample_dynamic(1)", "trace:sample_dynamic needs a reason, a string that the rule declares under `can`"),
      ("trace:sample_dynamic(1, 'share', 7)", "the key of trace:sample_dynamic is a string, this is a number"),
      ("trace:sample_dynamic(1, 'other')", "the reason is not one of can.sample: kept, share"),
      ("trace:drop 'other'", "the reason is not one of can.drop: noise"),
      ("local t = trace; local x = t.root.nam", "nam is not a field of a span; did you mean name?"),
      ("local t = trace; local x = t.durations", "durations is not a field of a trace; did you mean duration?"),
      (
        "trace:set('named', trace.root)",
        "attributes.named takes a span of a trace, whose name it gets, in on_trace and on one span, as can.set says"
      ),
    ])
  func misuse(hook: String, message: String) throws {
    #expect(try TraceHarness.failure(hook) == "rule.lua:1: " + message)
  }

  @Test(
    "Reading a root that has not come says why there can be none",
    arguments: ["trace.root.name", "local root = trace.root; x = root.name"])
  func missingRoot(expression: String) throws {
    let spans = TraceHarness.trace().dropFirst().map { $0 }
    let hook = expression.contains("local") ? "local x; \(expression)" : "local x = \(expression)"
    #expect(
      try TraceHarness.failure(hook, spans)
        == "rule.lua:1: the trace has no root here: it was sampled out, is late, or went to another host; ask for it "
        + "first: if trace.root then … end")
    #expect(try TraceHarness.failure("if trace.root then trace:drop 'noise' end", spans) == "")
    #expect(try TraceHarness.failure("assert(#trace:critical_path() == 0)", spans) == "")
  }

  @Test(
    "What has no effect does not load",
    arguments: [
      ("on_trace = function(trace) end", "on_trace has no effect: name under can what it may set"),
      ("can = { read = { 'name' } }, on_trace = function(trace) end", "on_trace has no effect"),
      ("can = { read = { 'trace.duration' } }, on_span = function(span) end", "have no effect without on_trace"),
      ("can = { set = { n = 'span_name' } }, on_span = function(span) end", "can only be set by on_trace"),
      (
        "can = { rewrite = { 'name' }, drop = { 'x' } }, on_trace = function(trace) end",
        "rewrite has no effect without on_span"
      ),
      (
        "can = { drop = { 'x' } }, on_failure = 'drop', on_trace = function(trace) end",
        "on_failure has no effect without on_span"
      ),
      (
        "can = { sample = { 'x' }, sample_reason = 'r' }, on_span = function(span) end",
        "sample_reason has no effect without on_trace"
      ),
      (
        "can = { drop = { 'x' }, sample_reason = 'r' }, on_trace = function(trace) end",
        "sample_reason has no effect without sample, which lists the reasons"
      ),
      (
        "can = { sample = { 'x' }, sample_reason = '' }, on_trace = function(trace) end",
        "sample_reason is the name of an attribute, such as \"sampling.reason\""
      ),
      (
        "can = { sample = { 'x' }, set = { r = 'boolean' }, sample_reason = 'r' }, on_trace = function(trace) end",
        "the host writes r, as sample_reason says; remove it from set"
      ),
      (
        "can = { read = { 'trace.length' }, drop = { 'x' } }, on_trace = function(trace) end",
        "trace.length is not a path of a trace"
      ),
      ("can = { drop = { 'x' } }, on_trace = 1", "on_trace is a function: on_trace = function(trace) … end; this is"),
      ("can = { drop = { 'x' } }, on_tarce = function(trace) end", "did you mean on_trace?"),
      (
        "can = { drop = { 'x' } }, on_trace = function(trace) trace:dorp 'x' end",
        "trace.dorp is not a field of a trace; did you mean drop?"
      ),
      ("can = { drop = { 'x' } }, on_trace = function(trace) seen = trace end", "seen is assigned to as a global"),
    ])
  func noEffect(fields: String, message: String) throws {
    let errors = try RuleHarness.errors("return rule { about = 'x', \(fields) }")
    #expect(errors.count == 1)
    #expect(errors.first?.message.contains(message) == true, "\(errors)")
  }

  @Test("A hook that would carry state from one trace to the next does not load")
  func state() throws {
    let errors = try RuleHarness.errors(
      "local n = 0 return rule { about = 'x', can = { drop = { 'x' } }, on_trace = function(trace) n = n + 1 end }")
    #expect(errors.first?.message.contains("n lives outside of the hook and would carry state from one trace") == true)
  }
}
