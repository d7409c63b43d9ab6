internal import ProcessorHost

/// The terms of a policy as they are looked for in fields that the host does not know.
///
/// Nobody can say where keys, words or values begin in such bytes. So a term is looked for as a run of bytes anywhere,
/// in either case; and those of words also as they are written without separators, so that `api_key` is found in
/// `apiKey` and `API-KEY`.
struct UnknownFieldTerms: Sendable {
  private struct Term: Sendable {
    var text: [UInt8]
    /// Whether the separators are left out of both the term and the bytes.
    var isJoined: Bool
    /// The bit of a conditional step; nil for a standing one.
    var condition: UInt64?
  }

  private var terms: [Term] = []

  mutating func add(_ matcher: HideMatcher, _ condition: UInt64?) {
    switch matcher {
    case .words(let words, except: _):
      add(words, condition)
      for word in words {
        Array(word.utf8).withUnsafeBufferPointer { add(Self.joined($0), isJoined: true, condition) }
      }
    case .names(let names):
      // A last star stands for any rest, as it does in keys.
      for name in names {
        if name.hasSuffix("*") { add(prefix: name.dropLast(), condition) } else { add([name], condition) }
      }
    case .prefixes(let prefixes): for prefix in prefixes { add(prefix: prefix[...], condition) }
    case .values(let values): add(values, condition)
    case .beyond, .text, .patterns, .query: break
    }
  }

  private mutating func add(_ texts: [String], _ condition: UInt64?) {
    for text in texts { add(text.utf8.map(Self.lowered), isJoined: false, condition) }
  }

  /// Every field begins with an empty beginning.
  private mutating func add(prefix: Substring, _ condition: UInt64?) {
    terms.append(Term(text: prefix.utf8.map(Self.lowered), isJoined: false, condition: condition))
  }

  private mutating func add(_ text: [UInt8], isJoined: Bool, _ condition: UInt64?) {
    if !text.isEmpty { terms.append(Term(text: text, isJoined: isJoined, condition: condition)) }
  }

  /// Whether one of the terms stands in the bytes.
  func stand(in payload: UnsafeBufferPointer<UInt8>, requested: UInt64) -> Bool {
    if terms.isEmpty || payload.isEmpty { return false }
    let lowered = payload.map(Self.lowered)
    let joined = Self.joined(payload)
    return terms.contains { term in
      if let condition = term.condition, condition & requested == 0 { return false }
      return ByteSearch.stands(term.text, in: term.isJoined ? joined : lowered)
    }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }

  /// Only letters, digits and what is not ASCII, in lower case as keys are taken: in Unicode, and not only in ASCII.
  ///
  /// A text may stand between bytes that are none: those become U+FFFD and never swallow a character behind them.
  private static func joined(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let folded =
      bytes.allSatisfy { $0 < 0x80 }
      ? bytes.map(lowered)
      : String(decoding: bytes, as: UTF8.self).unicodeScalars.flatMap { Array($0.properties.lowercaseMapping.utf8) }
    return folded.filter { (48...57).contains($0) || (97...122).contains($0) || $0 >= 0x80 }
  }
}
