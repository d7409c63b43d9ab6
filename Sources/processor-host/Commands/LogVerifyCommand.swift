internal import ArgumentParser
internal import ProcessorHost
internal import RuleApproval

/// `processor-host log verify`: was this audit log changed?
struct LogVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Find lines of an audit log that were edited, removed, put elsewhere or cut off.",
    discussion: """
      Lines that were cut off at the end are found by --head: a number and MAC that the log had at some time, as \
      /metrics of a host or this command told it.

      Exit status: 0 nothing was found; 1 something was, or the log cannot be read; 2 wrong usage; 3 the key cannot be \
      read.
      """)

  @Argument(help: "The audit log.")
  var file: String

  @Option(help: ArgumentHelp("The log's key.", valueName: "file"))
  var key: String

  @Option(
    help: ArgumentHelp(
      "A line that has to be in the log. May be given several times.", valueName: "seq:mac"))
  var head: [String] = []

  func run() throws {
    let heads = try head.map { text in
      guard let head = AuditHead(text) else {
        throw ValidationError("--head takes SEQ:MAC, a number and 64 hexadecimal digits in lower case")
      }
      return head
    }
    let secret = try ApprovalText.reporting(.rules) { () throws(ApprovalError) in try AuditKey(contentsOf: key) }
    ApprovalText.warn(secret.warning)
    let found = try ApprovalText.reporting(.refused) { () throws(ApprovalError) in
      try AuditVerification.verify(contentsOf: file, key: secret, heads: heads)
    }
    var text = ""
    for note in found.notes { text += "\(note)\n" }
    text += "\(found.recordCount) lines hold\n"
    if found.faultCount == 0, found.head.sequence > 0 { text += "head \(found.head)\n" }
    try ApprovalText.write(text)
    if found.faultCount == 0 { return }
    for fault in found.faults { ApprovalText.fail("\(String.printable(file)): \(fault)") }
    if found.faultCount > found.faults.count {
      ApprovalText.fail("\(found.faultCount - found.faults.count) more lines do not hold")
    }
    throw ExitStatus.refused
  }
}
