/// The version of the backend, named here alone.
enum LibraryVersion {
  /// As semantic versioning has it; a version with a hyphen comes before the one without.
  static let current = "0.1.0-dev"
}
