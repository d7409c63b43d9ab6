internal import ProcessorHost

/// What the leak battery found, for a person to read.
struct LeakMatrixText {
  let matrix: LeakMatrix
  let policy: HidePolicy

  /// One line: how many secrets were planted. A set that leaves one does not load.
  var summary: String {
    if matrix.rows.isEmpty { return "leak battery: nothing is hidden, so nothing was planted" }
    let surfaces = LeakSurface.allCases.indices.count { place in matrix.rows.contains { $0.cells[place] != .none } }
    return
      "leak battery: \(matrix.plantCount) secrets planted for \(matrix.rows.count) matchers on \(surfaces) surfaces, "
      + (matrix.leaks.isEmpty ? "none left" : "\(matrix.leaks.count) left")
  }

  /// A line for each surface, a column for each matcher: how many secrets were planted there and hidden, `.` where none
  /// can stand, `LEAK` where one was left. Below, what the columns are.
  var table: [String] {
    let width = 5
    let names = LeakSurface.allCases.map(\.rawValue)
    let margin = (names.map(\.count).max() ?? 0) + 2
    var lines = [padded("", margin) + matrix.rows.indices.map { padded(left: "\($0 + 1)", width) }.joined()]
    for (place, name) in names.enumerated() {
      lines.append(padded(name, margin) + matrix.rows.map { padded(left: Self.text($0.cells[place]), width) }.joined())
    }
    for (number, row) in matrix.rows.enumerated() {
      let step = policy.steps[row.step]
      lines.append("\(padded(left: "\(number + 1)", 3))  match.\(row.matcher) (\(step.action.name)), \(step.origin)")
    }
    return lines
  }

  private static func text(_ cell: LeakMatrix.Cell) -> String {
    switch cell {
    case .none: "."
    case .hidden(let count): "\(count)"
    case .leak: "LEAK"
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func padded(left text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
