/// "Did you mean": the known name that is nearest to a misspelt one.
package enum Suggestion {
  /// The nearest of `candidates` within two edits, or nil.
  static func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
    let scored = candidates.map { (name: $0, distance: distance(name, $0)) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    let bound = min(2, max(1, name.count / 3))
    return best.distance <= bound ? best.name : nil
  }

  /// The sentence to add to an error: `; did you mean x?`, or what there is.
  package static func hint(for name: String, in candidates: [String]) -> String {
    if let near = nearest(to: name, in: candidates) { return "; did you mean \(near)?" }
    return "; there are \(candidates.sorted().joined(separator: ", "))"
  }

  /// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
  static func distance(_ left: String, _ right: String) -> Int {
    let a = Array(left.utf8)
    let b = Array(right.utf8)
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          row[j] = min(row[j], beforeLast[j - 2] + 1)
        }
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
