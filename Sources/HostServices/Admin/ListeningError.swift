/// A port that cannot be opened.
package struct ListeningError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The setting that names the address.
  package var setting: String
  package var address: ListenAddress
  /// What the system says.
  package var reason: String

  package init(setting: String, address: ListenAddress, reason: String) {
    self.setting = setting
    self.address = address
    self.reason = reason
  }

  package var description: String {
    "cannot listen on \(address) (\(setting)): \(reason); is it in use? name another address, or none"
  }
}
