internal import ArgumentParser
internal import ProcessorHost
internal import RuleApproval

/// `processor-host counter`: the least counter that a host accepts.
struct CounterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "counter",
    abstract: "Print the counter's floor of a host, or make its file on first use.",
    discussion: """
      The file stands outside of the rules directory, and only the host may write it. When it is missing, a host does \
      not take that for a floor of 0: with an older floor, older signed sets would run again.

      Exit status: 0 done; 1 the file cannot be read or made, or is there already; 2 wrong usage.
      """)

  @Argument(help: "The file of the floor.")
  var file: String

  @Flag(help: "Make the file, which must not be there yet.")
  var firstUse = false

  @Option(help: ArgumentHelp("The floor to begin with. Default: 0.", valueName: "n"))
  var floor: UInt64?

  func validate() throws {
    if floor != nil, !firstUse {
      throw ValidationError("--floor goes with --first-use; a floor is not set by hand later")
    }
    if let floor, floor > DecimalNumber.maximum {
      throw ValidationError("--floor has at most \(DecimalNumber.maximumDigits) digits")
    }
  }

  func run() throws {
    let value = try ApprovalText.reporting(.refused) { () throws(ApprovalError) in
      if firstUse { try CounterFloor.create(at: file, floor: floor ?? 0) }
      return try CounterFloor(path: file).value
    }
    try ApprovalText.write("\(value)\n")
  }
}
