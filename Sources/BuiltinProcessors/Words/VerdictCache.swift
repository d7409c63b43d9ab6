/// Remembers what was found out about attribute keys, in memory of a fixed size.
///
/// Keys of up to 128 bytes are kept whole and compared whole, so no key ever gets another one's verdict; longer keys
/// are not kept. The hash is seeded anew for each cache, so nobody can choose keys that push each other out. Nothing is
/// allocated after `init`: endless distinct keys cannot make it grow.
///
/// A cache belongs to one lane and is not `Sendable`.
package final class VerdictCache<Verdict: BitwiseCopyable> {
  /// The longest key that is kept, in bytes.
  package static var maximumKeyLength: Int { KeyStore.keyCapacity }

  private let keys: KeyStore
  private let verdicts: UnsafeMutablePointer<Verdict>
  private let setMask: UInt64
  private let seed: UInt64

  /// - Parameter capacity: how many keys are remembered; rounded up to a power of two of at least 2.
  package init(capacity: Int = 1024) {
    var rounded = 2
    while rounded < capacity { rounded *= 2 }
    keys = KeyStore(capacity: rounded)
    verdicts = .allocate(capacity: rounded)
    setMask = UInt64(rounded / 2 - 1)
    seed = UInt64.random(in: .min ... .max)
  }

  deinit {
    verdicts.deallocate()
    keys.deallocate()
  }

  /// The verdict that was put in for exactly this key, while it is still remembered.
  @inline(__always)
  package func get(_ key: UnsafeBufferPointer<UInt8>) -> Verdict? {
    guard key.count <= KeyStore.keyCapacity else { return nil }
    let hash = KeyBytes.hash(key, seed: seed)
    let first = firstPlace(hash)
    let tag = Self.tag(hash)
    if keys.holds(key, tag, at: first) { return verdict(at: first, sibling: first + 1) }
    if keys.holds(key, tag, at: first + 1) { return verdict(at: first + 1, sibling: first) }
    return nil
  }

  /// Remembers a verdict. Each key has two places to be at; of the two keys there, the one used last stays.
  package func put(_ key: UnsafeBufferPointer<UInt8>, _ verdict: Verdict) {
    guard key.count <= KeyStore.keyCapacity else { return }
    let hash = KeyBytes.hash(key, seed: seed)
    let first = firstPlace(hash)
    let tag = Self.tag(hash)
    let place: Int
    if keys.holds(key, tag, at: first) {
      place = first
    } else if keys.holds(key, tag, at: first + 1) {
      place = first + 1
    } else {
      place = keys.isOlder(first, than: first + 1) ? first : first + 1
      keys.set(key, tag, at: place)
    }
    verdicts[place] = verdict
    keys.markUsed(place, sibling: place ^ 1)
  }

  /// Forgets everything, for verdicts that no longer hold.
  package func removeAll() { keys.removeAll() }

  @inline(__always)
  private func verdict(at place: Int, sibling: Int) -> Verdict {
    keys.markUsed(place, sibling: sibling)
    return verdicts[place]
  }

  @inline(__always)
  private func firstPlace(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash & setMask) * 2 }

  /// The upper half of the hash, which the place does not depend on; never 0, which marks a free place.
  @inline(__always)
  private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) | 1 }
}
