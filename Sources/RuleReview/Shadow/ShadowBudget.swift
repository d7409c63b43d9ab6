/// How much of one core a comparison may take: after work it rests, so long that the work was no more than its share.
///
/// Time is what passes on a clock, and not what the processor worked: on a machine that has other things to do the same
/// work takes longer, and the rest after it does, too.
package struct ShadowBudget: Sendable, Equatable {
  /// The share of one core, above 0 and at most 1.
  package var share: Double

  package init(share: Double) { self.share = min(max(share, 0.001), 1) }

  /// How long to rest after work of some length.
  package func rest(after work: Duration) -> Duration { max(work, .zero) * (1 / share - 1) }
}
