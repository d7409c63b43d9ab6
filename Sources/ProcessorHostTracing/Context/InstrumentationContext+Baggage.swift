public import Tracing

extension InstrumentationContext {
  /// The baggage that travels with what happens in this context. Setting an empty one clears it.
  public var baggage: Baggage {
    get { self[BaggageKey.self] ?? Baggage() }
    set { self[BaggageKey.self] = newValue.isEmpty ? nil : newValue }
  }
}

private enum BaggageKey: InstrumentationContextKey {
  typealias Value = Baggage

  static var nameOverride: String? { "processor-host-baggage" }
}
