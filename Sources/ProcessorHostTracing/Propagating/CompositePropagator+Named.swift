extension CompositePropagator {
  private static let setting = "OTEL_PROPAGATORS"
  private static let none = "none"
  /// The names that stand for a propagator.
  private static let known = ["tracecontext", "baggage"]
  /// Names of the OpenTelemetry specification that stand for propagators that this package does not have.
  private static let missing: Set = ["b3", "b3multi", "jaeger", "xray", "ottrace"]

  /// The propagator that `OTEL_PROPAGATORS` names.
  ///
  /// - Parameter names: names separated by commas, in any case: `tracecontext`, `baggage`, or `none` alone. A name that
  ///   stands there twice counts once. Nil and what has no name in it stand for `tracecontext,baggage`.
  /// - Throws: for a name that stands for no propagator that there is: without it, traces would break where nobody looks.
  public static func named(_ names: String?) throws(TracingConfigurationError) -> CompositePropagator {
    var chosen: [String] = []
    for part in (names ?? "").split(separator: ",") {
      let found = String(part.trimmingSpaces)
      let name = found.lowercased()
      if name.isEmpty || chosen.contains(name) { continue }
      guard known.contains(name) || name == none else { throw unknown(found, isMissing: missing.contains(name)) }
      chosen.append(name)
    }
    if chosen.isEmpty { chosen = known }
    if chosen.contains(none), chosen.count > 1 {
      throw TracingConfigurationError(
        setting: setting, "expected '\(none)' alone or the names of propagators, found both; leave out one")
    }
    return CompositePropagator(chosen.compactMap(propagator))
  }

  private static func propagator(_ name: String) -> (any TextMapPropagator)? {
    switch name {
    case "tracecontext": TraceContextPropagator()
    case "baggage": BaggagePropagator()
    default: nil
    }
  }

  private static func unknown(_ name: String, isMissing: Bool) -> TracingConfigurationError {
    let expected = "expected \(known.map { "'\($0)'" }.joined(separator: ", ")) or '\(none)'"
    let shown = EnvironmentReader.shown(name)
    let found = isMissing ? "found '\(shown)', which is not supported" : "found '\(shown)'"
    return TracingConfigurationError(
      setting: setting, "\(expected), separated by commas, \(found); change or remove it")
  }
}

extension Substring {
  /// Without the spaces and tabs around it.
  var trimmingSpaces: Substring {
    func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
    var rest = drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return rest
  }
}
