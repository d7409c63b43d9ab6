internal import ProcessorHost
public import Tracing

/// Starts spans, and carries what travels with a request in and out of headers. OpenTelemetry specification: Trace API,
/// Tracer.
public final class HostTracer: Tracer {
  private let sampler: any Sampler
  private let idGenerator: any IDGenerator
  private let propagator: any TextMapPropagator
  private let liveProcessors: [any LiveSpanProcessor]
  /// Nil where tracing is switched off: then nothing is recorded, and what came in is passed on.
  private let recorder: SpanRecorder?
  private let newTraceFlags: TraceFlags

  init(
    sampler: any Sampler, idGenerator: any IDGenerator, propagator: any TextMapPropagator,
    liveProcessors: [any LiveSpanProcessor], recorder: SpanRecorder?
  ) {
    self.sampler = sampler
    self.idGenerator = idGenerator
    self.propagator = propagator
    self.liveProcessors = liveProcessors
    self.recorder = recorder
    newTraceFlags = idGenerator.makesRandomTraceIDs ? .random : []
  }

  /// Starts a span as a child of the one in the context, or as the root of a new trace.
  ///
  /// It has to be ended; one that never is costs its memory and nothing else.
  public func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: Tracing.SpanKind,
    at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
  ) -> HostSpan {
    let base = context()
    let found = base.spanContext
    let parent = found.flatMap { $0.isValid ? $0 : nil }
    guard let recorder else { return passingOn(parent, operationName, base, kind) }
    let traceID = parent?.traceID ?? idGenerator.makeTraceID()
    let result = sampler.shouldSample(
      parent: parent, traceID: traceID, name: operationName, kind: kind, attributes: .none)
    var flags = parent.map { $0.traceFlags.intersection(.random) } ?? newTraceFlags
    if result.decision == .recordAndSample { flags.insert(.sampled) }
    let spanContext = SpanContext(
      traceID: traceID, spanID: idGenerator.makeSpanID(), traceFlags: flags, traceState: result.traceState)
    let isRecorded = result.decision != .drop
    let span = HostSpan(
      spanContext, parent: parent, in: base, name: operationName, kind: kind,
      startTimeUnixNano: isRecorded ? instant().nanosecondsSinceEpoch : 0, recorder: isRecorded ? recorder : nil)
    if isRecorded {
      if !result.attributes.isEmpty { span.attributes = result.attributes }
      for processor in liveProcessors { processor.onStart(span, parentContext: base) }
    }
    return span
  }

  /// A span that stands for its parent.
  private func passingOn(
    _ parent: SpanContext?, _ name: String, _ base: InstrumentationContext, _ kind: Tracing.SpanKind
  ) -> HostSpan {
    let none = SpanContext(traceID: TraceID(high: 0, low: 0), spanID: SpanID(0))
    return HostSpan(
      parent ?? none, parent: parent, in: base, name: name, kind: kind, startTimeUnixNano: 0,
      recorder: nil)
  }

  /// The span of this process that the context holds.
  public func activeSpan(identifiedBy context: InstrumentationContext) -> HostSpan? {
    guard case .local(let span) = context[SpanReferenceKey.self] else { return nil }
    return span
  }

  /// Nothing: spans are sent by the service, and `TracingService.forceFlush` waits for them.
  public func forceFlush() {}
}

extension HostTracer: Instrument {
  /// Puts what the carrier holds into the context.
  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    propagator.extract(carrier, into: &context, using: extractor)
  }

  /// Puts what the context holds into the carrier.
  public func inject<Carrier, Inject: Injector>(
    _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    propagator.inject(context, into: &carrier, using: injector)
  }
}
