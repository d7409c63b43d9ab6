internal import ArgumentParser
internal import RuleReview

/// `processor-host rules shadow`: what would the candidate change?
struct RulesShadowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shadow",
    abstract: "Show what the candidate of a running host would change on the spans that came.",
    discussion: """
      The candidate is in the directory that rules.shadow names. Paths, counts and reasons are shown, values never.

      Exit status: 0 nothing can be newly visible; 1 something is, or may be, or nothing is compared, or no host answers; \
      2 wrong usage; 3 the candidate does not load.
      """)

  @Option(help: "How the report is written: text, json or markdown.")
  var format: ReportFormat = .text

  @OptionGroup var admin: AdminOptions

  func run() async throws {
    let answer = try await admin.client().get("/rules/shadow")
    guard answer.isDone else {
      throw AdminClient.failed("the host answered with status \(answer.status); is it of this version?")
    }
    let report = try answer.decoded(as: ShadowReport.self)
    let sink = OutputSink.standardOutput
    do {
      switch format {
      case .json: try sink.write(try report.json())
      case .markdown: try sink.write(report.page(MarkdownPage.self).utf8)
      case .text: try sink.write(report.page(TextPage.self).utf8)
      }
    } catch is OutputSink.Closed {
      // The verdict does not hang on who reads on.
    }
    if report.state == .failing { throw ExitStatus.rules }
    if report.mayReveal { throw ExitStatus.refused }
  }
}
