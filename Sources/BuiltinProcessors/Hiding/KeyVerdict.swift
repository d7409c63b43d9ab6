internal import ProcessorHost

/// What the policy says of a key or of a whole value, worked out once and remembered.
package struct KeyVerdict: BitwiseCopyable, Equatable {
  /// From the weakest to the strongest; the strongest wins.
  package enum Strength: UInt8, BitwiseCopyable, Comparable {
    case none
    case keepLast
    case pseudonym
    case mark
    case remove

    package static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
  }

  /// The length that stands for no cut.
  static let uncut = UInt32.max

  package var strength = Strength.none
  /// For `keepLast`: how many Unicode scalars stay; of several steps, the fewest.
  var keep: UInt8 = 0
  /// For a pseudonym: the index of the key ring.
  var ring: UInt8 = 0
  /// For `keepLast`: of a text shorter than twice this, nothing stays; of several steps, the most. A step that keeps fewer
  /// would otherwise show the end of a text of which another, that keeps more, shows nothing.
  var keepOfLonger: UInt8 = 0
  /// The step that decided on the strength, by its index in the policy.
  var step: UInt16 = 0
  /// How many Unicode scalars a cut leaves. It stands beside the strength: what the last characters may show, a cut may
  /// have hidden.
  var cut = Self.uncut
  /// The step that asked for the cut.
  var cutStep: UInt16 = 0
  /// Whether the key itself was scanned, and no text step found anything in it.
  var isKeyClean = false
  /// Whether the attribute at hand is the key and one string, as the scan has seen: nothing else in it could be hidden.
  /// Of the attribute and not of the key, so never remembered.
  var isOfPlainString = false
  /// The conditional steps that would hit this key, a bit each.
  var conditional: UInt64 = 0

  /// Whether nothing is asked for.
  @inline(__always)
  var isNone: Bool { strength == .none && cut == Self.uncut }
  @inline(__always)
  var isCut: Bool { cut != Self.uncut }
  /// Whether the whole value is replaced or goes, whatever it is.
  @inline(__always)
  var isWhole: Bool { strength >= .mark }

  package init() {}

  /// Takes in one more step. Of two alike the one that shows less decides; which one, does not depend on their order.
  mutating func unite(_ other: KeyVerdict) {
    if other.cut < cut {
      cut = other.cut
      cutStep = other.cutStep
    }
    let isStronger: Bool
    if other.strength != strength {
      isStronger = other.strength > strength
    } else {
      switch strength {
      case .keepLast:
        isStronger = other.keep < keep
        keepOfLonger = max(keepOfLonger, other.keepOfLonger)
      case .pseudonym: isStronger = other.ring < ring
      case .none, .mark, .remove: isStronger = false
      }
    }
    if isStronger {
      if strength != other.strength { keepOfLonger = other.keepOfLonger }
      strength = other.strength
      keep = other.keep
      ring = other.ring
      step = other.step
    }
  }
}

extension KeyVerdict {
  /// What a step asks for that does this.
  /// - Parameter rings: the index of each key ring, by its name.
  init(_ action: HideAction, step: Int, rings: [String: UInt8] = [:]) {
    self.init()
    self.step = UInt16(step)
    switch action {
    case .mark: strength = .mark
    case .remove: strength = .remove
    case .pseudonym(let name):
      strength = .pseudonym
      ring = rings[name] ?? 0
    case .keepLast(let count):
      strength = .keepLast
      keep = UInt8(clamping: count)
      keepOfLonger = keep
    case .cut(let length):
      strength = .none
      cut = UInt32(clamping: length)
      cutStep = UInt16(step)
    }
  }
}
