public import BuiltinProcessors
public import ProcessorHost

extension TracingBackend {
  /// What a backend is made of. Every property has a default; `apply(environment:)` lets variables go before them.
  ///
  /// OpenTelemetry specification: Environment Variable Specification.
  public struct Configuration: Sendable {
    /// Whether spans are recorded; the propagators work all the same. OTEL_SDK_DISABLED, whose `true` is false here;
    /// true.
    public var isEnabled = true
    /// What the spans come from. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES replace the attributes that they name;
    /// by default what can be found out, see `Resource.detected`.
    public var resource = Resource.detected()
    /// How what travels with requests gets in and out of their headers. OTEL_PROPAGATORS (`tracecontext`, `baggage`, with
    /// a comma between, or `none`); both.
    public var propagator: any TextMapPropagator = CompositePropagator([TraceContextPropagator(), BaggagePropagator()])
    /// Which spans are recorded. OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG; all whose parents are, and all that
    /// have none (`parentbased_always_on`).
    public var sampler: any Sampler = ParentBasedSampler(root: AlwaysOnSampler())
    /// Where the ids of traces and spans come from. No variable; random numbers.
    public var idGenerator: any IDGenerator = RandomIDGenerator()
    /// How much a span may hold. OTEL_SPAN_…_LIMIT, OTEL_EVENT_…, OTEL_LINK_… and OTEL_ATTRIBUTE_…; 128 of each.
    public var limits = SpanLimits()
    /// How spans wait for the exporter. OTEL_BSP_…; 2048 spans, batches of 512, 5 s.
    public var queue = Queue()
    /// Where spans go. OTEL_TRACES_EXPORTER (`otlp`, `console`, `none`) and OTEL_EXPORTER_OTLP_…; OTLP where these name
    /// an endpoint, and the console where they do not.
    public var exporter = Exporter.automatic
    /// Which rules spans go through. PROCESSOR_HOST_RULES_DIR; those that come with the host.
    public var rules = Rules.standard
    /// Values for settings that rules declare, by rule and by name, as text: `["slow_trace": ["threshold": "30s"]]`.
    /// PROCESSOR_HOST_RULES_SETTINGS (`slow_trace.threshold=30s,sample.ratio=0.5`); none.
    public var ruleSettings: [String: [String: String]] = [:]
    /// Keys for pseudonyms, by the names that rules call them. PROCESSOR_HOST_KEY_… and the name; none.
    public var pseudonymKeys: [String: PseudonymKeyRing] = [:]
    /// What is hidden beside what the rules hide. No variable; nothing.
    public var hide = HidePolicy()
    /// Processors written in Swift. One that the chain of rules names stands there, others behind all rules. No variable;
    /// none.
    public var processors: [any SpanProcessor] = []
    /// Processors written in Swift that look at whole traces, behind all rules or where the chain names them. No variable;
    /// none.
    public var traceProcessors: [any TraceProcessor] = []
    /// How whole traces are held, where a rule or processor asks for them. PROCESSOR_HOST_TRACES_…; 30 s, 64 MiB.
    public var traces = Traces()
    /// What the app's spans are made with. No variable; swift-distributed-tracing, which hides who calls it.
    public var instrumentationScope = InstrumentationScope(name: "swift-distributed-tracing")
    /// Whether events of errors say where they were recorded, as `exception.stacktrace`. No variable; true.
    public var recordsStackTraces = true
    /// How long what is inside may take to leave when the backend is shut down, 0 or more.
    /// PROCESSOR_HOST_SHUTDOWN_DRAIN_TIMEOUT (`10s`, up to an hour); 10 s.
    public var shutdownTimeout = Duration.seconds(10)

    /// The defaults. No variable is read.
    public init() {}

    /// Lets what the environment says take the place of what the app has set.
    ///
    /// A variable that is empty says nothing. One whose value cannot be used is as if it were not set, with a warning.
    /// An error is thrown only where going on would send spans elsewhere than was meant, or with other rules; then the
    /// configuration is as it was. With OTEL_SDK_DISABLED=true nothing else is looked at but what propagation needs.
    /// - Parameter environment: all variables by name, such as `ProcessInfo.processInfo.environment`.
    /// - Returns: warnings as sentences for a log: the variable, what was expected and what was found.
    /// - Throws: an error that names the variable.
    public mutating func apply(
      environment: [String: String]
    ) throws(TracingConfigurationError) -> [String] {
      var reader = EnvironmentReader(environment)
      var changed = self
      if let isDisabled = reader.flag("OTEL_SDK_DISABLED") { changed.isEnabled = !isDisabled }
      changed.applyPropagators(&reader)
      if changed.isEnabled { try changed.applyRecording(&reader) }
      self = changed
      return reader.warnings
    }

    private mutating func applyRecording(_ reader: inout EnvironmentReader) throws(TracingConfigurationError) {
      resource.apply(&reader)
      applySampler(&reader)
      limits.apply(&reader)
      queue.apply(&reader)
      traces.apply(&reader)
      try applyRules(&reader)
      try applyExporter(&reader)
      let longest = Duration.seconds(3600)
      shutdownTimeout =
        reader.first([.time("PROCESSOR_HOST_SHUTDOWN_DRAIN_TIMEOUT", .zero...longest)]) ?? shutdownTimeout
      for name in ["OTEL_CONFIG_FILE", "OTEL_EXPERIMENTAL_CONFIG_FILE", "OTEL_ENTITIES"] where reader.text(name) != nil
      {
        reader.warn("\(name) is set, but not supported: what it says is not used, and the other variables are")
      }
    }

    /// Looks for what no backend can be made with, whoever has set it.
    /// - Throws: an error that names the property.
    package func check() throws(TracingConfigurationError) {
      try limits.check()
      try queue.check()
      try traces.check()
      try checkExporter()
      if shutdownTimeout < .zero {
        throw TracingConfigurationError(setting: "shutdownTimeout", "expected 0 or more, found \(shutdownTimeout)")
      }
    }
  }
}
