internal import Synchronization

/// Shows spans to a person: a tree for each trace, in colour on a terminal.
///
/// It writes from a thread of its own, so a terminal that was stopped, or a pipe that nobody reads, holds up nothing
/// else, and what several exports write never mixes.
public final class ConsoleExporter: SpanExporter {
  /// The name in logs, metrics and accounts.
  public let name: String
  private let lane: Lane
  private let output: DescriptorOutput
  private let text: Mutex<TraceText>

  /// - Parameter descriptor: where to write to; standard output by default. It is not closed.
  /// - Throws: where no thread can be had.
  public init(name: String = "console", descriptor: Int32 = 1) throws {
    self.name = name
    lane = try Lane()
    output = DescriptorOutput(descriptor: descriptor)
    text = Mutex(TraceText(Terminal(isTerminal: output.isTerminal)))
  }

  /// Writes the spans of a batch.
  public func export(_ batch: ExportBatch) async -> ExportOutcome {
    await lane.runCancellable { isCancelled in
      // What waited behind an output that nobody took.
      if isCancelled() { return .retry("nobody took the output in time") }
      let spans = PlainSpan.all(in: Door().admit(batch.request).takeBatch())
      let shown = self.text.withLock { $0.render(spans) }
      do throws(OutputFailure) {
        try self.output.write(shown.utf8, isCancelled: isCancelled)
        return .exported
      } catch {
        if case .cancelled = error { return .uncertain("\(error)") }
        return .refused("\(error)")
      }
    }
  }
}
