public import ProcessorHost

/// Keeps a share of the traces, as `span:sample` does in a rule.
public struct RatioSampler: SpanProcessor {
  /// The processor's name, and the reason by which the ledger counts.
  public let name: String
  /// The share to keep, 0 to 1.
  public let ratio: Double
  private let reason: SpanReason

  /// - Parameter ratio: 0 to 1; values outside are brought inside.
  public init(ratio: Double, name: String = "ratio") {
    self.ratio = min(max(ratio, 0), 1)
    self.name = name
    reason = SpanReason(name)
  }

  /// Asks for the ratio; the host decides by trace id when all rules have spoken.
  public func onEnding(_ span: borrowing ReadWriteSpan) { span.sample(ratio, reason) }
}

/// Keeps at most so many spans a second, as `span:rate_limit` does in a rule.
public struct RateLimitingSampler: SpanProcessor {
  /// The processor's name, and the reason by which the ledger counts.
  public let name: String
  private let limiter: RateLimiter
  private let reason: SpanReason

  /// A sampler that takes from `limiter`, which may be shared.
  public init(_ limiter: RateLimiter, name: String = "rate limit") {
    self.limiter = limiter
    self.name = name
    reason = SpanReason(name)
  }

  /// Takes one from the limit; a span that finds none is sampled out.
  public func onEnding(_ span: borrowing ReadWriteSpan) { span.rateLimit(reason) { limiter.take() } }
}
