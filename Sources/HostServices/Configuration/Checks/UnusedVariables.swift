internal import BuiltinProcessors
internal import ProcessorHost

/// Variables that are set but say nothing to a host, though one could think so.
struct UnusedVariables {
  /// Variables of OpenTelemetry that speak to the apps whose spans are forwarded.
  static let ofApps = [
    "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_SDK_DISABLED",
  ]

  private(set) var notices: [String] = []

  init(_ environment: [String: String]) {
    let set = Self.ofApps.filter { environment[$0]?.isEmpty == false }
    if !set.isEmpty {
      notices.append(
        "\(set.joined(separator: ", ")) \(set.count == 1 ? "speaks" : "speak") to apps and \(set.count == 1 ? "is" : "are") "
          + "not used here: spans are forwarded as their apps made them. Sample with a rule.")
    }
    for name in environment.keys.sorted() where Self.isUnknown(name) {
      let hint = Suggestion.hint(for: name, in: OwnVariables.all)
      let shown = String.printable(name)
      // Without a near one the hint would name them all.
      notices.append("\(shown) is no variable of this host" + (hint.hasPrefix("; did you mean") ? hint : ""))
    }
  }

  private static func isUnknown(_ name: String) -> Bool {
    guard name.hasPrefix(OwnVariables.prefix), name.utf8.count <= 128, !OwnVariables.all.contains(name) else {
      return false
    }
    return !name.hasPrefix(PseudonymKeyEnvironment.prefix) && !isOfKubernetes(name)
  }

  /// What Kubernetes sets in every pod for a Service of the name processor-host.
  private static func isOfKubernetes(_ name: String) -> Bool {
    if name.hasSuffix("_SERVICE_HOST") || name.hasSuffix("_PORT") || name.contains("_SERVICE_PORT_") { return true }
    return ["_TCP", "_UDP"].contains { name.contains($0) && name.contains("PORT_") }
  }
}

/// The variables of this project.
package enum OwnVariables {
  package static let prefix = "PROCESSOR_HOST_"

  /// The variable that names the configuration file.
  package static let file = "PROCESSOR_HOST_CONFIG"

  /// All but those of keys.
  package static let all =
    HostSettings.all.compactMap(\.ownVariable) + ExporterChoice.variables.filter { $0.hasPrefix(prefix) } + [file]
}
