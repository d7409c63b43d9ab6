internal import OTLPProtocol

/// Reads one body piece by piece: decompresses it, and holds it to the limits and the budget.
///
/// Not `Sendable`: one task, or one event loop, reads a body.
final class BodyReader {
  /// The bytes that were received, compressed.
  private(set) var receivedBytes = 0
  private let decompressor: Decompressor
  private let limits: ReceiverLimits
  /// What the body takes of the budget, for as long as somebody has it.
  let share: BodyShare

  init(_ coding: ContentCoding, limits: ReceiverLimits, share: BodyShare) {
    self.decompressor = Decompressor(
      coding,
      limits: DecompressionLimits(maximumBytes: limits.bodyBytes, maximumRatio: limits.expansionRatio))
    self.limits = limits
    self.share = share
  }

  /// The bytes that came out so far.
  var bytes: Int { decompressor.output.count }

  /// Makes room for a body whose length was told. What was told may not come, so that it does not count yet.
  func expect(_ length: Int) throws(Refusal) {
    guard length <= limits.bodyBytes else { throw .tooLarge(limit: limits.bodyBytes) }
    decompressor.reserve(min(length, 1 << 20))
  }

  func append(_ piece: some Collection<UInt8>) throws(Refusal) {
    receivedBytes += piece.count
    guard receivedBytes <= limits.bodyBytes else { throw .tooLarge(limit: limits.bodyBytes) }
    do {
      try decompressor.append(piece) { [share] in share.grow(to: $0) }
    } catch {
      throw refusal(error)
    }
  }

  func finish() throws(Refusal) -> [UInt8] {
    do { return try decompressor.finish() } catch { throw refusal(error) }
  }

  private func refusal(_ error: OTLPProtocolError) -> Refusal {
    error.code == .noRoom ? .crowded(retryAfter: limits.retryAfter) : Refusal(error)
  }
}
