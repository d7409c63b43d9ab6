public import Tracing

/// Several propagators as one: each extracts, and each injects, in order. OpenTelemetry specification: Propagators API,
/// Composite Propagator.
public struct CompositePropagator: TextMapPropagator {
  /// The propagators, in order; where two read the same, the last one's stays.
  public let propagators: [any TextMapPropagator]

  /// - Parameter propagators: with none, nothing is read and nothing written.
  public init(_ propagators: [any TextMapPropagator]) { self.propagators = propagators }

  /// The fields of all propagators, each once.
  public var fields: [String] {
    var fields: [String] = []
    for field in propagators.flatMap(\.fields) where !fields.contains(field) { fields.append(field) }
    return fields
  }

  /// Lets each propagator extract.
  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    for propagator in propagators { propagator.extract(carrier, into: &context, using: extractor) }
  }

  /// Lets each propagator inject.
  public func inject<Carrier, Inject: Injector>(
    _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    for propagator in propagators { propagator.inject(context, into: &carrier, using: injector) }
  }
}
