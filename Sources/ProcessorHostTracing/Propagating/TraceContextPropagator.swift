public import Tracing

/// Carries the span context in the headers `traceparent` and `tracestate`. W3C Trace Context Level 2.
///
/// Everything that Level 1 writes is read as Level 1 means it.
public struct TraceContextPropagator: TextMapPropagator {
  /// A propagator.
  public init() {}

  /// `traceparent` and `tracestate`.
  public var fields: [String] { [Self.traceparent, Self.tracestate] }

  private static let traceparent = "traceparent"
  private static let tracestate = "tracestate"

  /// Reads both headers. Without a valid `traceparent` the other is not looked at; a `tracestate` that breaks the grammar
  /// is as if it were not there.
  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    guard let header = extractor.extract(key: Self.traceparent, from: carrier), var parent = Traceparent.parse(header)
    else { return }
    if let header = extractor.extract(key: Self.tracestate, from: carrier), !header.isEmpty,
      let traceState = try? TraceState(header)
    {
      parent.traceState = traceState
    }
    context.spanContext = parent
  }

  /// Writes `traceparent`, and `tracestate` where there is something in it; nothing where the span context is not valid.
  public func inject<Carrier, Inject: Injector>(
    _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let spanContext = context.spanContext, spanContext.isValid else { return }
    injector.inject(Traceparent.text(spanContext), forKey: Self.traceparent, into: &carrier)
    if spanContext.traceState.isEmpty { return }
    injector.inject(spanContext.traceState.description, forKey: Self.tracestate, into: &carrier)
  }
}
