/// A setting of the tracing backend that cannot be used. Its text names the setting and never shows a secret.
public struct TracingConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The setting: an environment variable, or a property of the configuration.
  public var setting: String
  /// What was expected, what was found, and what to do.
  public var message: String

  /// An error of a setting.
  public init(setting: String, _ message: String) {
    self.setting = setting
    self.message = message
  }

  /// The setting and what is wrong with it.
  public var description: String { setting.isEmpty ? message : "\(setting): \(message)" }
}
