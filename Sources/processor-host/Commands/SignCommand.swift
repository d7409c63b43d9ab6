internal import ArgumentParser
internal import ProcessorHost
internal import RuleApproval

/// `processor-host sign`: a person says that rules may run.
struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign the rules: add a line to rules.sig, or replace the one of this key.",
    discussion: """
      What is signed is the digest of all rules, tests and lists, and a counter. Hosts refuse sets with a counter below \
      that of a set they have run, so an older set cannot be put back. Without --counter it is that of others who signed \
      the same set, or one more than the largest in rules.sig.

      Exit status: 0 done; 1 the rules are not those of --digest, or the signature cannot be written; 2 wrong usage; \
      3 the rules or the key cannot be read.
      """)

  @Argument(help: "The rules directory. Default: rules.")
  var directory: String?

  @Option(help: ArgumentHelp("The signer's private key.", valueName: "name.key"))
  var key: String

  @Option(help: ArgumentHelp("The counter to sign with.", valueName: "n"))
  var counter: UInt64?

  @Option(help: ArgumentHelp("Sign only if the rules have this digest, such as that of a review.", valueName: "hex"))
  var digest: String?

  func validate() throws {
    if let counter, counter > DecimalNumber.maximum {
      throw ValidationError("--counter has at most \(DecimalNumber.maximumDigits) digits")
    }
  }

  func run() throws {
    let (path, rules) = try ApprovalText.rules(directory)
    let file = try ApprovalText.reporting(.rules) { () throws(ApprovalError) in
      try SigningKey.File(contentsOf: key)
    }
    ApprovalText.warn(file.warning)
    if let digest, digest != rules.digest {
      ApprovalText.fail("the rules in \(String.printable(path)) have the digest \(rules.digest), not that of --digest")
      throw ExitStatus.refused
    }
    let files = ApprovalFiles(in: path)
    let signed = try ApprovalText.reporting(.refused) { () throws(ApprovalError) in
      let found = try RuleFiles(rules)
      if case .success(let lock?) = files.lock {
        let changes = RuleChanges(from: lock.files, to: found)
        if !changes.isEmpty {
          ApprovalText.warn(
            "\(RuleLock.fileName) is of other rules (\(changes.description)); processor-host lock renews it")
        }
      }
      var signatures = try files.signatures.get() ?? RuleSignatures()
      let statement = SignatureStatement(
        digest: rules.digest, counter: counter ?? signatures.nextCounter(for: rules.digest))
      let step = statement.counter - min(statement.counter, signatures.counter(of: file.key.verifyingKey.id))
      if counter == nil, step > RuleSignatures.largestStep {
        throw ApprovalError(
          path: "\(path)/\(RuleSignatures.fileName)",
          "the next counter would be \(statement.counter), far above the one this key signed with before. Counters of "
            + "others are not checked here: if this is right, say so with --counter \(statement.counter)")
      }
      guard statement.counter <= DecimalNumber.maximum else {
        throw ApprovalError(path: path, "the largest counter in \(RuleSignatures.fileName) has no next one")
      }
      signatures.add(try file.key.signature(over: statement))
      try signatures.write(to: path)
      return statement
    }
    try ApprovalText.write(
      """
      digest \(signed.digest)
      \(String.printable(path))/\(RuleSignatures.fileName): signed by \(file.key) with counter \(signed.counter)

      """)
  }
}
