/// Terms that are looked for in attribute keys word by word.
///
/// A term is found where its words stand next to each other in the key: `api_key` in `x-api-key`, `apiKey` and
/// `API_KEY_ID`. A term of several words is also found where the key writes them as one word: `apikey`.
///
/// A look-up that finds nothing takes some 50 ns for a key of 20 bytes, however many terms there are.
package struct WordSet: Sendable {
  /// A phrase to look for, and the term it comes from.
  private struct Entry {
    /// Where the phrase stands in `phrases`.
    var phrase: Range<Int>
    var term: Int
  }

  /// A place in the hash table.
  private struct Slot {
    var hash: UInt32 = 0
    /// One more than the index of the entry; 0 for a free place.
    var entry: UInt32 = 0
  }

  private var phrases: [UInt8] = []
  private var entries: [Entry] = []
  /// Open addressing by the hash of a phrase's first word; at most a quarter full.
  private var slots: [Slot] = []

  /// - Throws: `WordTermError` for a term without a letter or digit.
  package init(_ terms: [String]) throws(WordTermError) {
    for (index, term) in terms.enumerated() {
      let phrase = WordSplitter.phrase(of: term)
      guard !phrase.isEmpty else { throw WordTermError(index: index, term: term) }
      add(phrase, index)
      // Digits part words in any case, so joining `key_2_fa` can only close the gaps between letters.
      let joined = WordSplitter.phrase(of: String(decoding: phrase.filter { $0 != UInt8(ascii: " ") }, as: UTF8.self))
      if joined != phrase { add(joined, index) }
    }
    fillSlots()
  }

  private mutating func add(_ phrase: [UInt8], _ term: Int) {
    entries.append(Entry(phrase: phrases.count..<phrases.count + phrase.count, term: term))
    phrases += phrase
  }

  private mutating func fillSlots() {
    var capacity = 16
    while capacity < entries.count * 4 { capacity *= 2 }
    slots = Array(repeating: Slot(), count: capacity)
    for (index, entry) in entries.enumerated() {
      var hash = WordHash()
      for byte in phrases[entry.phrase].prefix(while: { $0 != UInt8(ascii: " ") }) { hash.combine(byte) }
      var place = Int(hash.value) & (capacity - 1)
      while slots[place].entry != 0 { place = (place + 1) & (capacity - 1) }
      slots[place] = Slot(hash: hash.value, entry: UInt32(index + 1))
    }
  }

  /// The index of a term that the key contains; of several the one that begins first.
  package func contains(_ key: UnsafeBufferPointer<UInt8>) -> Int? {
    if entries.isEmpty { return nil }
    if let term = WordSplitter.withPhrase(of: key, { find(in: $0) }) { return term }
    if !WordSplitter.isAmbiguous(key) { return nil }
    return WordSplitter.withPhrase(of: key, run: .endsAfterLast) { find(in: $0) }
  }

  private func find(in words: UnsafeBufferPointer<UInt8>) -> Int? {
    var start = 0
    while start < words.count {
      var hash = WordHash()
      var end = start
      while end < words.count, words[end] != UInt8(ascii: " ") {
        hash.combine(words[end])
        end += 1
      }
      if let term = term(beginningAt: start, hash.value, words) { return term }
      start = end + 1
    }
    return nil
  }

  @inline(__always)
  private func term(beginningAt start: Int, _ hash: UInt32, _ words: UnsafeBufferPointer<UInt8>) -> Int? {
    var place = Int(hash) & (slots.count - 1)
    while slots[place].entry != 0 {
      if slots[place].hash == hash {
        let entry = entries[Int(slots[place].entry) - 1]
        if stands(entry.phrase, at: start, in: words) { return entry.term }
      }
      place = (place + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Whether a phrase stands at this place and ends where a word of the key ends.
  private func stands(_ phrase: Range<Int>, at start: Int, in words: UnsafeBufferPointer<UInt8>) -> Bool {
    let end = start + phrase.count
    guard end <= words.count, end == words.count || words[end] == UInt8(ascii: " ") else { return false }
    return phrases[phrase].elementsEqual(words[start..<end])
  }
}

/// A term that no key can contain, since it has no letter and no digit.
package struct WordTermError: Error, Equatable, CustomStringConvertible {
  /// The index of the term among those given.
  package var index: Int
  package var term: String

  package init(index: Int, term: String) {
    self.index = index
    self.term = term
  }

  package var description: String {
    "term \(index + 1) (\"\(term)\") has no letter or digit, so it would never match; remove it or write a word"
  }
}

/// The hash of a word, byte by byte. Not seeded: what is in the table comes from rules, not from spans.
private struct WordHash {
  private(set) var value: UInt32 = 0x811c_9dc5

  @inline(__always)
  mutating func combine(_ byte: UInt8) { value = (value ^ UInt32(byte)) &* 0x0100_0193 }
}
