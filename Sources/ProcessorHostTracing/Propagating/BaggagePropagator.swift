public import Tracing

/// Carries baggage in the header `baggage`. W3C Baggage.
///
/// Limits, in both directions: 64 members and 8,192 bytes in all. What does not fit is left out as a whole.
public struct BaggagePropagator: TextMapPropagator {
  /// A propagator.
  public init() {}

  /// `baggage`.
  public var fields: [String] { [Self.header] }

  private static let header = "baggage"

  /// Reads the header; members that break the grammar are left out. What was there before stays if none is left.
  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    guard let header = extractor.extract(key: Self.header, from: carrier) else { return }
    let baggage = BaggageHeader.parse(header)
    if !baggage.isEmpty { context.baggage = baggage }
  }

  /// Writes the header where there is something to write: entries whose name is no token of HTTP, or whose metadata W3C
  /// does not allow, are left out.
  public func inject<Carrier, Inject: Injector>(
    _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    let baggage = context.baggage
    if baggage.isEmpty { return }
    let header = BaggageHeader.text(baggage)
    if !header.isEmpty { injector.inject(header, forKey: Self.header, into: &carrier) }
  }
}
