/// Finished spans on their way to backends: one OTLP request, shared by all exporters and never changed.
public final class ExportBatch: Sendable {
  /// An OTLP `ExportTraceServiceRequest` with all spans of the batch.
  public let request: [UInt8]
  /// How many spans it holds.
  public let spanCount: Int
  /// The rule set under which its spans were processed; a batch never mixes them.
  public let ruleSet: RuleSetNumber
  /// The rule set by which its spans were hidden last: that one, or one that has come into force while they waited.
  public let hiddenUnder: RuleSetNumber

  /// A batch of an encoded request.
  /// - Parameter hiddenUnder: nil where it was hidden by the rule set that processed it, and not again.
  public init(
    request: [UInt8], spanCount: Int, ruleSet: RuleSetNumber = RuleSetNumber(), hiddenUnder: RuleSetNumber? = nil
  ) {
    self.request = request
    self.spanCount = spanCount
    self.ruleSet = ruleSet
    self.hiddenUnder = hiddenUnder ?? ruleSet
  }

  /// The batch as two, each with half of the spans, for a request that was too large or of which one span was refused.
  ///
  /// Costs a walk over the request and a copy of it. Nil where there is only one span.
  public func halves() -> (ExportBatch, ExportBatch)? {
    guard spanCount > 1 else { return nil }
    let batch = Door().admit(request).takeBatch()
    let middle = batch.count / 2
    guard middle > 0 else { return nil }
    let count = batch.count
    return (part(batch, 0..<middle), part(batch, middle..<count))
  }

  private func part(_ batch: borrowing SpanBatch, _ range: Range<Int>) -> ExportBatch {
    let part = batch.slice(range)
    return ExportBatch(request: part.encoded(), spanCount: part.count, ruleSet: ruleSet, hiddenUnder: hiddenUnder)
  }
}

/// Which of the rule sets that a host has run: 1 is the first, each that is swapped in has the next number.
public struct RuleSetNumber: Sendable, Hashable, Comparable {
  /// The number; 0 where no rules are loaded.
  public var value: Int

  /// A rule set's number.
  public init(_ value: Int = 0) { self.value = value }

  /// Whether it ran before another.
  public static func < (left: RuleSetNumber, right: RuleSetNumber) -> Bool { left.value < right.value }
}
