/// Whether the installed library finds what it is asked to find.
///
/// The interface is that of Hyperscan; the library behind it can be Hyperscan or its portable fork Vectorscan, whichever
/// a system has. Vectorscan up to 5.4.11 or so passes over matches, without a word: where it skips to the next place at
/// which an expression can begin, it loses those that lie across two of its blocks (about 4 % of all places for
/// `[ab][cd]x`; in a set of many expressions, up to 77 % for one). For a host that hides secrets that is a leak. So it
/// is tried, once in a process, and where it fails nothing relies on it.
package enum PatternLibrary {
  package static let isReliable = findsEverywhere()

  /// What an unreliable library is called in errors.
  package static let unreliable =
    "the installed Hyperscan library passes over matches, as Vectorscan 5.4.9 does; install Hyperscan "
    + "(libhyperscan-dev), or a later Vectorscan"

  private static let trials: [(patterns: [String], match: String)] = [
    (["[ab][cd]x"], "acx"), (["@[a-z]+"], "@abc"), (["[a-f][0-9]{3}z"], "a123z"),
    (["(?i)bearer ", "(?i)basic "], "Bearer "),
  ]

  /// Looks for matches at every place of texts of three lengths, between letters that belong to no match.
  private static func findsEverywhere() -> Bool {
    trials.allSatisfy { patterns, match in
      let expressions = patterns.map { PatternDatabase.Expression(pattern: $0, options: [], id: 0) }
      guard let database = try? PatternDatabase(expressions) else { return false }
      let scanner = PatternDatabase.Scanner(database)
      return (0..<160).allSatisfy { before in
        [0, 7, 63].allSatisfy { after in
          let text = [UInt8](repeating: 0x71, count: before) + match.utf8 + [UInt8](repeating: 0x71, count: after)
          var found = TextRanges()
          text.withUnsafeBufferPointer { scanner.find(in: $0, into: &found) }
          return !found.ranges.isEmpty
        }
      }
    }
  }
}
