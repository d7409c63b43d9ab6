/// What the admin port tells.
package protocol AdminSource: Sendable {
  /// Whether the host takes spans; nil: it does. Otherwise why not, in a few words.
  func unreadiness() async -> String?
  /// All figures in Prometheus' text exposition format, version 0.0.4.
  func metrics() async -> String
  /// The rules that run, as JSON.
  func rules() async -> [UInt8]
  /// The configuration in force, as JSON, without secrets.
  func configuration() async -> [UInt8]
}
