/// What the chain has said so far about a trace's fate: what can be said of a span, by the same precedence, and what only
/// the whole of a trace has.
package struct TraceVerdict: Sendable, Equatable {
  /// A share of the traces that arrive, however much earlier stages have thinned them out.
  package struct Share: Sendable, Equatable {
    /// 0 to 1.
    package var ratio: Double
    package var reason: SpanReason
  }

  /// What is said of traces as of spans.
  package private(set) var common = SpanVerdict()
  /// The lowest share of arriving traces that was asked for.
  package private(set) var arriving: Share?
  /// The reason of the first rate limit that had room.
  package private(set) var limitReason: SpanReason?

  package init() {}

  package var dropReason: SpanReason? { common.dropReason }
  package var keepReason: SpanReason? { common.keepReason }

  /// Whether nobody has said anything.
  package var isUntouched: Bool { common.isUntouched && arriving == nil }

  /// Whether the trace's fate no longer hangs on samplers: they need not be asked.
  package var isSettled: Bool { keepReason != nil || dropReason != nil }

  package mutating func drop(_ reason: SpanReason) { common.drop(reason) }

  /// Keeps the trace from later samplers; without effect once a sampler has spoken.
  package mutating func keep(_ reason: SpanReason) {
    if arriving == nil { common.keep(reason) }
  }

  package mutating func sample(_ ratio: Double, _ reason: SpanReason) { common.sample(ratio, reason) }

  /// - Parameter ratio: brought inside 0 to 1; one that is no number counts as 1.
  package mutating func sampleArriving(_ ratio: Double, _ reason: SpanReason) {
    let asked = ratio.isNaN ? 1 : min(max(ratio, 0), 1)
    guard keepReason == nil, asked < arriving?.ratio ?? .infinity else { return }
    arriving = Share(ratio: asked, reason: reason)
  }

  /// Takes in a rate limit's answer: one that has no room left samples the trace out.
  package mutating func rateLimit(hasRoom: Bool, _ reason: SpanReason) {
    common.rateLimit(hasRoom: hasRoom, reason)
    if hasRoom, common.passedRateLimit, limitReason == nil { limitReason = reason }
  }
}
