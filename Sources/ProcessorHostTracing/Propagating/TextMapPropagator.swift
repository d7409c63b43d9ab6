public import Tracing

/// Carries what travels with a request in and out of its headers. OpenTelemetry specification: Propagators API,
/// TextMap Propagator.
public protocol TextMapPropagator: Sendable {
  /// The names of the headers that it reads and writes, in lower case.
  var fields: [String] { get }

  /// Puts what the carrier holds into the context. What cannot be read is as if it were not there: nothing is thrown, and
  /// what the context held before stays.
  func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
  ) where Extract.Carrier == Carrier

  /// Puts what the context holds into the carrier.
  func inject<Carrier, Inject: Injector>(
    _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier
}
