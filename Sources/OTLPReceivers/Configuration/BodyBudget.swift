internal import Synchronization

/// The bytes that bodies may take which are being received or processed, over all connections and receivers.
public final class BodyBudget: Sendable {
  /// How many bytes there may be at a time.
  public let maximumBytes: Int
  private let used = Atomic<Int>(0)

  /// Makes a budget. Default: 256 MiB, four bodies of the largest size or some hundred of the usual.
  public init(maximumBytes: Int = 256 << 20) { self.maximumBytes = maximumBytes }

  /// The bytes that are taken now.
  public var usedBytes: Int { used.load(ordering: .relaxed) }

  /// Takes bytes; false, and nothing taken, where there is no room.
  func take(_ bytes: Int) -> Bool {
    if used.wrappingAdd(bytes, ordering: .relaxed).newValue <= maximumBytes { return true }
    used.wrappingSubtract(bytes, ordering: .relaxed)
    return false
  }

  /// Gives bytes back.
  func giveBack(_ bytes: Int) { used.wrappingSubtract(bytes, ordering: .relaxed) }
}

/// What one body has taken of the budget; given back when the last that holds it lets go.
final class BodyShare: Sendable {
  private let budget: BodyBudget
  private let taken = Atomic<Int>(0)

  init(_ budget: BodyBudget) { self.budget = budget }

  deinit { budget.giveBack(taken.load(ordering: .relaxed)) }

  /// Has at least as many bytes as this; false where there is no room for them. Called by one task at a time.
  func grow(to needed: Int) -> Bool {
    let more = needed - taken.load(ordering: .relaxed)
    if more <= 0 { return true }
    guard budget.take(more) else { return false }
    taken.wrappingAdd(more, ordering: .relaxed)
    return true
  }
}
