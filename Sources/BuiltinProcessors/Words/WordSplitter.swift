/// Cuts an attribute key into lower-case words: `X-Auth-Token`, `xAuthToken` and `x_auth_token` are all `x auth token`.
///
/// Words end at every ASCII character that is neither letter nor digit, where a capital follows a small letter, before
/// the last capital of a run that small letters follow (`APIKey` is `api key`), and between letters and digits. Other
/// characters than ASCII count as letters and are folded by Unicode's full lower-case mapping.
///
/// A run of capitals before small letters can be meant in two ways: `APIKey` is `api key`, but `DBpassword` is
/// `db password`. `Run` says which; whoever looks for secrets looks at both.
///
/// The result is a *phrase*: the words with one space between them. A space cannot stand inside a word, so whether a
/// key contains a sequence of words is a comparison of bytes.
package struct WordSplitter {
  /// To which word the last of a run of capitals belongs when small letters follow.
  package enum Run {
    /// To the small letters: `API|Key`.
    case endsBeforeLast
    /// To the capitals: `DB|password`.
    case endsAfterLast
  }

  /// Where the phrase is put together; the caller has made sure that it fits.
  private let output: UnsafeMutableBufferPointer<UInt8>
  private var count = 0
  /// What the last character was, and the one before it; `separator` at the start.
  private var last = CharacterKind.separator
  private var beforeLast = CharacterKind.separator
  /// Where the last character begins in the output.
  private var lastStart = 0
  private let run: Run

  private init(_ output: UnsafeMutableBufferPointer<UInt8>, _ run: Run) {
    self.output = output
    self.run = run
  }

  /// Runs `body` on the phrase of a key. Allocates nothing for ASCII keys of up to 512 bytes.
  ///
  /// - Parameter key: UTF-8; malformed sequences are taken as U+FFFD.
  @inline(__always)
  package static func withPhrase<Result>(
    of key: UnsafeBufferPointer<UInt8>, run: Run = .endsBeforeLast, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    // A break before every character is the most there can be. Up to 1,024 bytes this comes from the stack.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: key.count * 2) { scratch in
      var splitter = WordSplitter(scratch, run)
      if splitter.appendASCII(key) {
        return body(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(scratch)[..<splitter.count]))
      }
      return foldedPhrase(of: key, run).withUnsafeBufferPointer(body)
    }
  }

  /// The phrase of a text as bytes of its own.
  package static func phrase(of text: String) -> [UInt8] {
    Array(text.utf8).withUnsafeBufferPointer { key in withPhrase(of: key) { Array($0) } }
  }

  /// Appends a whole key; false as soon as a byte is not ASCII.
  @inline(__always)
  private mutating func appendASCII(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    for byte in key {
      if byte >= 0x80 { return false }
      let kind = CharacterKind(ascii: byte)
      breakWord(before: kind)
      if kind == .separator { continue }
      output[count] = kind == .upper ? byte | 0x20 : byte
      count += 1
    }
    return true
  }

  /// The way for keys with other characters than ASCII: scalar by scalar, since one may fold to several.
  private static func foldedPhrase(of key: UnsafeBufferPointer<UInt8>, _ run: Run) -> [UInt8] {
    let scalars = String(decoding: key, as: UTF8.self).unicodeScalars
    let folded = scalars.map { scalar in
      (kind: CharacterKind(scalar), bytes: Array(scalar.properties.lowercaseMapping.utf8))
    }
    let capacity = folded.reduce(0) { $0 + $1.bytes.count + 1 }
    return Array(unsafeUninitializedCapacity: capacity) { buffer, initialized in
      var splitter = WordSplitter(buffer, run)
      for character in folded {
        splitter.breakWord(before: character.kind)
        if character.kind == .separator { continue }
        for byte in character.bytes {
          buffer[splitter.count] = byte
          splitter.count += 1
        }
      }
      initialized = splitter.count
    }
  }

  /// Puts a space where a character of this kind begins a new word, and remembers the character.
  @inline(__always)
  private mutating func breakWord(before kind: CharacterKind) {
    if kind != last, kind != .separator, count > 0 {
      if kind == .lower, last == .upper {
        if beforeLast == .upper { endRun() }
      } else {
        output[count] = UInt8(ascii: " ")
        count += 1
      }
    }
    beforeLast = last
    last = kind
    lastStart = count
  }

  /// Ends the word that a run of capitals makes, before its last one or after it.
  private mutating func endRun() {
    let end = run == .endsBeforeLast ? lastStart : count
    var index = count
    while index > end {
      output[index] = output[index - 1]
      index -= 1
    }
    output[end] = UInt8(ascii: " ")
    count += 1
  }

  /// Whether the two ways to end a run of capitals differ for a key: it has two capitals before a small letter, or
  /// letters that are not ASCII, for which this does not look.
  static func isAmbiguous(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    var capitals = 0
    for byte in key {
      if byte >= 0x80 { return true }
      if CharacterKind(ascii: byte) == .lower, capitals >= 2 { return true }
      capitals = CharacterKind(ascii: byte) == .upper ? capitals + 1 : 0
    }
    return false
  }
}

/// What a character is to word boundaries.
private enum CharacterKind {
  case separator
  case lower
  case upper
  case digit

  @inline(__always)
  init(ascii byte: UInt8) {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .lower
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .upper
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
    default: self = .separator
    }
  }

  init(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      self.init(ascii: UInt8(truncatingIfNeeded: scalar.value))
    } else {
      self = scalar.properties.isUppercase ? .upper : .lower
    }
  }
}
