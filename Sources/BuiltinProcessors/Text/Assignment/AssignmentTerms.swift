/// The words of a step, and what it leaves alone, made ready for names inside text.
struct AssignmentTerms: Sendable {
  private let words: WordSet
  private let except: NameSet
  /// The last words of terms of several words, for names that are written with a space or a dot: `api key: …`.
  private var lastWords: [[UInt8]] = []
  /// No name shorter than this is looked up: 2, as in `session id: …`, unless a term is a single letter.
  private(set) var shortestName = 2

  /// Whether `password` is a secret's name.
  private(set) var holdPassword = false

  let isEmpty: Bool

  init(_ words: [String], except: [String]) throws(WordTermError) {
    self.words = try WordSet(words)
    self.except = NameSet(except)
    isEmpty = words.isEmpty
    for word in words { add(WordSplitter.phrase(of: word)) }
    holdPassword = Array("password".utf8).withUnsafeBufferPointer { hold($0, whole: $0) }
  }

  private mutating func add(_ phrase: [UInt8]) {
    let words = phrase.split(separator: UInt8(ascii: " "))
    if words.count > 1, let last = words.last, !lastWords.contains(Array(last)) { lastWords.append(Array(last)) }
    // Letters beyond ASCII may be shorter in capitals.
    let isASCII = phrase.allSatisfy { $0 < 0x80 }
    shortestName = min(shortestName, isASCII ? phrase.count : 1)
  }

  /// Whether a name holds a term and is none of those that are left alone.
  func hold(_ name: UnsafeBufferPointer<UInt8>, whole: UnsafeBufferPointer<UInt8>) -> Bool {
    guard words.contains(name) != nil else { return false }
    return except.isEmpty || !(except.contains(Self.trimmed(whole)) || except.contains(name))
  }

  /// Whether a name inside text holds a term, and does not say something else about the secret: `token_type`.
  func holdSecret(_ name: UnsafeBufferPointer<UInt8>, whole: UnsafeBufferPointer<UInt8>) -> Bool {
    hold(name, whole: whole) && !isDescription(name)
  }

  /// Whether the last word of a name says that its value describes a secret, and is no part of a term.
  private func isDescription(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    var start = name.count
    while start > 0, name[start - 1].isLetter, name.count - start < 16 {
      start -= 1
      // `sessionAffinity`
      if name[start].isCapital, start > 0, !name[start - 1].isCapital { break }
    }
    let word = UnsafeBufferPointer(rebasing: name[start...])
    let isOne = Self.descriptions.contains { description in
      description.count == word.count
        && zip(description, word).allSatisfy { $0 == $1.smallLetter }
    }
    return isOne && start > 0 && !endsTerm(word) && !hold(word, whole: word)
  }

  /// Last words of names whose values are numbers, switches, kinds or places, and tell nobody a secret.
  private static let descriptions =
    "affinity alg algorithm attempts capacity count enabled expiry length method methods path required scope scopes stdin supported timeout ttl type types version"
    .split(separator: " ").map { Array($0.utf8) }

  /// Whether a term ends with this word and has others before it.
  func endsTerm(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
    for last in lastWords where last.count == word.count {
      if zip(last, word).allSatisfy({ $0 == $1.smallLetter }) { return true }
    }
    return false
  }

  /// A name without the signs of flags, variables and array members around it, which no exception is written with.
  private static func trimmed(_ name: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = name.count
    while start < end, isSign(name[start]) { start += 1 }
    while end > start, isSign(name[end - 1]) { end -= 1 }
    return UnsafeBufferPointer(rebasing: name[start..<end])
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "$"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "."): true
    default: false
    }
  }
}
