internal import ProcessorHost
internal import ProcessorHostTracing
internal import TestSupport
internal import Testing

@Suite("Random ids")
struct RandomIDGeneratorTests {
  private func generator(seed: UInt64) -> RandomIDGenerator {
    var seeded = SeededGenerator(seed: seed)
    return RandomIDGenerator(using: &seeded)
  }

  @Test("ids have a bit that is not zero, and no id comes twice")
  func distinct() {
    let generator = generator(seed: 1)
    var spans: Set<SpanID> = []
    var traces: Set<TraceID> = []
    for _ in 0..<50_000 {
      let trace = generator.makeTraceID()
      let span = generator.makeSpanID()
      #expect(SpanContext(traceID: trace, spanID: span).isValid)
      traces.insert(trace)
      spans.insert(span)
    }
    #expect(traces.count == 50_000)
    #expect(spans.count == 50_000)
  }

  @Test("the same secrets give the same ids, others give others")
  func seeds() {
    let first = generator(seed: 2)
    let same = generator(seed: 2)
    let other = generator(seed: 3)
    let expected = (0..<100).map { _ in first.makeTraceID() }
    #expect((0..<100).map { _ in same.makeTraceID() } == expected)
    #expect(Set((0..<100).map { _ in other.makeTraceID() }).isDisjoint(with: expected))
  }

  @Test("two generators with the system's secrets share no id")
  func system() {
    let (first, second) = (RandomIDGenerator(), RandomIDGenerator())
    let spans = Set((0..<1_000).map { _ in first.makeSpanID() })
    #expect(spans.isDisjoint(with: (0..<1_000).map { _ in second.makeSpanID() }))
    #expect(first.makesRandomTraceIDs)
  }

  @Test("several threads at a time get distinct ids")
  func threads() async {
    let generator = generator(seed: 4)
    let ids = await withTaskGroup(of: [TraceID].self) { group in
      for _ in 0..<8 { group.addTask { (0..<5_000).map { _ in generator.makeTraceID() } } }
      return await group.reduce(into: Set<TraceID>()) { $0.formUnion($1) }
    }
    #expect(ids.count == 40_000)
  }

  @Test("each byte of trace and span ids takes every value as often as chance has it", arguments: UInt64(1)...5)
  func bytes(_ seed: UInt64) {
    let generator = generator(seed: seed)
    let count = 65_536
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: 24)
    for _ in 0..<count {
      let trace = generator.makeTraceID()
      for (place, half) in [trace.high, trace.low, generator.makeSpanID().value].enumerated() {
        for byte in 0..<8 { counts[place * 8 + byte][Int(half >> UInt64(byte * 8) & 0xff)] += 1 }
      }
    }
    for place in counts { #expect(isUniform(place, expected: Double(count) / 256)) }
  }

  @Test(
    "the randomness of trace ids falls into every part of its range, and does not depend on the one before",
    arguments: UInt64(1)...5)
  func randomness(_ seed: UInt64) {
    let generator = generator(seed: seed)
    let count = 65_536
    var parts = [Int](repeating: 0, count: 256)
    var pairs = [Int](repeating: 0, count: 256)
    var before: UInt64 = 0
    for _ in 0..<count {
      let randomness = generator.makeTraceID().low & (1 << 56 - 1)
      parts[Int(randomness >> 48)] += 1
      pairs[Int((before >> 52) << 4 | randomness >> 52)] += 1
      before = randomness
    }
    #expect(isUniform(parts, expected: Double(count) / 256))
    #expect(isUniform(pairs, expected: Double(count) / 256))
  }

  @Test("one id and the next differ in half of their bits")
  func avalanche() {
    let generator = generator(seed: 6)
    var before = generator.makeSpanID().value
    var bits = 0
    for _ in 0..<10_000 {
      let next = generator.makeSpanID().value
      bits += (before ^ next).nonzeroBitCount
      before = next
    }
    // The mean of 640,000 fair bits; five times its deviation.
    #expect(abs(bits - 320_000) < 5 * 400)
  }

  /// Pearson's chi-squared test with 255 degrees of freedom, at five deviations.
  private func isUniform(_ counts: [Int], expected: Double) -> Bool {
    let statistic = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    return abs(statistic - 255) < 5 * (2.0 * 255).squareRoot()
  }
}
