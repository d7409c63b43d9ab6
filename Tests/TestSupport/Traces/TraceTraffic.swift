package import ProcessorHost

/// Spans of many traces as several senders bring them: out of order, some late, some twice, with clocks that are off.
package struct TraceTraffic {
  /// Spans that came together, each at a time of its own before that.
  package struct Batch {
    package var now: UInt64
    package var spans: [PlainSpan]
  }

  package var traces: Int
  package var maximumSpans = 8
  /// How far apart traces begin.
  package var duration: UInt64
  /// Bytes of an attribute that each span has.
  package var ballast: Int

  package init(traces: Int = 200, duration: UInt64 = .seconds(100), ballast: Int = 0) {
    self.traces = traces
    self.duration = duration
    self.ballast = ballast
  }

  package func batches(_ generator: inout SeededGenerator) -> [Batch] {
    var arrivals: [(at: UInt64, span: PlainSpan)] = []
    for trace in 0..<traces {
      let begin = generator.next() % duration
      let count = Int.random(in: 1...maximumSpans, using: &generator)
      let hasRoot = !chance(10, &generator)
      for index in 0..<count {
        let span = span(trace, index, hasRoot, &generator)
        let delay =
          chance(5, &generator) ? .seconds(5) + generator.next() % .seconds(60) : generator.next() % .seconds(3)
        arrivals.append((begin + delay, span))
        if chance(5, &generator) { arrivals.append((begin + delay + generator.next() % .seconds(10), span)) }
      }
    }
    arrivals.sort { $0.at < $1.at }
    var batches: [Batch] = []
    while !arrivals.isEmpty {
      let count = min(Int.random(in: 1...20, using: &generator), arrivals.count)
      let taken = arrivals.prefix(count)
      // No two at the same time: then the order in which they are due would be any.
      let now = max(taken.last?.at ?? 0, (batches.last?.now ?? 0) + 1)
      batches.append(Batch(now: now, spans: taken.map(\.span).shuffled(using: &generator)))
      arrivals.removeFirst(count)
    }
    return batches
  }

  private func span(
    _ trace: Int, _ index: Int, _ hasRoot: Bool, _ generator: inout SeededGenerator
  ) -> PlainSpan {
    let isRoot = index == 0 && hasRoot
    let service = ["shop", "cart", "mail"][Int.random(in: 0..<3, using: &generator)]
    var span = PlainSpan.of(
      trace: UInt64(trace), id: UInt64(index + 1), parent: isRoot ? nil : UInt64(max(index, 1)),
      start: generator.next(), end: generator.next(), service: service)
    if chance(20, &generator) { span.startTimeUnixNano = 0 }
    if chance(30, &generator) { span.statusCode = 2 }
    if ballast > 0 {
      span.attributes = [AttributeValue.Entry("ballast", .string(String(repeating: "x", count: ballast)))]
    }
    return span
  }

  private func chance(_ percent: UInt64, _ generator: inout SeededGenerator) -> Bool {
    generator.next() % 100 < percent
  }
}
