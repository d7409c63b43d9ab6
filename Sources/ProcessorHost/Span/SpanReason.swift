internal import Synchronization

/// A constant name by which the ledger counts: why a span was kept, sampled or dropped.
///
/// Spans carry it as a number, so that giving a reason copies no text. Making one takes a lock; make it once and keep
/// it. The names are remembered for good, which is why they have to be constants and never data of a span.
public struct SpanReason: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  private struct Table {
    var names: [String] = []
    var numbers: [String: Int32] = [:]
  }

  private static let table = Mutex(Table())

  private let number: Int32

  /// The reason of this name, which must be a constant.
  public init(_ name: String) {
    number = Self.table.withLock { table in
      if let known = table.numbers[name] { return known }
      let number = Int32(table.names.count)
      table.names.append(name)
      table.numbers[name] = number
      return number
    }
  }

  /// The reason of this name.
  public init(stringLiteral name: String) { self.init(name) }

  /// The name it was made with. Takes a lock.
  public var name: String { Self.table.withLock { $0.names[Int(number)] } }

  /// The name it was made with.
  public var description: String { name }
}
