/// The version of the executable and of the library, named here alone.
package enum HostVersion {
  /// As semantic versioning has it; a version with a hyphen comes before the one without.
  package static let current = "0.1.0-dev"
}
