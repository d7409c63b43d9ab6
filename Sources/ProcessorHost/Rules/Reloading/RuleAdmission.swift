/// Who has a say in whether a set of rules that loads, and passes its tests, may take the place of the one that runs.
public protocol RuleAdmission: Sendable {
  /// What a decision hangs on beside the rules, as a digest: where it changes, a set is judged again.
  var circumstances: String { get }

  /// Lets a set run, or does not. Called on a thread of its own, which may wait.
  /// - Throws: `RuleErrors` with the reason, where it may not.
  func admit(_ directory: RuleDirectory, after running: RuleDirectory) throws

  /// What stays hidden for the time being where this set runs, beside what it hides.
  func kept(beside directory: RuleDirectory) -> HidePolicy

  /// Told that the circumstances have changed, and the rules that run have not.
  func circumstancesChanged(for running: RuleDirectory)
}

extension RuleAdmission {
  /// Nothing.
  public func kept(beside directory: RuleDirectory) -> HidePolicy { HidePolicy() }
}
