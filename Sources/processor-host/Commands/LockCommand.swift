internal import ArgumentParser
internal import ProcessorHost
internal import RuleApproval

/// `processor-host lock`: these rules, and no others.
struct LockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "Write rules.lock: which files the rules are, and what is in them.",
    discussion: """
      It says what changed since the lock that was there. Whoever may write the rules may lock them; against people \
      there are signatures (keygen, sign).

      Exit status: 0 done; 1 the lock cannot be written; 2 wrong usage; 3 the rules cannot be read.
      """)

  @Argument(help: "The rules directory. Default: rules.")
  var directory: String?

  func run() throws {
    let (path, rules) = try ApprovalText.rules(directory)
    let before = ApprovalFiles(in: path).lock
    let lock = try ApprovalText.reporting(.refused) { () throws(ApprovalError) in
      let lock = try RuleLock(rules)
      try lock.write(to: path)
      return lock
    }
    var text = "\(String.printable(path))/\(RuleLock.fileName): \(lock.files.digests.count) files\n"
    text += "digest \(lock.digest)\n"
    switch before {
    case .success(let before?):
      let changes = RuleChanges(from: before.files, to: lock.files)
      text += changes.isEmpty ? "nothing changed since the lock before\n" : "since the lock before:\n"
      text += ApprovalText.lines(changes)
    case .success(nil): text += "there was no lock before\n"
    case .failure(let error): ApprovalText.warn("the lock before could not be read, and is replaced: \(error)")
    }
    try ApprovalText.write(text)
  }
}
