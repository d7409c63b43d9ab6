/// What the chain has said so far about a span's fate.
///
/// The precedence is fixed, whatever the order of rules: drop wins; the first keep shields from a later sample; of
/// several samples the lowest ratio counts, never the product.
public struct SpanVerdict: Sendable, Equatable {
  /// The reason of the first drop.
  public private(set) var dropReason: SpanReason?
  /// The reason of the first keep.
  public private(set) var keepReason: SpanReason?
  /// The lowest ratio asked for, 0 to 1, and the reason that came with it.
  public private(set) var ratio: Double = 1
  /// The reason that came with the ratio; nil where nobody has asked for one.
  public private(set) var ratioReason: SpanReason?
  /// Whether a rate limit let the span pass: its sampling probability is unknown from then on.
  public private(set) var passedRateLimit = false

  /// Nothing said: the span is kept.
  public init() {}

  /// Drops the span; the first reason counts.
  public mutating func drop(_ reason: SpanReason) {
    if dropReason == nil { dropReason = reason }
  }

  /// Keeps the span from later samplers; without effect once a sampler has spoken.
  public mutating func keep(_ reason: SpanReason) {
    if keepReason == nil, ratioReason == nil { keepReason = reason }
  }

  /// - Parameter ratio: the share to keep; values outside 0 to 1 are brought inside, and one that is no number counts as 1.
  public mutating func sample(_ ratio: Double, _ reason: SpanReason) {
    let asked = ratio.isNaN ? 1 : min(max(ratio, 0), 1)
    guard keepReason == nil, ratioReason == nil || asked < self.ratio else { return }
    self.ratio = asked
    ratioReason = reason
  }

  /// Takes in a rate limit's answer: one that has no room left samples the span out.
  public mutating func rateLimit(hasRoom: Bool, _ reason: SpanReason) {
    guard keepReason == nil else { return }
    if hasRoom { passedRateLimit = true } else { sample(0, reason) }
  }

  /// Whether nobody has said anything.
  public var isUntouched: Bool {
    dropReason == nil && keepReason == nil && ratioReason == nil && !passedRateLimit
  }
}
