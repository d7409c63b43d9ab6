/// Pairs of words by which sentences about something are told from values: `store not configured`, `must be set`.
///
/// One such word alone can be part of a passphrase, and somebody who writes about a password says `is wrong` or `is not
/// working`: such pairs are left out where the first word may be a password.
enum StatementWords {
  /// Whether two words that follow each other make a sentence a message.
  ///
  /// - Parameter isWide: whether it begins like a message and stands within quotes, as those of forms do.
  static func isPair(_ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, isWide: Bool) -> Bool {
    for (firsts, seconds) in pairs where holds(firsts, first) && holds(seconds, second) { return true }
    return isWide && holds(verbs, first) && holds(faults, second)
  }

  private static func holds(_ list: [[UInt8]], _ word: UnsafeBufferPointer<UInt8>) -> Bool {
    list.contains { $0.count == word.count && zip($0, word).allSatisfy { $0 == $1.smallLetter } }
  }

  private static func list(_ words: String) -> [[UInt8]] { words.split(separator: " ").map { Array($0.utf8) } }

  private static let verbs = list("is are was were has be")
  private static let faults = list("too invalid incorrect expired wrong already weak")

  private static let pairs: [(firsts: [[UInt8]], seconds: [[UInt8]])] = [
    (list("must may can cannot can't should"), list("be not have contain include match exceed")),
    (
      list("not"),
      list(
        "found configured allowed supported set authenticated authorized defined available present empty permitted "
          + "required initialized loaded registered installed provided implemented specified exist")
    ),
    (list("is are was were be"), list("required forbidden missing empty blank challenged deprecated disabled")),
    (list("was were"), list("not")),
    (list("authentication validation verification check"), list("failed")),
    (list("complete completed"), list("after")),
  ]
}
