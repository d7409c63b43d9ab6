/// How much of a rule its tests touch: what it hides, entry by entry, and the lines of its hook.
///
/// It says what was tried, not that what came out was looked at.
package struct RuleCoverage: Sendable, Equatable {
  /// One entry of what a rule hides: a word, a detector, a pattern, a name, an exception.
  package struct Entry: Sendable, Equatable {
    /// The matcher's name in the rule language: `words`, `text`.
    package var matcher: String
    /// The entry as it may be shown. A value that is looked for may be a secret and is only counted.
    package var item: String
    /// Whether it is one that its matcher leaves alone.
    package var isException = false
    /// Where it stands: the rule's file, or that of a list.
    package var file: String
    package var line: Int?
    /// Whether it hit something in a span of a test; for an exception, whether it kept something from being hit.
    package var isTouched = false
  }

  package var rule: String
  /// How many tests the rule has.
  package var tests: Int
  package var entries: [Entry]
  /// The lines of the hook, and of functions that it can call, that hold code.
  package var lines: Set<Int>
  /// Those of them that ran.
  package var linesRun: Set<Int>

  package var tally: Tally {
    Tally(
      entries: entries.count, entriesTouched: entries.count { $0.isTouched }, lines: lines.count,
      linesRun: linesRun.count)
  }

  /// The lines that did not run, in ranges. Lines without code do not part those around them.
  package var missingLines: [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    var isOpen = false
    for line in lines.sorted() {
      if linesRun.contains(line) {
        isOpen = false
      } else if isOpen, let last = ranges.last {
        ranges[ranges.count - 1] = last.lowerBound...line
      } else {
        ranges.append(line...line)
        isOpen = true
      }
    }
    return ranges
  }

  /// What was touched of how much.
  package struct Tally: Sendable, Equatable {
    package var entries = 0
    package var entriesTouched = 0
    package var lines = 0
    package var linesRun = 0

    package init(entries: Int = 0, entriesTouched: Int = 0, lines: Int = 0, linesRun: Int = 0) {
      self.entries = entries
      self.entriesTouched = entriesTouched
      self.lines = lines
      self.linesRun = linesRun
    }

    /// Entries and lines together, as a whole number of percent that is 100 only where nothing is left.
    package var percent: Int {
      let all = entries + lines
      return all == 0 ? 100 : (entriesTouched + linesRun) * 100 / all
    }

    package static func + (left: Self, right: Self) -> Self {
      Self(
        entries: left.entries + right.entries, entriesTouched: left.entriesTouched + right.entriesTouched,
        lines: left.lines + right.lines, linesRun: left.linesRun + right.linesRun)
    }
  }
}

extension [RuleCoverage] {
  /// All rules together.
  package var tally: RuleCoverage.Tally { map(\.tally).reduce(RuleCoverage.Tally(), +) }
}
