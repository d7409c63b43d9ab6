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
    /// The step, by its index in the policy.
    var step: UInt16
  }

  private var terms: [Term] = []

  mutating func add(_ matcher: HideMatcher, step: Int, _ condition: UInt64?) {
    let add = { (terms: inout [Term], text: [UInt8], isJoined: Bool) in
      terms.append(Term(text: text, isJoined: isJoined, condition: condition, step: UInt16(step)))
    }
    switch matcher {
    case .words(let words, except: _):
      for word in words where !word.isEmpty {
        add(&terms, word.utf8.map(Self.lowered), false)
        let joined = Array(word.utf8).withUnsafeBufferPointer(Self.joined)
        if !joined.isEmpty { add(&terms, joined, true) }
      }
    case .names(let names):
      // A last star stands for any rest, as it does in keys; every field begins with an empty beginning.
      for name in names where !name.isEmpty {
        add(&terms, (name.hasSuffix("*") ? name.dropLast() : name[...]).utf8.map(Self.lowered), false)
      }
    case .prefixes(let prefixes): for prefix in prefixes { add(&terms, prefix.utf8.map(Self.lowered), false) }
    case .values(let values):
      for value in values where !value.isEmpty { add(&terms, value.utf8.map(Self.lowered), false) }
    case .beyond, .text, .patterns, .query: break
    }
  }

  /// The step of the first term that stands in the bytes; nil where none does.
  func step(in payload: UnsafeBufferPointer<UInt8>, requested: UInt64) -> UInt16? {
    if terms.isEmpty || payload.isEmpty { return nil }
    let lowered = payload.map(Self.lowered)
    let joined = Self.joined(payload)
    return terms.first { term in
      if let condition = term.condition, condition & requested == 0 { return false }
      return ByteSearch.stands(term.text, in: term.isJoined ? joined : lowered)
    }?.step
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
