package import ProcessorHost

extension TracingBackend.Configuration {
  /// How long spans are held until their whole trace is decided, and how many of them. It counts where a rule has
  /// `on_trace` or `traceProcessors` are set; otherwise nothing is held.
  ///
  /// A trace is here what this process has of it.
  public struct Traces: Sendable, Equatable {
    /// With which span the wait for a trace ends.
    public enum Root: String, Sendable {
      /// One without a parent, or with a parent in another process: the first that a request makes here.
      case service
      /// One without a parent. Traces that began elsewhere wait for all of `wait`.
      case trace
    }

    /// How long a trace waits from its first span on, where its root does not end before; 1 ms or more.
    /// PROCESSOR_HOST_TRACES_WAIT (`30s`, up to an hour); 30 s.
    public var wait = Duration.seconds(30)
    /// How long it waits for spans that end after its root, 0 or more. The queue's `scheduleDelay` comes on top of it,
    /// for that long spans may lie here before they are looked at. PROCESSOR_HOST_TRACES_GRACE (`2s`, up to an hour); 2 s.
    public var grace = Duration.seconds(2)
    /// With which span the wait ends. PROCESSOR_HOST_TRACES_ROOT (`service` or `trace`); `service`.
    public var root = Root.service
    /// The most bytes that held spans may take up, 1 MiB or more; past it the oldest traces are decided early.
    /// PROCESSOR_HOST_TRACES_MAX_BYTES, 64 MiB.
    public var maxBytes = 64 << 20
    /// The most traces that are held, 1 or more; past it the oldest are decided early. PROCESSOR_HOST_TRACES_MAX_TRACES,
    /// 100,000.
    public var maxTraces = 100_000
    /// The most spans of one trace that are held, 1 or more; then it is decided early.
    /// PROCESSOR_HOST_TRACES_MAX_SPANS_PER_TRACE, 10,000.
    public var maxSpansPerTrace = 10_000
    /// How many decisions are remembered for spans that come late, 0 or more: so many to keep, and so many to drop.
    /// PROCESSOR_HOST_TRACES_DECISIONS, 100,000.
    public var decisions = 100_000

    /// The defaults.
    public init() {}
  }
}

extension TracingBackend.Configuration.Traces {
  /// The engine's limits.
  /// - Parameter delay: how long spans may lie in the inbox: the root leaves it with others, or without them.
  package func limits(behind delay: Duration) -> TraceLimits {
    TraceLimits(
      wait: wait, grace: grace + delay, bytes: maxBytes, traces: maxTraces, spansPerTrace: maxSpansPerTrace,
      decisions: decisions, endsWithLocalRoot: root == .service)
  }

  /// Takes over what the environment says.
  mutating func apply(_ reader: inout EnvironmentReader) {
    let hour = Duration.seconds(3600)
    wait = reader.first([.time("PROCESSOR_HOST_TRACES_WAIT", .milliseconds(1)...hour)]) ?? wait
    grace = reader.first([.time("PROCESSOR_HOST_TRACES_GRACE", .zero...hour)]) ?? grace
    root =
      reader.first([
        EnvironmentVariable(name: "PROCESSOR_HOST_TRACES_ROOT", expected: "service or trace") { Root(rawValue: $0) }
      ]) ?? root
    maxBytes = reader.first([.bytes("PROCESSOR_HOST_TRACES_MAX_BYTES", 1 << 20...1 << 40)]) ?? maxBytes
    func read(_ place: WritableKeyPath<Self, Int>, _ name: String, _ range: ClosedRange<Int>) {
      if let count = reader.first([.count(name, range)]) { self[keyPath: place] = count }
    }
    read(\.maxTraces, "PROCESSOR_HOST_TRACES_MAX_TRACES", 1...100_000_000)
    read(\.maxSpansPerTrace, "PROCESSOR_HOST_TRACES_MAX_SPANS_PER_TRACE", 1...10_000_000)
    read(\.decisions, "PROCESSOR_HOST_TRACES_DECISIONS", 0...100_000_000)
  }

  /// - Throws: where a property is below its range.
  func check() throws(TracingConfigurationError) {
    for (name, value, least) in [
      ("maxBytes", maxBytes, 1 << 20), ("maxTraces", maxTraces, 1), ("maxSpansPerTrace", maxSpansPerTrace, 1),
      ("decisions", decisions, 0),
    ] where value < least {
      throw TracingConfigurationError(setting: "traces.\(name)", "expected \(least) or more, found \(value)")
    }
    if wait < .milliseconds(1) {
      throw TracingConfigurationError(setting: "traces.wait", "expected 1 ms or more, found \(wait)")
    }
    if grace < .zero {
      throw TracingConfigurationError(setting: "traces.grace", "expected 0 or more, found \(grace)")
    }
  }
}
