/// A secret that a step of a policy has to hide, for the proof that is made at every load.
package struct HidePlant: Sendable, Equatable {
  /// What makes it a secret.
  package enum Kind: Sendable, Equatable {
    /// The key it stands under.
    case key(String)
    /// That it is this very value.
    case value(String)
    /// What it is: the part of a text between two others. Half of it must not show either.
    case text(before: String, secret: String, after: String)
    /// The same for an example that somebody else has given: what half of it may be part of, nobody knows.
    case example(before: String, secret: String, after: String)
  }

  package var kind: Kind
  /// The index of the step in the policy.
  package var step: Int
  /// What looks for it, in the rule language's words: `words`, `text email`.
  package var matcher: String
  /// How many of the secret's last characters may show.
  package var kept: Int

  package init(_ kind: Kind, step: Int, matcher: String, kept: Int = 0) {
    self.kind = kind
    self.step = step
    self.matcher = matcher
    self.kept = kept
  }
}
