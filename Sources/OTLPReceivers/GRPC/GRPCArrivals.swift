internal import Synchronization

/// Bodies that have arrived whole, on their way from the event loop to the handler of their request.
///
/// They go around the transport, which would copy them into its own buffers and out again. The gate puts a body in
/// under a number and writes the number to the request's metadata; the handler takes it out.
final class GRPCArrivals: Sendable {
  /// A body, and what is known of it.
  struct Arrival: Sendable {
    var body: [UInt8]
    var receivedBytes: Int
    var start: ContinuousClock.Instant
    /// Keeps the body's bytes in the budget.
    var share: BodyShare
  }

  /// The key of the number in the metadata. What a client sends under it is dropped.
  static let key = "x-processor-host-arrival"

  private let waiting = Mutex((next: 0, arrivals: [Int: Arrival]()))

  func put(_ arrival: Arrival) -> Int {
    waiting.withLock { waiting in
      waiting.next += 1
      waiting.arrivals[waiting.next] = arrival
      return waiting.next
    }
  }

  func take(_ number: Int) -> Arrival? { waiting.withLock { $0.arrivals.removeValue(forKey: number) } }
}
