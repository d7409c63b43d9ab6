/// A setting of an exporter that cannot be used. Its text names the setting and never shows a secret.
public struct ExporterConfigurationError: Error, Equatable, CustomStringConvertible {
  /// What kind of setting is wrong.
  public struct Code: Sendable, Hashable {
    private let name: String

    private init(_ name: String) { self.name = name }

    /// The endpoint is no address that an exporter can send to.
    public static let endpoint = Code("endpoint")
    /// A header is malformed, or one that the exporter writes itself.
    public static let headers = Code("headers")
    /// A name stands for none of the values that there are.
    public static let value = Code("value")
    /// A certificate or key cannot be used.
    public static let certificate = Code("certificate")
    /// The endpoint is one that the host listens on itself.
    public static let loop = Code("loop")
  }

  /// What kind of setting is wrong.
  public var code: Code
  /// The setting: an environment variable, a flag, or a key of the configuration file.
  public var setting: String
  /// What was expected, what was found, and what to do.
  public var message: String

  /// An error of a setting.
  public init(_ code: Code, setting: String, _ message: String) {
    self.code = code
    self.setting = setting
    self.message = message
  }

  /// The setting and what is wrong with it.
  public var description: String { setting.isEmpty ? message : "\(setting): \(message)" }
}
