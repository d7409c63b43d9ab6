internal import ArgumentParser
internal import ProcessorHost
internal import RuleApproval

/// `processor-host keygen`: a key with which one person signs rules.
struct KeygenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Make a key for signing rules: NAME.key, which is secret, and NAME.pub.",
    discussion: """
      Each signer makes a key of his own and keeps NAME.key to himself. NAME.pub goes to the hosts, outside of the \
      rules directory. Files that are there are not overwritten.

      Exit status: 0 done; 1 the files cannot be written, or are there; 2 wrong usage.
      """)

  @Argument(help: "The signer's name, after a folder if wanted: alice, keys/alice.")
  var name: String

  private var signer: String {
    name.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
  }

  func validate() throws {
    guard KeyName.isValid(signer) else { throw ValidationError(KeyName.rule) }
  }

  func run() throws {
    let key = try ApprovalText.reporting(.refused) { () throws(ApprovalError) in
      let key = try SigningKey(name: signer)
      try key.write(to: name)
      return key
    }
    let shown = String.printable(name)
    try ApprovalText.write(
      "\(shown).key: the private key, for \(signer) alone\n\(shown).pub: the public key, id \(key.verifyingKey.id)\n")
  }
}
