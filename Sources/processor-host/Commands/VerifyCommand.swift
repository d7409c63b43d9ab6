internal import ArgumentParser
internal import ProcessorHost
internal import RuleApproval

/// `processor-host verify`: would these rules be approved?
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Say whether the rules are as they were locked or, with --trust, as they were signed.",
    discussion: """
      Without --trust the files are compared with rules.lock. With it, enough of the trusted keys have to have signed \
      the rules in rules.sig, with the same counter.

      Exit status: 0 the rules are approved; 1 they are not; 2 wrong usage; 3 the rules or a key cannot be read.
      """)

  @Argument(help: "The rules directory. Default: rules.")
  var directory: String?

  @Option(
    help: ArgumentHelp(
      "A public key whose signature counts. May be given several times.", valueName: "name.pub"))
  var trust: [String] = []

  @Option(help: ArgumentHelp("How many of the trusted keys have to have signed.", valueName: "n"))
  var threshold = 1

  @Option(help: ArgumentHelp("The least counter that is accepted. Default: 0.", valueName: "n"))
  var floor: UInt64?

  func validate() throws {
    if trust.isEmpty, threshold != 1 || floor != nil {
      throw ValidationError("--threshold and --floor are about signatures; name the keys that count with --trust")
    }
  }

  func run() throws {
    let (path, rules) = try ApprovalText.rules(directory)
    let policy = try ApprovalText.reporting(.rules) { () throws(ApprovalError) in
      try ApprovalPolicy(
        mode: trust.isEmpty ? .lock : .signature, keyFiles: trust, threshold: threshold, minimumCounter: floor ?? 0,
        rulesDirectory: path)
    }
    let files = ApprovalFiles(in: path)
    var text = "digest \(rules.digest)\n" + lock(files, rules)
    if policy.mode == .signature, case .success(let signatures?) = files.signatures {
      text += "\(RuleSignatures.fileName):\n"
      for entry in SignatureTally(signatures, of: rules.digest, policy).entries { text += "  \(entry.description)\n" }
    }
    switch ApprovalCheck(policy).verdict(of: rules, files, at: path) {
    case .approved(let approval):
      try ApprovalText.write(text + "approved: \(approval)\n")
    case .refused(let refusal):
      try ApprovalText.write(text)
      ApprovalText.fail("not approved: \(refusal)")
      throw ExitStatus.refused
    }
  }

  /// What the lock says about the files, by their names.
  private func lock(_ files: ApprovalFiles, _ rules: RuleDirectory) -> String {
    let name = RuleLock.fileName
    guard let found = try? RuleFiles(rules) else { return "" }
    switch files.lock {
    case .failure(let error): return "\(name): \(error)\n"
    case .success(nil): return "\(name): there is none\n"
    case .success(let lock?):
      let changes = RuleChanges(from: lock.files, to: found)
      if changes.isEmpty { return "\(name): all \(found.digests.count) files are as locked\n" }
      return "\(name): not as locked\n" + ApprovalText.lines(changes)
    }
  }
}
