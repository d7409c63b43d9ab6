/// The sampler that `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` name. OpenTelemetry specification: Environment
/// Variable Specification, General SDK Configuration.
///
/// A value that cannot be used is as if it were not set, and is warned of: an app is not to fail for its telemetry.
public struct SamplerSelection: Sendable {
  /// The sampler; nil where none is named, or one that there is not.
  public let sampler: (any Sampler)?
  /// What could not be used, a sentence each, for the log.
  public let warnings: [String]

  private static let nameSetting = "OTEL_TRACES_SAMPLER"
  private static let argumentSetting = "OTEL_TRACES_SAMPLER_ARG"
  private static let parentBased = "parentbased_"
  /// The names that stand for a sampler, each also with `parentbased_` before it.
  private static let known = ["always_on", "always_off", "traceidratio", "consistent_probability"]
  /// Names of the specification that stand for samplers that this package does not have.
  private static let missing: Set = ["jaeger_remote", "parentbased_jaeger_remote", "xray"]

  /// Chooses by the two variables; names are read in any case.
  ///
  /// `consistent_probability`, which the specification does not name, is the name that the SDK for Java knows with
  /// `parentbased_` before it.
  public init(environment: [String: String]) {
    var warnings: [String] = []
    guard let name = Self.name(Self.value(environment, Self.nameSetting), &warnings) else {
      sampler = nil
      self.warnings = warnings
      return
    }
    let isParentBased = name.hasPrefix(Self.parentBased)
    let rootName = isParentBased ? String(name.dropFirst(Self.parentBased.count)) : name
    let argument = Self.value(environment, Self.argumentSetting)
    let root: any Sampler =
      switch rootName {
      case "always_off": AlwaysOffSampler()
      case "traceidratio": TraceIDRatioBasedSampler(ratio: Self.ratio(argument, &warnings)) ?? AlwaysOnSampler()
      case "consistent_probability": ProbabilitySampler(ratio: Self.ratio(argument, &warnings)) ?? AlwaysOnSampler()
      default: AlwaysOnSampler()
      }
    sampler = isParentBased ? ParentBasedSampler(root: root) : root
    self.warnings = warnings
  }

  /// Nil for a variable that is empty, as the specification asks.
  private static func value(_ environment: [String: String], _ setting: String) -> String? {
    guard let value = environment[setting]?[...].trimmingSpaces, !value.isEmpty else { return nil }
    return String(value)
  }

  private static func name(_ value: String?, _ warnings: inout [String]) -> String? {
    guard let value else { return nil }
    let name = value.lowercased()
    let root = name.hasPrefix(parentBased) ? String(name.dropFirst(parentBased.count)) : name
    if known.contains(root) { return name }
    let expected = known.flatMap { ["'\($0)'", "'\(parentBased)\($0)'"] }.joined(separator: ", ")
    let reason = missing.contains(name) ? ", which is not supported" : ""
    warnings.append(
      "\(nameSetting): expected one of \(expected), found '\(EnvironmentReader.shown(value))'\(reason); "
        + "the variable is not used")
    return nil
  }

  private static func ratio(_ value: String?, _ warnings: inout [String]) -> Double {
    guard let value else { return 1 }
    if let ratio = Double(value), (0...1).contains(ratio) { return ratio }
    warnings.append(
      "\(argumentSetting): expected a number from 0 to 1, found '\(EnvironmentReader.shown(value))'; 1 is used instead")
    return 1
  }
}
