internal import ArgumentParser
internal import ProcessorHost

/// `processor-host rules promote`: makes the candidate the rules that run.
struct RulesPromoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote",
    abstract: "Make the candidate of a running host the rules that run.",
    discussion: """
      The host writes the candidate's files into its rules directory, and reads them as it does any edit: tests, approval \
      and probation are as ever. Where approval is asked for the candidate has to be approved, whatever it changes. \
      Nothing is written unless all of this holds.

      Exit status: 0 it runs; 1 the host refuses, and says why, or no host answers; 2 wrong usage.
      """)

  @Option(
    help: ArgumentHelp(
      "The digest of the candidate that is meant, as rules shadow shows it: another is not promoted.",
      valueName: "digest"))
  var digest: String?

  @OptionGroup var admin: AdminOptions

  func validate() throws {
    guard let digest else { return }
    guard digest.utf8.count == 64, digest.allSatisfy({ "0123456789abcdef".contains($0) }) else {
      throw ValidationError("--digest takes the 64 hexadecimal digits that rules shadow shows")
    }
  }

  func run() async throws {
    let query = digest.map { "?digest=\($0)" } ?? ""
    let answer = try await admin.client().post("/rules/promote\(query)")
    let document = try answer.decoded(as: PromotionDocument.self)
    guard answer.isDone else { throw AdminClient.failed(document.messages.joined(separator: "; ")) }
    let lines = document.messages.map(String.printable) + ["digest \(document.digest)"]
    try OutputSink.standardOutput.write((lines.joined(separator: "\n") + "\n").utf8)
  }
}
