internal import ProcessorHost

/// Spreads trace ids over tables. The seed is drawn anew for each table: nobody can choose ids that fall together.
struct TraceHash {
  private let first = UInt64.random(in: .min ... .max)
  private let second = UInt64.random(in: .min ... .max)

  @inline(__always)
  func callAsFunction(_ id: TraceID) -> UInt64 {
    let product = (id.low ^ first).multipliedFullWidth(by: id.high ^ second | 1)
    return product.high ^ product.low ^ id.high
  }
}
