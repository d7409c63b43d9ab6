/// Expressions for texts that may hold an assignment to one of the terms.
///
/// Every text in which a value is found matches one. A text that only has a term in a path or in brackets does not,
/// since white space, a separator or the end of a tag must follow the name. That a flag begins with `-` and an element
/// with `<` is left to the detector.
///
/// The expressions mean the same whether they are compiled for bytes or for UTF-8.
struct AssignmentTriggers {
  private(set) var expressions: [String] = []

  /// Bytes of a name.
  private static let name = ##"[^\x00-\x20!"#&'()*+,/:;<=>?@\\^`{|}~\x7f]"##
  /// What can part the words of a term: signs of names, one of them as a percent escape, or a space.
  private static let joint = #"(?:[-_.$%\[\] \t]|%(?:25)*(?:2[4de]|5[bdf]))*"#
  /// The rest of a name, what closes it, and what follows a name before a value; of two strings side by side, the quote
  /// of the second, and of a member that names another one, the end of its object.
  private static let assigned =
    name
    + #"*(?:["'`\\\]]|\\t|&(?:quot|apos|#34|#39);|\\u002[27])*(?:,?[\x00-\x20=:>!+?\x7f]|,\\*["'`b]|["'`]\}|%(?:25)*(?:3[ad]|2[1b]))"#

  /// - Parameters:
  ///   - phrases: the terms as lower-case words with spaces between them.
  ///   - holdPassword: whether `password` is a secret's name by them.
  init(_ phrases: [[UInt8]], holdPassword: Bool) {
    if phrases.isEmpty { return }
    let ascii = Set(phrases.filter { $0.allSatisfy { $0 < 0x80 } }).map(Self.expression).sorted()
    if !ascii.isEmpty {
      let term = "(?:" + ascii.joined(separator: "|") + ")"
      expressions.append("(?i)" + term + Self.assigned)
    }
    if holdPassword { expressions.append(#"(?i)identified by[\t ]+'"#) }
    // Any letter or digit of the term may be percent-escaped, a rare thing: nothing needs it.
    let escape = #"%(?:25)*(?:3[0-9]|[46][1-9a-f]|[57][0-9a]|[89a-f][0-9a-f])"#
    expressions.append("(?i)" + escape + Self.assigned)
    // Capitals beyond ASCII are too many to write out.
    if phrases.contains(where: { $0.contains { $0 >= 0x80 } }) {
      expressions.append(#"(?i)[^\x00-\x7f]"# + Self.assigned)
    }
  }

  private static func expression(_ phrase: [UInt8]) -> String {
    phrase.split(separator: UInt8(ascii: " ")).map(word).joined(separator: joint)
  }

  private static func word(_ word: ArraySlice<UInt8>) -> String {
    // The Kelvin sign is the one character beyond ASCII that is an ASCII letter in lower case.
    word.map { $0 == UInt8(ascii: "k") ? "(?:k|\u{212A})" : String(UnicodeScalar($0)) }.joined()
  }
}
