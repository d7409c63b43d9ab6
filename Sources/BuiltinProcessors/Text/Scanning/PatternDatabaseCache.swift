internal import Synchronization

/// Compiled databases by their expressions: compiling takes tens of milliseconds, and a rule set is loaded again and
/// again, mostly with the expressions of the one before.
enum PatternDatabaseCache {
  /// How many are kept: those of a few rule sets.
  static let capacity = 16

  private struct Entry {
    var expressions: [PatternDatabase.Expression]
    var database: PatternDatabase
  }

  /// The one used last stands at the end.
  private static let entries = Mutex<[Entry]>([])

  static func database(
    for expressions: [PatternDatabase.Expression]
  ) throws(PatternError) -> PatternDatabase {
    let known = entries.withLock { entries -> PatternDatabase? in
      guard let index = entries.firstIndex(where: { $0.expressions == expressions }) else { return nil }
      entries.append(entries.remove(at: index))
      return entries.last?.database
    }
    if let known { return known }
    let database = try PatternDatabase(expressions)
    entries.withLock { entries in
      if entries.count == capacity { entries.removeFirst() }
      entries.append(Entry(expressions: expressions, database: database))
    }
    return database
  }
}
