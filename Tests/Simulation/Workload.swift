internal import Foundation
internal import ProcessorHost
internal import TestSupport

/// What apps send: traces whose sizes and durations are skewed, from senders that gather spans before they send them.
/// Times are seconds from the start of the simulation.
struct Workload {
  struct Trace {
    var id: TraceID
    var spans = 0
    /// From the earliest start of a span to the latest end.
    var duration: Double
    var hasError = false
  }

  struct Span {
    var trace: Int
    /// Its number within the trace; the root has 0.
    var number: Int
    var start: Double
    var end: Double
    var isError: Bool
    /// Bytes of its attributes.
    var size: Int
  }

  /// One request of a sender, as a balancer gets it.
  struct Request {
    var time: Double
    var spans: [Int]
  }

  struct Shape {
    var traces = 30_000
    /// Seconds in which they begin.
    var length = 300.0
    var senders = 40
    /// How long a sender gathers spans: the delay of the SDKs' batch processors.
    var gathering = 5.0
    /// Spans in a request at most, as those batch processors have it.
    var batch = 512
    /// Requests that need another attempt, and how long that takes them on average.
    var delayed = 0.005
    var delay = 15.0
  }

  private(set) var traces: [Trace] = []
  private(set) var spans: [Span] = []
  private(set) var requests: [Request] = []
  let shape: Shape
  private var random: SeededGenerator

  init(_ shape: Shape, seed: UInt64) {
    self.shape = shape
    random = SeededGenerator(seed: seed)
    var senders: [Int] = []
    for number in 0..<shape.traces { addTrace(number, &senders) }
    makeRequests(senders)
  }

  private mutating func addTrace(_ number: Int, _ senders: inout [Int]) {
    // Pareto: most traces have a handful of spans, one in a hundred more than a hundred.
    let count = min(Int(3 * pow(uniform(), -1 / 1.25)), 3000)
    // Lognormal with a median of 0.4 s. One in a hundred takes much longer: half of these by work, which the root waits
    // for, and half by waiting in a queue, for which it does not.
    var duration = 0.4 * exp(1.5 * normal())
    var root = duration
    let kind = uniform()
    if kind < 0.005 {
      duration = min(8 * pow(uniform(), -1 / 1.2), 120)
      root = duration
    } else if kind < 0.01 {
      duration += exponential(3)
    }
    let start = uniform() * shape.length
    // The low half of an id is what sampling looks at; the number in the other is how the simulation finds the trace again.
    let id = TraceID(high: random.next() << 32 | UInt64(number), low: random.next())
    var trace = Trace(id: id, duration: duration)
    let services = (0..<min(1 + count / 5, 8)).map { _ in Int.random(in: 0..<shape.senders, using: &random) }
    for index in 0..<count {
      // The first span after the root lasts to the end of the trace, and so the trace does, too.
      let first = index == 0 ? 0 : uniform() * duration
      let last = index == 0 ? root : index == 1 ? duration : first + uniform() * (duration - first)
      let isError = uniform() < 0.0005
      let size = Int(100 + exponential(900))
      spans.append(
        Span(
          trace: number, number: index, start: start + first, end: start + last, isError: isError,
          size: min(size, 20_000)))
      senders.append(services[Int.random(in: 0..<services.count, using: &random)])
      trace.hasError = trace.hasError || isError
    }
    trace.spans = count
    traces.append(trace)
  }

  private mutating func makeRequests(_ senders: [Int]) {
    let phases = (0..<shape.senders).map { _ in uniform() * shape.gathering }
    var gathered: [Int: [Int]] = [:]
    for (index, span) in spans.enumerated() {
      let round = Int(((span.end - phases[senders[index]]) / shape.gathering).rounded(.up))
      gathered[round * shape.senders + senders[index], default: []].append(index)
    }
    for (key, spans) in gathered.sorted(by: { $0.key < $1.key }) {
      let time = Double(key / shape.senders) * shape.gathering + phases[key % shape.senders]
      for first in stride(from: 0, to: spans.count, by: shape.batch) {
        let part = Array(spans[first..<min(first + shape.batch, spans.count)])
        let late = uniform() < shape.delayed ? exponential(shape.delay) : 0
        requests.append(Request(time: time + 0.02 + uniform() * 0.03 + late, spans: part))
      }
    }
    requests.sort { $0.time < $1.time }
  }

  // MARK: Chance

  /// Above 0, at most 1.
  private mutating func uniform() -> Double { Double((random.next() >> 11) + 1) / Double(1 << 53) }

  private mutating func exponential(_ mean: Double) -> Double { -mean * log(uniform()) }

  private mutating func normal() -> Double { sqrt(-2 * log(uniform())) * cos(2 * .pi * uniform()) }
}
