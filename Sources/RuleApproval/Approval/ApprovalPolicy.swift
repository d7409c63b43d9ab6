/// What it takes for a set of rules to run. It stands outside the rules directory and is read once, at start: whoever may
/// write the rules can change nothing about it.
package struct ApprovalPolicy: Sendable {
  package enum Mode: String, Sendable, CaseIterable {
    /// Whoever may write the rules decides.
    case none
    /// The rules have to be as `rules.lock` has them: against accident.
    case lock
    /// Enough of the trusted keys have to have signed the rules: against people.
    case signature
  }

  package let mode: Mode
  /// The keys whose signatures count.
  package let trusted: [VerifyingKey]
  /// How many of them have to have signed; 1 or more.
  package let threshold: Int
  /// A floor that does not rise, for hosts that keep no file. The higher of this and `floor` counts.
  package let minimumCounter: UInt64
  /// The floor that rises.
  package let floor: CounterFloor?

  /// Nothing is asked for.
  package static let none = ApprovalPolicy(mode: .none)
  /// The lock is asked for.
  package static let lock = ApprovalPolicy(mode: .lock)

  private init(mode: Mode) {
    self.mode = mode
    trusted = []
    threshold = 1
    minimumCounter = 0
    floor = nil
  }

  /// Signatures are asked for.
  /// - Throws: `ApprovalError` where the keys could never reach the threshold, or two are the same.
  package init(
    trusted: [VerifyingKey], threshold: Int = 1, minimumCounter: UInt64 = 0, floor: CounterFloor? = nil
  ) throws(ApprovalError) {
    mode = .signature
    for (index, key) in trusted.enumerated() {
      // A key that counted twice would reach a threshold of two alone.
      if let same = trusted[..<index].first(where: { $0.id == key.id }) {
        throw ApprovalError("the trusted keys \(same.name) and \(key.name) are the same, \(key.id); name each once")
      }
      if trusted[..<index].contains(where: { $0.name == key.name }) {
        throw ApprovalError("two trusted keys have the name \(key.name); each needs a name of its own")
      }
    }
    guard (1...max(1, trusted.count)).contains(threshold), !trusted.isEmpty else {
      throw ApprovalError(
        trusted.isEmpty
          ? "there is no trusted key; approval by signature needs one or more"
          : "the threshold is \(threshold); with the number of trusted keys it can be 1 to \(trusted.count)")
    }
    self.trusted = trusted
    self.threshold = threshold
    self.minimumCounter = minimumCounter
    self.floor = floor
  }

  /// Reads the files of a policy: public keys, and the counter's floor.
  /// - Throws: `ApprovalError` also for a file that stands in the rules directory, where those who write rules could
  ///   change it.
  package init(
    mode: Mode, keyFiles: [String], threshold: Int = 1, counterFile: String? = nil, minimumCounter: UInt64 = 0,
    rulesDirectory: String?
  ) throws(ApprovalError) {
    guard mode == .signature else {
      self.init(mode: mode)
      return
    }
    if let rulesDirectory {
      for file in keyFiles + [counterFile].compactMap(\.self) where Folder.contains(rulesDirectory, file) {
        throw ApprovalError(
          path: file,
          "the file is in the rules directory, where whoever edits rules could change it; keep it elsewhere")
      }
    }
    var trusted: [VerifyingKey] = []
    for file in keyFiles { trusted.append(try VerifyingKey(contentsOf: file)) }
    var floor: CounterFloor?
    if let counterFile { floor = try CounterFloor(path: counterFile) }
    try self.init(trusted: trusted, threshold: threshold, minimumCounter: minimumCounter, floor: floor)
  }

  /// The least counter that is accepted now.
  package var leastCounter: UInt64 { max(minimumCounter, floor?.value ?? 0) }
}
