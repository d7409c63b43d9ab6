internal import Foundation

// Hosts that look at whole traces, behind a balancer:
//
//   Simulation [SEED [TRACES]]
//
// The hosts are real, with their doors, rules, buffers and ledgers; time, senders and the network are made up. What comes
// out is a table in Markdown, the same for the same seed; docs/scaling.md says what it means. The status is 1 where something
// does not hold that must.

var shape = Workload.Shape()
let numbers = CommandLine.arguments.dropFirst().map { UInt64($0) }
guard numbers.count <= 2, !numbers.contains(nil), numbers.last != 0 || numbers.count < 2 else {
  complain("usage: Simulation [SEED [TRACES]], a whole number from 0 on and one from 1 on")
  exit(2)
}
let seed = numbers.first.flatMap(\.self) ?? 7
if numbers.count == 2, let traces = numbers[1] { shape.traces = Int(clamping: traces) }

let workload = Workload(shape, seed: seed)
let sample = 0..<min(workload.spans.count, 2000)
print(
  """
  Seed \(seed): \(workload.traces.count) traces of \(workload.spans.count) spans in \(Int(shape.length)) s, some \
  \(workload.encoded(sample).count / sample.count) bytes each; the largest of \
  \(workload.traces.map(\.spans).max() ?? 0) spans and the longest of \(Int(workload.traces.map(\.duration).max() ?? 0)) s; \
  \(shape.senders) senders, which gather for up to \(Int(shape.gathering)) s.

  """)

let scenarios = [
  Scenario(name: "by trace id"),
  Scenario(name: "round robin", balancing: .roundRobin),
  Scenario(name: "round robin, each span by itself", balancing: .roundRobin, wholeTraces: false),
  Scenario(name: "by trace id, grace 2 s", grace: 2),
  Scenario(name: "by trace id, too little memory", bytes: 1 << 20),
  Scenario(
    name: "by trace id, a host lost, then one added", lost: shape.length / 3, added: shape.length / 3 * 2),
]
var outcomes: [Outcome] = []
for scenario in scenarios {
  var cluster = try Cluster(scenario, workload)
  outcomes.append(try await cluster.run())
}

let columns = outcomes.map(\.rows)
print("| | " + scenarios.map(\.name).joined(separator: " | ") + " |")
print("|---|" + scenarios.map { _ in "---:|" }.joined())
for (index, row) in columns[0].enumerated() {
  print("| \(row.name) | " + columns.map { $0[index].value }.joined(separator: " | ") + " |")
}

let faults = outcomes.flatMap { outcome in outcome.faults.map { "\(outcome.scenario.name): \($0)" } }
for fault in faults { complain("wrong: \(fault)") }
exit(faults.isEmpty ? 0 : 1)

func complain(_ line: String) { FileHandle.standardError.write(Data("Simulation: \(line)\n".utf8)) }
