internal import Foundation
internal import ProcessorHost

/// What came of a scenario, counted.
struct Outcome {
  let scenario: Scenario
  let workload: Workload
  let fates: [Tally.Fate]
  let figures: TraceFigures
  let received: [Int]
  let bytes: [(most: Int, mean: Int)]

  private var traces: Int { workload.traces.count }

  /// The rows of the table, each with its name.
  var rows: [(name: String, value: String)] {
    let isWhole = scenario.wholeTraces
    let none = "—"
    return [
      ("**decided in one piece**", isWhole ? share(count { $0.seen == $1.spans }) : none),
      ("in one piece but for late spans, which followed", isWhole ? share(count(isLate)) : none),
      ("torn between hosts by the balancing", isWhole ? share(count(isTornByBalancing)) : none),
      ("torn by the lost host, or gone with it", isWhole ? share(count { fate, _ in fate.lost > 0 }) : none),
      ("torn by a change of the ring", isWhole ? share(count(isTornByChange)) : none),
      ("**left with some spans and not with others**", share(partlyKept)),
      ("**of those with an error or slow, kept whole**", share(interesting, of: interestingCount)),
      ("of the others, kept whole (10 % are asked for)", share(others, of: traces - interestingCount)),
      ("traces counted through `ot=th`, of those there were", share(estimated, of: traces)),
      ("decided since complete", isWhole ? decided(.complete) : none),
      ("… since they had waited", isWhole ? decided(.waited) : none),
      ("… early, for want of memory", isWhole ? decided(.earlyMemory) : none),
      (
        "spans that came late", isWhole ? share(figures.lateKept + figures.lateDropped, of: workload.spans.count) : none
      ),
      ("spans gone with the lost host", "\(fates.reduce(0) { $0 + $1.lost })"),
      ("memory held by a host, mean", isWhole ? mebibytes(bytes.reduce(0) { $0 + $1.mean } / bytes.count) : none),
      ("… the most of any host", isWhole ? mebibytes(mostBytes) : none),
      ("… that it may hold", isWhole ? mebibytes(scenario.bytes) : none),
      ("spans of the busiest host, to the mean", number(skew, digits: 2)),
    ]
  }

  /// What must hold and does not.
  var faults: [String] {
    var faults: [String] = []
    let isSteady = scenario.lost == nil && scenario.added == nil
    if isSteady, scenario.balancing == .consistentHashing || !scenario.wholeTraces, partlyKept > 0 {
      faults.append("\(partlyKept) traces left in part, and nothing happened that tears them")
    }
    if mostBytes > scenario.bytes { faults.append("\(mostBytes) bytes were held, of \(scenario.bytes)") }
    // What chance leaves of n traces at this ratio lies within five deviations, but for one case in a million.
    let n = Double(traces - interestingCount)
    let deviation = (n * Scenario.ratio * (1 - Scenario.ratio)).squareRoot()
    if isSteady, abs(Double(others) - n * Scenario.ratio) > 5 * deviation {
      faults.append("\(others) of \(Int(n)) traces were kept, at a ratio of \(Scenario.ratio)")
    }
    // Each of those that are kept by chance stands for ten.
    if isSteady, abs(Double(estimated - traces)) > 5 * deviation / Scenario.ratio {
      faults.append("ot=th counts \(estimated) traces, there were \(traces)")
    }
    return faults
  }

  private func isLate(_ fate: Tally.Fate, _ trace: Workload.Trace) -> Bool {
    fate.lost == 0 && fate.hosts.nonzeroBitCount == 1 && fate.decisions == 1 && fate.seen < trace.spans
  }

  private func isTornByBalancing(_ fate: Tally.Fate, _: Workload.Trace) -> Bool {
    scenario.balancing == .roundRobin && fate.lost == 0 && fate.hosts.nonzeroBitCount > 1
  }

  private func isTornByChange(_ fate: Tally.Fate, _: Workload.Trace) -> Bool {
    scenario.balancing == .consistentHashing && fate.lost == 0 && fate.hosts.nonzeroBitCount > 1
  }

  private func isInteresting(_ trace: Workload.Trace) -> Bool { trace.hasError || trace.duration > Scenario.slow }

  private var partlyKept: Int { count { $0.kept > 0 && $0.kept < $1.spans } }
  private var mostBytes: Int { bytes.map(\.most).max() ?? 0 }
  private var interestingCount: Int { workload.traces.count(where: isInteresting) }
  private var interesting: Int { count { isInteresting($1) && $0.kept == $1.spans } }
  private var others: Int { count { !isInteresting($1) && $0.kept == $1.spans } }
  private var estimated: Int { Int(fates.reduce(0) { $0 + $1.weight }) }

  private var skew: Double {
    Double(received.max() ?? 0) * Double(received.count) / Double(max(received.reduce(0, +), 1))
  }

  private func count(_ isMeant: (Tally.Fate, Workload.Trace) -> Bool) -> Int {
    zip(fates, workload.traces).count { isMeant($0, $1) }
  }

  private func decided(_ cause: TraceCause) -> String { "\(figures.decided[cause] ?? 0)" }

  private func share(_ count: Int) -> String { share(count, of: traces) }

  private func share(_ count: Int, of all: Int) -> String {
    number(100 * Double(count) / Double(max(all, 1)), digits: 2) + " %"
  }

  private func mebibytes(_ bytes: Int) -> String { number(Double(bytes) / Double(1 << 20), digits: 1) + " MiB" }

  private func number(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
