internal import ProcessorHost
internal import Synchronization

/// What became of each trace, over all hosts.
final class Tally: Sendable {
  struct Fate {
    /// How many times a host has decided it.
    var decisions = 0
    /// The spans that the first of these saw.
    var seen = 0
    /// A bit for each host that got spans of it.
    var hosts: UInt64 = 0
    /// Its spans that left.
    var kept = 0
    /// As how many traces its root counts, by the threshold it left with; 0 where it did not leave.
    var weight = 0.0
    /// Its spans that were held by a host that was lost.
    var lost = 0
  }

  private let state: Mutex<[Fate]>

  init(traces: Int) { state = Mutex(Array(repeating: Fate(), count: traces)) }

  var fates: [Fate] { state.withLock(\.self) }

  /// The simulation's number of a trace is part of its id.
  static func number(of id: TraceID) -> Int { Int(id.high & 0xffff_ffff) }

  func arrived(_ trace: Int, at host: Int) { state.withLock { $0[trace].hosts |= 1 << UInt64(host) } }

  func decided(_ trace: Int, spans: Int) {
    state.withLock { fates in
      if fates[trace].decisions == 0 { fates[trace].seen = spans }
      fates[trace].decisions += 1
    }
  }

  func lost(_ trace: Int, spans: Int) { state.withLock { $0[trace].lost += spans } }

  /// Counts what left a host.
  func left(_ batch: consuming SpanBatch) {
    let parts = batch.takeParts()
    let reader = SpanWorkspace()
    parts.bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return }
      state.withLock { fates in
        for content in parts.spans {
          reader.begin(base, content)
          let span = ReadWriteSpan(reader)
          let trace = Self.number(of: span.traceID)
          fates[trace].kept += 1
          if span.parentSpanID == nil { fates[trace].weight = Self.weight(of: span.traceState) }
        }
      }
    }
  }

  /// For how many spans one stands that left with this trace state: 1 over the probability that its threshold says.
  private static func weight(of state: String) -> Double {
    guard let start = state.range(of: "th:")?.upperBound else { return 1 }
    let digits = state[start...].prefix { $0.isHexDigit }
    guard let value = UInt64(digits, radix: 16) else { return 1 }
    let threshold = value << UInt64(4 * (14 - digits.count))
    return 1 / (1 - Double(threshold) / Double(1 << 56))
  }
}
