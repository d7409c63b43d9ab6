public import ProcessorHost
internal import Synchronization

/// Makes ids that look random, without a lock and without asking the system for each.
///
/// All threads count on one counter, and each id is that count, scrambled by secrets that the system's generator gave the
/// process. The scrambling is one to one: no span id comes twice from a process, nor does either half of a trace id, and
/// only equal secrets give two processes the same sequence. The last 56 bits of trace ids are as good as random, so that
/// samplers can decide by them; nobody should take ids for secrets.
///
/// A process that was made by `fork` and goes on without `exec` has its parent's generator, and needs one of its own.
public final class RandomIDGenerator: IDGenerator {
  private let counter: Atomic<UInt64>
  private let traceHigh: IDScrambler
  private let traceLow: IDScrambler
  private let span: IDScrambler

  /// A generator with secrets from the system's generator.
  public convenience init() {
    var generator = SystemRandomNumberGenerator()
    self.init(using: &generator)
  }

  /// A generator with secrets from another generator; for tests, which want the same ids in each run.
  public init(using generator: inout some RandomNumberGenerator) {
    counter = Atomic(generator.next())
    traceHigh = IDScrambler(using: &generator)
    traceLow = IDScrambler(using: &generator)
    span = IDScrambler(using: &generator)
  }

  /// The id of a new trace.
  public func makeTraceID() -> TraceID {
    while true {
      let count = counter.wrappingAdd(1, ordering: .relaxed).newValue
      let id = TraceID(high: traceHigh.scramble(count), low: traceLow.scramble(count))
      if id.high | id.low != 0 { return id }
    }
  }

  /// The id of a new span.
  public func makeSpanID() -> SpanID {
    while true {
      let id = span.scramble(counter.wrappingAdd(1, ordering: .relaxed).newValue)
      if id != 0 { return SpanID(id) }
    }
  }
}

/// A keyed permutation of the 64-bit numbers: two rounds of multiplying and shifting, with a secret before, between and
/// after them.
struct IDScrambler: Sendable {
  private let keys: (UInt64, UInt64, UInt64)

  init(using generator: inout some RandomNumberGenerator) {
    keys = (generator.next(), generator.next(), generator.next())
  }

  @inline(__always)
  func scramble(_ count: UInt64) -> UInt64 {
    // The golden ratio's odd fraction spreads neighbouring counts over all bits before the first round.
    Self.mix(Self.mix((count &* 0x9e37_79b9_7f4a_7c15) ^ keys.0) ^ keys.1) ^ keys.2
  }

  /// Each step can be undone, so no two numbers become one. The constants are those of the 64-bit finalizer of
  /// MurmurHash3, in which every bit of what goes in changes every bit of what comes out with a probability near one half.
  @inline(__always)
  private static func mix(_ number: UInt64) -> UInt64 {
    var value = number
    value = (value ^ (value >> 33)) &* 0xff51_afd7_ed55_8ccd
    value = (value ^ (value >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return value ^ (value >> 33)
  }
}
