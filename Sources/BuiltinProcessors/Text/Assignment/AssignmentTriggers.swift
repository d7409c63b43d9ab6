/// Expressions for texts that may hold an assignment to one of the terms.
///
/// Every text in which a value is found matches one. They ask for the terms and for nothing behind them: what can follow
/// a name before its value kept the library busy for as long as all other detectors together, and in prose, where a
/// space may follow, it turned few texts away.
///
/// The expressions mean the same whether they are compiled for bytes or for UTF-8.
struct AssignmentTriggers {
  private(set) var expressions: [String] = []

  /// What can part the words of a term: signs of names, one of them as a percent escape, or a space.
  private static let joint = #"(?:[-_.$%\[\] \t]|%(?:25)*(?:2[4de]|5[bdf]))*"#
  /// The rest of a name, what closes it, and what follows a name before a value; of two strings side by side, the quote
  /// of the second, and of a member that names another one, the end of its object.
  private static let assigned =
    ##"[^\x00-\x20!"#&'()*+,/:;<=>?@\\^`{|}~\x7f]"##
    + #"*(?:["'`\\\]]|\\t|&(?:quot|apos|#34|#39);|\\u002[27])*(?:,?[\x00-\x20=:>!+?\x7f]|,\\*["'`b]|["'`]\}|%(?:25)*(?:3[ad]|2[1b]))"#

  /// - Parameters:
  ///   - phrases: the terms as lower-case words with spaces between them.
  ///   - holdPassword: whether `password` is a secret's name by them.
  init(_ phrases: [[UInt8]], holdPassword: Bool) {
    if phrases.isEmpty { return }
    let ascii = Set(phrases.filter { $0.allSatisfy { $0 < 0x80 } })
    expressions = Self.withoutLonger(ascii).map { "(?i)" + Self.expression($0) }.sorted()
    if holdPassword { expressions.append(#"(?i)identified by[\t ]+'"#) }
    // Any letter or digit of the term may be percent-escaped, a rare thing: nothing needs it.
    expressions.append("(?i)%(?:25)*(?:3[0-9]|[46][1-9a-f]|[57][0-9a]|[89a-f][0-9a-f])")
    // Capitals beyond ASCII are too many to write out. Whole texts are written in such letters, so more is asked here.
    if phrases.contains(where: { $0.contains { $0 >= 0x80 } }) {
      expressions.append(#"(?i)[^\x00-\x7f]"# + Self.assigned)
    }
  }

  /// The terms without those in which another term stands: where `auth` is one, `authorization` tells nothing more.
  private static func withoutLonger(_ phrases: Set<[UInt8]>) -> [[UInt8]] {
    let single = phrases.filter { !$0.isEmpty && !$0.contains(UInt8(ascii: " ")) }
    return phrases.filter { phrase in
      !single.contains { $0.count < phrase.count && Self.contains(phrase, $0) }
    }
  }

  private static func contains(_ phrase: [UInt8], _ word: [UInt8]) -> Bool {
    (0...phrase.count - word.count).contains { phrase[$0...].starts(with: word) }
  }

  private static func expression(_ phrase: [UInt8]) -> String {
    phrase.split(separator: UInt8(ascii: " ")).map(word).joined(separator: joint)
  }

  private static func word(_ word: ArraySlice<UInt8>) -> String {
    // The Kelvin sign is the one character beyond ASCII that is an ASCII letter in lower case.
    word.map { $0 == UInt8(ascii: "k") ? "(?:k|\u{212A})" : String(UnicodeScalar($0)) }.joined()
  }
}
