/// A place at which a step hid something.
package struct HideFinding: Sendable, Equatable {
  /// What was hidden, as it came. Only ever to be shown masked.
  package enum Secret: Sendable, Equatable {
    /// A text, or the part of one; a number or a boolean as it would be written.
    case text([UInt8])
    /// A map, an array or bytes that are no text: how many bytes they take.
    case opaque(Int)
  }

  /// Where it stood.
  package var place: HidePlace
  /// The index of the step in the policy.
  package var step: Int
  package var secret: Secret

  package init(place: HidePlace, step: Int, secret: Secret = .opaque(0)) {
    self.place = place
    self.step = step
    self.secret = secret
  }

  /// The place as people read it: `attributes.api_key`, `events[1].attributes.password`.
  package var path: String { place.path }
}
