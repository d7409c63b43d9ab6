/// What the policy says of a key, worked out once and remembered.
struct KeyVerdict: BitwiseCopyable, Equatable {
  /// From the weakest to the strongest; the strongest wins.
  enum Strength: UInt8, BitwiseCopyable, Comparable {
    case none
    case cut
    case mark
    case remove

    static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
  }

  var strength = Strength.none
  /// The step that decided, by its index in the policy.
  var step: UInt16 = 0
  /// For a cut: how many Unicode scalars stay.
  var length: UInt32 = 0
  /// The conditional steps that would hit this key, a bit each.
  var conditional: UInt64 = 0

  /// Takes in one more step; a shorter cut is stronger than a longer one.
  mutating func unite(_ other: KeyVerdict) {
    if other.strength > strength || (other.strength == .cut && strength == .cut && other.length < length) {
      strength = other.strength
      step = other.step
      length = other.length
    }
  }
}
