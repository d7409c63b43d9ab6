internal import BuiltinProcessors
internal import ProcessorHost
internal import Synchronization

/// A real host, with a clock of the simulation's.
final class SimulatedHost: Sendable {
  private struct Held {
    /// Of the traces that are held, how many of their spans have come.
    var spans: [Int: Int] = [:]
    var decided: Set<Int> = []
    var received = 0
    var mostBytes = 0
    var sumOfBytes = 0
    var measures = 0
  }

  /// Where what is kept goes on.
  private struct Output: TraceOutput {
    let tally: Tally
    var hasRoom: Bool { true }
    func add(_ batch: consuming SpanBatch, ruleSet: RuleSetNumber) { tally.left(batch) }
    func flush() {}
  }

  let number: Int
  private let host: SpanProcessorHost
  private let held: SharedState
  private let tally: Tally
  private let door = Door()

  init(_ number: Int, _ scenario: Scenario, _ tally: Tally, _ clock: SimulatedClock) throws {
    self.number = number
    self.tally = tally
    let held = SharedState()
    self.held = held
    var configuration = scenario.configuration
    if scenario.wholeTraces {
      configuration.traceProcessors = [
        ClosureTraceProcessor("tally") { trace in
          let number = Tally.number(of: trace.traceID)
          tally.decided(number, spans: trace.spanCount)
          held.state.withLock { held in
            held.spans[number] = nil
            held.decided.insert(number)
          }
        }
      ]
    }
    host = try SpanProcessorHost(configuration, natives: .builtin, clock: clock)
    host.deliverTraces(to: Output(tally: tally))
  }

  /// Spans that have come.
  var received: Int { held.state.withLock { $0.received } }
  /// The bytes that what was held took up, of all times when somebody looked: the most, and the mean.
  var bytes: (most: Int, mean: Int) {
    held.state.withLock { ($0.mostBytes, $0.sumOfBytes / max($0.measures, 1)) }
  }

  func take(_ spans: [Int], of workload: Workload) async {
    held.state.withLock { held in
      held.received += spans.count
      for span in spans {
        let trace = workload.spans[span].trace
        tally.arrived(trace, at: number)
        // What comes late is not held.
        if !held.decided.contains(trace) { held.spans[trace, default: 0] += 1 }
      }
    }
    tally.left(await host.process(door.admit(workload.encoded(spans)).takeBatch()))
  }

  func advance() async { await host.advanceTraces() }

  func measure() async {
    let bytes = await host.traceFigures().heldBytes
    held.state.withLock { held in
      held.mostBytes = max(held.mostBytes, bytes)
      held.sumOfBytes += bytes
      held.measures += 1
    }
  }

  /// It is gone, and what it held with it.
  func lose() { for (trace, spans) in held.state.withLock({ $0.spans }) { tally.lost(trace, spans: spans) } }

  /// What it has to tell at the end, when it holds nothing any more.
  func finish() async -> TraceFigures {
    let ledger = await host.ledger()
    precondition(ledger.isBalanced && ledger.held == 0, "host \(number) has lost spans: \(ledger)")
    return await host.traceFigures()
  }

  func figures() async -> TraceFigures { await host.traceFigures() }

  private final class SharedState: Sendable {
    let state = Mutex(Held())
  }
}
