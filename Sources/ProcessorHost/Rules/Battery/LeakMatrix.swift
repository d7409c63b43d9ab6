/// What the leak battery found: for each matcher in force and each surface, whether what was planted was hidden.
package struct LeakMatrix: Sendable {
  /// What became of what one matcher has to hide on one surface.
  package enum Cell: Sendable, Equatable {
    /// Nothing of this kind can stand there.
    case none
    /// So many secrets were planted, and none was left.
    case hidden(Int)
    /// Something was left.
    case leak
  }

  /// One matcher: of one step, and within `match.text` one detector.
  package struct Row: Sendable {
    /// The matcher in the rule language's words: `words`, `text email`.
    package var matcher: String
    /// The index of the step in the policy.
    package var step: Int
    /// A cell for each surface, in the order of `LeakSurface.allCases`.
    package var cells: [Cell]
  }

  package var rows: [Row] = []

  /// What was left, by matcher and surface.
  package var leaks: [(row: Row, surface: LeakSurface)] {
    rows.flatMap { row in
      zip(row.cells, LeakSurface.allCases).compactMap { $0 == .leak ? (row, $1) : nil }
    }
  }

  /// How many secrets were planted.
  package var plantCount: Int {
    rows.reduce(0) { sum, row in
      row.cells.reduce(sum) { if case .hidden(let count) = $1 { $0 + count } else { $0 + ($1 == .leak ? 1 : 0) } }
    }
  }
}
