/// The version of this tool, named here alone.
enum HostVersion {
  /// As semantic versioning has it; a version with a hyphen comes before the one without.
  static let current = "0.1.0-dev"
}
