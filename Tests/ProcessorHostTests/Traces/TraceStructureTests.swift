internal import ProcessorHost
internal import TestSupport
internal import Testing

@Suite("Self times and the critical path")
struct TraceStructureTests {
  private func structure(_ spans: [PlainSpan]) -> (trace: TraceWorkspace, structure: TraceStructure) {
    let trace = TraceWorkspace()
    trace.begin(TraceID(high: 1, low: 1), .complete)
    trace.add(
      TraceWorkspace.Container(resourcePrefix: 0..<0, resourceSuffix: 0..<0, scopePrefix: 0..<0, scopeSuffix: 0..<0))
    for span in spans {
      let start = trace.bytes.count
      span.encode(into: trace.bytes)
      trace.addSpan(start..<trace.bytes.count, in: 0)
    }
    return (trace, TraceStructure(trace))
  }

  /// Seconds.
  private func selfTimes(_ spans: [PlainSpan]) -> [UInt64] {
    let made = structure(spans).structure
    return spans.indices.map { made.selfTime(of: $0) / 1_000_000_000 }
  }

  private func path(_ spans: [PlainSpan]) -> [UInt64] {
    structure(spans).structure.criticalPath().map { spans[$0].spanID.value }
  }

  @Test("Children that overlap are taken off once, and only what lies within their parent")
  func overlap() {
    let spans = [
      TraceHarness.span(1, parent: 0, 10, 30), TraceHarness.span(2, parent: 1, 5, 15),
      TraceHarness.span(3, parent: 1, 12, 18), TraceHarness.span(4, parent: 1, 28, 40),
      TraceHarness.span(5, parent: 1, 50, 60),
    ]
    #expect(selfTimes(spans) == [10, 10, 6, 12, 10])
  }

  @Test("The path goes through what came before the child that ended last")
  func sequence() {
    let spans = [
      TraceHarness.span(1, parent: 0, 0, 100), TraceHarness.span(2, parent: 1, 60, 99),
      TraceHarness.span(3, parent: 1, 1, 50), TraceHarness.span(4, parent: 1, 2, 10),
      TraceHarness.span(5, parent: 3, 5, 45), TraceHarness.span(6, parent: 1, 55, 98),
    ]
    // 6 ended before 2 did and ran beside it; 4 ran beside 3.
    #expect(path(spans) == [1, 3, 5, 2])
  }

  @Test("What goes on through a queue when its caller is done is on the path")
  func queue() {
    let spans = [
      TraceHarness.span(1, parent: 0, 0, 1), TraceHarness.span(2, parent: 1, 0, 1),
      TraceHarness.span(3, parent: 2, 60, 61),
    ]
    #expect(path(spans) == [1, 2, 3])
  }

  @Test("Spans in a circle, spans that are their own parent and those without one here are on no path")
  func circles() {
    let spans = [
      TraceHarness.span(2, parent: 3, 0, 5), TraceHarness.span(3, parent: 2, 0, 5),
      TraceHarness.span(4, parent: 4, 0, 5),
      TraceHarness.span(5, parent: 77, 0, 5), TraceHarness.span(1, parent: 0, 0, 5),
      TraceHarness.span(6, parent: 1, 1, 2),
    ]
    #expect(path(spans) == [1, 6])
    #expect(path(Array(spans.dropLast(2))) == [])
    #expect(selfTimes(spans) == [0, 0, 5, 5, 4, 1])
  }

  @Test("A span with the root's id that stands below the root closes no circle")
  func rootTwice() {
    let spans = [
      TraceHarness.span(1, parent: 0, 0, 9), TraceHarness.span(2, parent: 1, 0, 9),
      TraceHarness.span(1, parent: 2, 0, 9),
    ]
    #expect(path(spans) == [1, 2, 1])
    #expect(selfTimes(spans) == [0, 0, 0])
  }

  @Test("Whatever spans say of parents and times, the answers hold together")
  func random() {
    var random = SeededGenerator(seed: 71)
    for _ in 0..<400 {
      let count = Int.random(in: 1...24, using: &random)
      let spans = (0..<count).map { _ -> PlainSpan in
        TraceHarness.span(
          UInt64.random(in: 1...20, using: &random), parent: UInt64.random(in: 0...21, using: &random),
          UInt64.random(in: 0...30, using: &random), UInt64.random(in: 0...30, using: &random))
      }
      let (trace, structure) = structure(spans)
      for index in spans.indices { #expect(structure.selfTime(of: index) == ticks(of: index, spans)) }
      let path = structure.criticalPath()
      #expect(Set(path).count == path.count)
      #expect(path.first == trace.root)
      for (place, index) in path.enumerated().dropFirst() {
        #expect(path.prefix(place).contains { spans[$0].spanID == spans[index].parentSpanID })
      }
    }
  }

  /// The same by counting seconds.
  private func ticks(of index: Int, _ spans: [PlainSpan]) -> UInt64 {
    let second: UInt64 = 1_000_000_000
    let range = { (span: PlainSpan) in
      span.startTimeUnixNano / second..<max(span.startTimeUnixNano, span.endTimeUnixNano) / second
    }
    let own = spans[index]
    let children = spans.filter { $0.parentSpanID == own.spanID && $0.spanID != own.spanID }
    let free = range(own).filter { tick in !children.contains { range($0).contains(tick) } }
    return UInt64(free.count) * second
  }

  @Test("Times at the ends of what a clock can say do not wrap")
  func extremes() {
    let times: [UInt64] = [0, 1, UInt64.max - 1, UInt64.max]
    var spans: [PlainSpan] = []
    for start in times {
      for end in times {
        let id = UInt64(spans.count + 1)
        spans.append(
          TraceHarness.span(id, parent: id == 1 ? 0 : 1, 0, 0) {
            $0.startTimeUnixNano = start
            $0.endTimeUnixNano = end
          })
      }
    }
    let (trace, structure) = structure(spans)
    for index in spans.indices {
      #expect(structure.selfTime(of: index) <= trace.spans[index].durationNanoseconds)
    }
    #expect(structure.criticalPath().first == 0)
  }

  @Test(
    "A chain and a star of a hundred thousand spans take no time to speak of, and no stack", arguments: [true, false])
  func large(isChain: Bool) {
    let count: UInt64 = 100_000
    let spans = (0..<count).map { (index: UInt64) -> PlainSpan in
      let parent: UInt64 = index == 0 ? 0 : isChain ? index : 1
      return TraceHarness.span(index + 1, parent: parent, 0, 100)
    }
    let made = structure(spans).structure
    #expect(made.criticalPath().count == (isChain ? Int(count) : 2))
    #expect(made.selfTime(of: 0) == 0)
  }
}
