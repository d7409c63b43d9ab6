internal import ProcessorHost

/// One column of the table: how requests are balanced, how hosts are set, and what happens to them.
struct Scenario {
  /// Above which duration of its trace, in seconds, a trace is slow.
  static let slow = 10.0
  /// Of the traces that are neither slow nor have an error, the share that is asked for.
  static let ratio = 0.1

  var name: String
  var balancing = Balancer.Kind.consistentHashing
  var hosts = 8
  /// Whether whole traces are looked at, and not each span by itself.
  var wholeTraces = true
  var grace = 8.0
  var wait = 30.0
  var bytes = 64 << 20
  /// When a host is lost with all that it holds, and when one is added.
  var lost: Double?
  var added: Double?
  /// How long a balancer takes to learn of a host that is lost; until then what is for that host waits.
  var noticing = 5.0

  var configuration: SpanProcessorHost.Configuration {
    var configuration = SpanProcessorHost.Configuration(
      rules: RuleDirectory(
        chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, \"sample\" }"),
        rules: [RuleSource(file: "sample.lua", text: wholeTraces ? Self.sampleTraces : Self.sampleSpans)]))
    configuration.traces = TraceLimits(wait: .seconds(wait), grace: .seconds(grace), bytes: bytes)
    return configuration
  }

  private static let sampleTraces = """
    return rule {
      about = "Keeps traces with errors, slow ones, and a share of the rest.",
      can = { read = { "trace.duration", "trace.error_count" }, sample = { "error", "slow", "share" } },
      on_trace = function(trace)
        if trace.error_count > 0 then return trace:keep "error" end
        if trace.duration > \(slow) then return trace:keep "slow" end
        trace:sample(\(ratio), "share")
      end,
    }
    """

  private static let sampleSpans = """
    return rule {
      about = "Keeps a share of the traces, span by span.",
      can = { sample = { "share" } },
      on_span = function(span) span:sample(\(ratio), "share") end,
    }
    """
}
