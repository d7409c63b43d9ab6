/// What hiding made of each distinct resource and scope: they repeat in every request, and are hidden once.
///
/// Bounded by count and by bytes; when full it is emptied, which costs hiding those in use once more.
struct HeaderMemory {
  struct Key: Hashable {
    var message: WireMessage
    /// Whether a stamp is put on it: the same bytes can stand before the spans of a scope and behind those of another.
    var isStamped: Bool
    var bytes: [UInt8]
  }

  static let maximumCount = 1024
  static let maximumBytes = 4 << 20

  private var known: [Key: [UInt8]?] = [:]
  private var size = 0

  mutating func value(for key: Key, make: () -> [UInt8]?) -> [UInt8]? {
    if let found = known[key] { return found }
    let made = make()
    let cost = key.bytes.count + (made?.count ?? 0)
    if known.count >= Self.maximumCount || size + cost > Self.maximumBytes {
      known.removeAll(keepingCapacity: true)
      size = 0
    }
    if cost <= Self.maximumBytes {
      known.updateValue(made, forKey: key)
      size += cost
    }
    return made
  }
}
