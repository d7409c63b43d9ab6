extension TraceState {
  /// The trace state with a member in front, as W3C asks for what is new or changed.
  ///
  /// A member of the same key goes. Where there would be more than 32, or more than ``maximumLength`` characters,
  /// others go as that says; the one that was set stays.
  ///
  /// - Throws: where the key or the value breaks the grammar; the offset is the one in whichever of them it is.
  public func setting(_ value: String, forKey key: String) throws(TraceStateError) -> TraceState {
    try TraceStateGrammar.check(key: key)
    try TraceStateGrammar.check(value: value)
    var text = isEmpty ? "\(key)=\(value)" : "\(key)=\(value),\(description)"
    return switch text.withUTF8({ TraceStateParser.parse($0, kept: 1) }) {
    case .canonical: TraceState(checked: text)
    case .rewritten(let text): TraceState(checked: text)
    case .failure(let error): throw error
    }
  }

  /// The trace state without a key's member.
  public func removing(_ key: String) -> TraceState {
    var found: Range<Int>?
    var key = key
    key.withUTF8 { wanted in
      forEachMember { key, _, range in
        guard key.elementsEqual(wanted) else { return true }
        found = range
        return false
      }
    }
    guard let found else { return self }
    let text = description.utf8
    let start = text.index(text.startIndex, offsetBy: found.lowerBound)
    let end = text.index(text.startIndex, offsetBy: found.upperBound)
    let before = description[..<start].dropLast()
    let after = description[end...].dropFirst()
    return TraceState(checked: before.isEmpty || after.isEmpty ? String(before + after) : "\(before),\(after)")
  }
}
