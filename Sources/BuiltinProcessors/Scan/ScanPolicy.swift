package import ProcessorHost

/// What a scan looks for: a policy with a step for each kind of secret, so that a finding's step tells its kind.
package struct ScanPolicy: Sendable {
  /// All kinds, those that weigh most first; a kind is called like its detector, or `words`.
  package static let kinds: [String] = {
    var kinds = HidePolicy.standardTextDetectors + HidePolicy.furtherTextDetectors
    // A key that says so is nearly always right, and what stands under it is a whole secret.
    kinds.insert(words, at: 2)
    return kinds
  }()

  /// The kind of what stands under a key that holds a secret word.
  package static let words = "words"

  package let policy: HidePolicy
  /// The kind of each of the policy's steps.
  let kindOfStep: [String]

  /// - Parameters:
  ///   - words: the words, for keys and for names inside text.
  ///   - exceptions: names that hold a word and are harmless.
  ///   - isComplete: whether the text detectors that have to be asked for look too.
  ///   - origin: where the words come from, for messages about them.
  package init(
    words: [String] = SecretWords.standard, except exceptions: [String] = SecretWords.harmlessNames,
    isComplete: Bool = false, origin: String = ""
  ) {
    let further = isComplete ? HidePolicy.furtherTextDetectors : []
    let names = HidePolicy.standardTextDetectors + further
    kindOfStep = [Self.words] + names
    policy = HidePolicy(
      [HideStep(.words(words, except: exceptions), origin: origin)]
        + names.map { HideStep(.text([$0]), origin: $0 == "assignment" ? origin : $0) })
  }
}
