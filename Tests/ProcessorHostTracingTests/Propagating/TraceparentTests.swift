internal import ProcessorHost
internal import ProcessorHostTracing
internal import TestSupport
internal import Testing
internal import Tracing

@Suite("traceparent")
struct TraceparentTests {
  private let propagator = TraceContextPropagator()
  private static let trace = "c0ffee00c0ffee00c0ffee00c0ffee01"
  private static let parent = "feedbeef00000002"

  private func parse(_ header: String) -> SpanContext? { propagator.context(["traceparent": header]).spanContext }

  @Test("version 00 gives the ids and the flags of a remote parent")
  func versionZero() throws {
    let context = try #require(parse("00-\(Self.trace)-\(Self.parent)-01"))
    #expect(context.traceID == TraceID(high: 0xc0ff_ee00_c0ff_ee00, low: 0xc0ff_ee00_c0ff_ee01))
    #expect(context.spanID == SpanID(0xfeed_beef_0000_0002))
    #expect(context.traceFlags == .sampled)
    #expect(context.isRemote)
    #expect(context.traceState.isEmpty)
  }

  @Test(
    "of the flags sampled and random are taken over, those without a meaning are not", arguments: UInt8.min...UInt8.max)
  func flags(_ value: UInt8) throws {
    let digits = String(value, radix: 16)
    let header = "00-\(Self.trace)-\(Self.parent)-\(value < 16 ? "0" : "")\(digits)"
    let context = try #require(parse(header))
    #expect(context.isSampled == (value & 1 == 1))
    #expect(context.traceFlags.contains(.random) == (value & 2 == 2))
    #expect(context.traceFlags.rawValue & ~3 == 0)
  }

  @Test("white space around the value is none of it", arguments: [" ", "\t", " \t "])
  func whiteSpace(_ space: String) {
    #expect(parse("\(space)00-\(Self.trace)-\(Self.parent)-01\(space)") != nil)
  }

  @Test(
    "a value that breaks version 00 begins a new trace",
    arguments: [
      "", " ", "00", "00-", "-", "00-\(trace)", "00-\(trace)-\(parent)", "00-\(trace)-\(parent)-",
      "00-\(trace)-\(parent)-1", "00-\(trace)-\(parent)-001", "00-\(trace)-\(parent)-01-", "00-\(trace)-\(parent)-01-x",
      "00-\(trace)-\(parent)-01,00-\(trace)-\(parent)-01", "0-\(trace)-\(parent)-01", "000-\(trace)-\(parent)-01",
      "00-\(trace)0-\(parent)-01", "00-\(trace.dropLast())-\(parent)-01", "00-\(trace)-\(parent)0-01",
      "00-\(trace)-\(parent.dropLast())-01", "00_\(trace)-\(parent)-01", "00-\(trace)_\(parent)-01",
      "00-\(trace)-\(parent)_01", "00-\(trace)\(parent)--01", "00- \(trace.dropLast())-\(parent)-01",
    ])
  func malformed(_ header: String) { #expect(parse(header) == nil) }

  @Test("only lower-case hexadecimal digits count, in every field", arguments: ["F", "g", ".", " ", "é", "\0", "+"])
  func digits(_ character: String) {
    let header = Array("00-\(Self.trace)-\(Self.parent)-01")
    for index in header.indices where header[index] != "-" {
      var changed = header
      changed[index] = Character(character)
      #expect(parse(String(changed)) == nil, "at \(index)")
    }
  }

  @Test("ids that are all zero are not valid")
  func zeros() {
    #expect(parse("00-\(String(repeating: "0", count: 32))-\(Self.parent)-01") == nil)
    #expect(parse("00-\(Self.trace)-\(String(repeating: "0", count: 16))-01") == nil)
    #expect(parse("00-\(String(repeating: "0", count: 31))1-\(Self.parent)-01") != nil)
    #expect(parse("00-1\(String(repeating: "0", count: 31))-\(Self.parent)-01") != nil)
  }

  @Test("version ff is forbidden")
  func forbiddenVersion() {
    #expect(parse("ff-\(Self.trace)-\(Self.parent)-01") == nil)
    #expect(parse("ff-\(Self.trace)-\(Self.parent)-01-more") == nil)
  }

  @Test(
    "a higher version is read by its first fields, whatever follows after a dash", arguments: ["01", "7a", "cc", "fe"])
  func higherVersions(_ version: String) throws {
    let start = "\(version)-\(Self.trace)-\(Self.parent)-03"
    for header in [start, "\(start)-", "\(start)-what-the-future-is-like", "\(start)-\(Self.trace)"] {
      let context = try #require(parse(header))
      #expect(context.traceFlags == [.sampled, .random])
    }
    #expect(parse("\(start)x") == nil)
    #expect(parse("\(start).x") == nil)
    #expect(parse(String(start.dropLast())) == nil)
    #expect(parse("\(version)-\(Self.trace)-\(Self.parent)-0x-more") == nil)
  }

  @Test("what goes out is version 00, with the flags that have a meaning")
  func writing() {
    var context = InstrumentationContext.topLevel
    context.spanContext = SpanContext(
      traceID: TraceID(high: 0, low: 0xa), spanID: SpanID(0xb), traceFlags: TraceFlags(rawValue: 0xff))
    #expect(
      propagator.headers(context) == ["traceparent": "00-0000000000000000000000000000000a-000000000000000b-03"])
  }

  @Test("a higher version goes on as version 00 without what was added to it")
  func downgrade() {
    let context = propagator.context(["traceparent": "42-\(Self.trace)-\(Self.parent)-ff-more"])
    #expect(propagator.headers(context) == ["traceparent": "00-\(Self.trace)-\(Self.parent)-03"])
  }

  @Test("no header goes out for a span context that is not valid, nor without one")
  func invalid() throws {
    var context = InstrumentationContext.topLevel
    #expect(propagator.headers(context).isEmpty)
    let traceState = try TraceState("a=1")
    context.spanContext = SpanContext(traceID: TraceID(high: 0, low: 0), spanID: SpanID(1), traceState: traceState)
    #expect(propagator.headers(context).isEmpty)
    context.spanContext = SpanContext(traceID: TraceID(high: 0, low: 1), spanID: SpanID(0), traceState: traceState)
    #expect(propagator.headers(context).isEmpty)
  }

  @Test("what goes out comes in again")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<1_000 {
      var context = InstrumentationContext.topLevel
      let parent = SpanContext(
        traceID: TraceID(high: generator.next(), low: generator.next() >> 1 | 1), spanID: SpanID(generator.next() | 1),
        traceFlags: TraceFlags(rawValue: UInt8.random(in: 0...3, using: &generator)),
        traceState: try TraceState("k\(generator.next())=v"), isRemote: true)
      context.spanContext = parent
      #expect(propagator.context(propagator.headers(context)).spanContext == parent)
    }
  }

  @Test("any text is read without trouble")
  func anyText() {
    var generator = SeededGenerator(seed: 12)
    let alphabet = Array("0af-F ,é\t")
    for _ in 0..<2_000 {
      let length = Int.random(in: 0...70, using: &generator)
      let header = String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
      if let context = parse(header) { #expect(context.isValid) }
    }
    #expect(parse(String(repeating: "0", count: 100_000)) == nil)
    #expect(parse(String(repeating: " ", count: 100_000)) == nil)
  }
}
