internal import Synchronization
internal import Tracing

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The attributes of a span that runs, changed where they lie.
///
/// Whoever is at them has them alone. A mutex would not do: an app can hand `&span.attributes` to a function that asks the
/// same span for something, or to one that is asynchronous and goes on with another thread; that must neither stop the
/// app nor end it. So who waits too long goes away with nothing.
///
/// `@unchecked Sendable`: `attributes` is touched between `begin` and `end` alone, and only one can be there.
final class LiveAttributes: @unchecked Sendable {
  private let isTaken = Atomic(false)
  /// How many were left out for the limit.
  @exclusivity(unchecked) private var dropped = 0
  @exclusivity(unchecked) var attributes = LiveAttributes.roomy

  /// None, with room for a dozen. Shared by all spans: the first change makes a copy that is as large, where one that
  /// grows is filled anew at the first, the second, the fourth and the seventh attribute.
  private static let roomy = SpanAttributes(Dictionary(minimumCapacity: 12))

  /// How often a thread tries, each time letting others run: some milliseconds.
  private static let maximumTries = 10_000

  /// Begins a change, unless the span has ended.
  func begin(unless hasEnded: borrowing Atomic<Bool>) -> Bool {
    guard begin() else { return false }
    if hasEnded.load(ordering: .acquiring) {
      end()
      return false
    }
    return true
  }

  private func begin() -> Bool {
    for _ in 0..<Self.maximumTries {
      if isTaken.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged {
        return true
      }
      sched_yield()
    }
    return false
  }

  func end() { isTaken.store(false, ordering: .releasing) }

  func copy() -> SpanAttributes {
    guard begin() else { return .none }
    defer { end() }
    return attributes
  }

  /// Changes all of them.
  func change(limit: Int, unless hasEnded: borrowing Atomic<Bool>, _ body: (inout SpanAttributes) -> Void) {
    guard begin(unless: hasEnded) else { return }
    defer { end() }
    let before = attributes.count > 0 ? attributes : nil
    body(&attributes)
    apply(limit: limit, before: before)
  }

  /// Takes them, for the end of the span.
  func take() -> (attributes: SpanAttributes, dropped: Int) {
    guard begin() else { return (.none, 0) }
    defer { end() }
    defer { attributes = .none }
    return (attributes, dropped)
  }

  // MARK: Limits

  /// What there is before a change that may exceed the limit; nil where it is far away, so that nothing is copied.
  func beforeChange(limit: Int) -> SpanAttributes? { attributes.count > limit / 2 ? attributes : nil }

  /// Leaves out what exceeds the limit. OpenTelemetry specification: SDK, Span Limits.
  ///
  /// What was there stays; of what is new, the first by their keys do, so that the same calls have the same outcome.
  func apply(limit: Int, before: SpanAttributes?) {
    guard attributes.count > limit else { return }
    var added: [(key: String, value: SpanAttribute)] = []
    var kept = SpanAttributes.none
    attributes.visit { key, value in
      if before?.get(key) != nil { kept.set(key, value: value) } else { added.append((key, value)) }
    }
    let room = max(limit - kept.count, 0)
    dropped += max(added.count - room, 0)
    added.sort { $0.key < $1.key }
    for (key, value) in added.prefix(room) { kept.set(key, value: value) }
    attributes = kept
  }
}
