internal import ProcessorHost

/// Keys in environment variables: `PROCESSOR_HOST_KEY_CUSTOMERS` holds those named `customers`, in the format of a
/// file, with `;` or a line's end between keys. In a name `-` is written `_`.
public enum PseudonymKeyEnvironment {
  /// What the variables' names begin with.
  public static let prefix = "PROCESSOR_HOST_KEY_"

  /// The variable that holds the keys of a name.
  public static func variable(for name: String) -> String {
    prefix + name.uppercased().split(separator: "-", omittingEmptySubsequences: false).joined(separator: "_")
  }

  /// All keys in an environment, by their names.
  /// - Throws: `PseudonymKeyError` for a variable whose name or keys are not right.
  public static func rings(in environment: [String: String]) throws(PseudonymKeyError) -> [String: PseudonymKeyRing] {
    var rings: [String: PseudonymKeyRing] = [:]
    for (variable, text) in environment.sorted(by: { $0.key < $1.key }) where variable.hasPrefix(prefix) {
      let name = variable.dropFirst(prefix.count).lowercased()
        .split(separator: "_", omittingEmptySubsequences: false).joined(separator: "-")
      guard PseudonymKeyName.isValid(name), self.variable(for: name) == variable else {
        throw PseudonymKeyError(
          source: .printable(variable),
          message: "behind \(prefix) stands the name of keys: A to Z, 0 to 9 and _, beginning with a letter")
      }
      rings[name] = try PseudonymKeyRing(parsing: Array(text.utf8), from: .environment(variable))
    }
    return rings
  }
}
