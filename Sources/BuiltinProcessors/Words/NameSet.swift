/// Attribute keys by name: whole names, and beginnings written with a last `*` (`llm.token_count.*`).
///
/// ASCII letters match in either case. A `*` elsewhere than at the end stands for itself.
package struct NameSet: Sendable {
  /// A place in the hash table of whole names.
  private struct Slot {
    var hash: UInt64 = 0
    /// Where the name stands in `bytes`; empty and at zero with `isFilled` false for a free place.
    var name = 0..<0
    var isFilled = false
  }

  /// All names in lower case, one after the other.
  private var bytes: [UInt8] = []
  private var slots: [Slot] = []
  /// The longest whole name: longer keys need not be hashed.
  private var longestName = -1
  private var prefixes: [Range<Int>] = []

  package init(_ patterns: [String]) {
    var names: [Range<Int>] = []
    for pattern in patterns {
      let start = bytes.count
      bytes += pattern.utf8.map(\.asciiLowercased)
      if bytes.count > start, bytes.last == UInt8(ascii: "*") {
        bytes.removeLast()
        prefixes.append(start..<bytes.count)
      } else {
        names.append(start..<bytes.count)
        longestName = max(longestName, bytes.count - start)
      }
    }
    fillSlots(names)
  }

  package var isEmpty: Bool { longestName < 0 && prefixes.isEmpty }

  private mutating func fillSlots(_ names: [Range<Int>]) {
    var capacity = 8
    while capacity < names.count * 4 { capacity *= 2 }
    slots = Array(repeating: Slot(), count: capacity)
    for name in names {
      let hash = bytes[name].withUnsafeBufferPointer(Self.hash)
      var place = Int(truncatingIfNeeded: hash) & (capacity - 1)
      while slots[place].isFilled { place = (place + 1) & (capacity - 1) }
      slots[place] = Slot(hash: hash, name: name, isFilled: true)
    }
  }

  /// Whether the key is one of the names, or begins with one of the beginnings.
  package func contains(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    if key.count <= longestName, containsName(key) { return true }
    for prefix in prefixes where prefix.count <= key.count {
      if isEqual(prefix, UnsafeBufferPointer(rebasing: key[..<prefix.count])) { return true }
    }
    return false
  }

  private func containsName(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    let hash = Self.hash(key)
    var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[place].isFilled {
      if slots[place].hash == hash, slots[place].name.count == key.count, isEqual(slots[place].name, key) {
        return true
      }
      place = (place + 1) & (slots.count - 1)
    }
    return false
  }

  /// - Precondition: both have the same length.
  private func isEqual(_ name: Range<Int>, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    for (offset, byte) in key.enumerated() where bytes[name.lowerBound + offset] != byte.asciiLowercased {
      return false
    }
    return true
  }

  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte.asciiLowercased)) &* 0x0000_0100_0000_01b3 }
    return hash ^ (hash >> 32)
  }
}

extension UInt8 {
  /// The small letter for an ASCII capital; every other byte as it is.
  @inline(__always)
  fileprivate var asciiLowercased: UInt8 {
    self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
  }
}
