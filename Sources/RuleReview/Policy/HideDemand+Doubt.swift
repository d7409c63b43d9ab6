internal import ProcessorHost

// A text in which something was found is searched again with the marks in it, at last with all of them. So what one demand
// finds can hang on what several others hide, and one demand more is not always proven to be one thing more hidden.
extension HideDemand {
  /// Why it is not proven that this, new beside others, shows nothing that they hide; nil where it is.
  /// - Parameter others: what was hidden before.
  func doubt(beside others: [HideDemand]) -> String? {
    if hidesParts, others.contains(where: \.looksInsideText) {
      return "what another step finds only beside several marks, or beside what a cut leaves, may show"
    }
    if case .pseudonym(let key) = action,
      let other = others.lazy.compactMap(\.pseudonymKey).first(where: { $0 != key })
    {
      return "a value that has a pseudonym with the key \(other) may get one with the key \(key)"
    }
    return nil
  }

  private var pseudonymKey: String? { if case .pseudonym(let key) = action { key } else { nil } }

  /// Whether it hides parts of texts, and leaves others.
  private var hidesParts: Bool {
    switch action {
    case .cut, .keepLast: true
    case .mark, .remove, .pseudonym: looksInsideText
    }
  }

  private var looksInsideText: Bool {
    switch target {
    case .detector, .assignments, .pattern, .parameter, .together: true
    case .word, .name, .prefix, .value, .limit: false
    }
  }
}
