/// A value that a rule file made, as the host reads it: data, with nothing of the Lua state in it but references to
/// functions.
package indirect enum LuaValue: Sendable, Equatable {
  case none
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case text(String)
  case table(LuaTable)
  /// A word of the rule language with its arguments.
  case node(LuaNode)
  /// A function; the number is its reference in the state.
  case function(Int32)
  /// Something that has no place in a rule, by the name of its type.
  case other(String)

  /// The value's type as messages name it.
  package var typeName: String {
    switch self {
    case .none: "nothing"
    case .bool: "a boolean"
    case .int, .double: "a number"
    case .text: "a string"
    case .table: "a table"
    case .node(let node): node.kind
    case .function: "a function"
    case .other(let type): "a \(type)"
    }
  }

  package var text: String? { if case .text(let text) = self { text } else { nil } }
  package var table: LuaTable? { if case .table(let table) = self { table } else { nil } }
  package var node: LuaNode? { if case .node(let node) = self { node } else { nil } }

  /// A number as a double, whichever of Lua's two kinds it is.
  package var number: Double? {
    switch self {
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }
}

/// A table: its elements 1 to n, and its members by name in alphabetical order.
package struct LuaTable: Sendable, Equatable {
  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: LuaValue
  }

  package var elements: [LuaValue] = []
  package var members: [Member] = []
  /// A key that is neither in 1 to n nor a string, by its type.
  package var oddKey: String?

  package subscript(_ name: String) -> LuaValue? { members.first { $0.name == name }?.value }

  package init() {}

  /// The pairs as they were met, in any order.
  init(pairs: [(LuaValue, LuaValue)]) {
    var numbered: [Int64: LuaValue] = [:]
    for (key, value) in pairs {
      switch key {
      case .text(let name): members.append(Member(name: name, value: value))
      case .int(let index): numbered[index] = value
      default: oddKey = key.typeName
      }
    }
    members.sort { $0.name < $1.name }
    for index in 1..<Int64(numbered.count + 1) {
      guard let element = numbered[index] else {
        oddKey = "a number that does not follow on"
        break
      }
      elements.append(element)
    }
  }
}

/// A word of the rule language as a file used it.
package struct LuaNode: Sendable, Equatable {
  /// `rule`, `match.words`, `cut`, …
  package var kind: String
  /// The line it stands in.
  package var line: Int
  /// Counts the nodes of a file, the same each time the file is loaded.
  package var serial: UInt32
  package var arguments: [LuaValue]
}

/// Puts together what a walk over a Lua value reports.
struct LuaValueBuilder {
  /// What has begun and not ended: a table, or the node that it stands for.
  private struct Frame {
    var node: (kind: String, line: Int, serial: UInt32)?
    /// Keys and values by turns.
    var values: [LuaValue] = []
  }

  private var frames: [Frame] = []
  /// The last value that was walked whole.
  private(set) var result: LuaValue = .none

  mutating func beginTable() { frames.append(Frame()) }

  mutating func beginNode(kind: String, line: Int, serial: UInt32) {
    frames.append(Frame(node: (kind, line, serial)))
  }

  mutating func end() {
    guard let frame = frames.popLast() else { return }
    let pairs = stride(from: 0, to: frame.values.count - 1, by: 2).map { (frame.values[$0], frame.values[$0 + 1]) }
    guard let node = frame.node else { return add(.table(LuaTable(pairs: pairs))) }
    // Arguments may be nil in between; their numbers say where each stands.
    var arguments: [LuaValue] = []
    for (key, value) in pairs.sorted(by: { ($0.0.number ?? 0) < ($1.0.number ?? 0) }) {
      let place = Int(key.number ?? 1)
      while arguments.count < place - 1 { arguments.append(.none) }
      arguments.append(value)
    }
    add(.node(LuaNode(kind: node.kind, line: node.line, serial: node.serial, arguments: arguments)))
  }

  mutating func add(_ value: LuaValue) {
    if frames.isEmpty { result = value } else { frames[frames.count - 1].values.append(value) }
  }

  /// Forgets a walk that an error cut short.
  mutating func reset() {
    frames = []
    result = .none
  }
}
