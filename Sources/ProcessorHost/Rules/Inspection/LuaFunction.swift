/// A compiled Lua function, as `lua_dump` writes it.
package struct LuaFunction: Sendable {
  /// Where a closure gets a variable from that is not its own.
  struct Upvalue: Sendable {
    /// Whether it is a local variable of the function around this one; else it is one of that function's upvalues.
    var isParentLocal: Bool
    /// The register, or the index of the upvalue.
    var index: Int
    /// Empty where the chunk was stripped.
    var name: String
  }

  /// A local variable, while it is in scope.
  struct Local: Sendable {
    var name: String
    var scope: Range<Int>
  }

  /// A constant. Only strings matter here; nil for every other kind.
  typealias Constant = String?

  /// The line of `function`; 0 for a main chunk.
  package internal(set) var firstLine: Int
  /// The line of `end`; 0 for a main chunk.
  package internal(set) var lastLine: Int
  package internal(set) var parameterCount: Int
  package internal(set) var functions: [LuaFunction] = []

  var code: [LuaInstruction] = []
  var constants: [Constant] = []
  var upvalues: [Upvalue] = []
  var locals: [Local] = [] {
    didSet { countLocals() }
  }
  /// For each instruction, how many local variables are in scope.
  private var localCounts: [Int] = []
  /// The line of each instruction.
  var lines: [Int] = []

  init(firstLine: Int, lastLine: Int, parameterCount: Int) {
    self.firstLine = firstLine
    self.lastLine = lastLine
    self.parameterCount = parameterCount
  }

  /// How many instructions the function has, those of functions inside it not counted.
  package var instructionCount: Int { code.count }

  /// The line that an instruction was compiled from; the function's first line where the chunk was stripped.
  func line(of pc: Int) -> Int { lines.indices.contains(pc) ? lines[pc] : firstLine }

  /// The lines that hold code of the function or of one inside it. What the compiler puts around it, the return at the
  /// end and what makes room for `...`, is none.
  var codeLines: Set<Int> {
    var found: Set<Int> = []
    for (pc, instruction) in code.enumerated().dropLast() where instruction.opcode != .prepareVarargs {
      found.insert(line(of: pc))
    }
    return functions.reduce(into: found) { $0.formUnion($1.codeLines) }
  }

  func constant(_ index: Int) -> Constant { constants.indices.contains(index) ? constants[index] : nil }

  /// How many registers hold local variables at an instruction: they are the lowest ones.
  func localCount(at pc: Int) -> Int { localCounts.indices.contains(pc) ? localCounts[pc] : 0 }

  private mutating func countLocals() {
    var changes = Array(repeating: 0, count: code.count + 1)
    for local in locals {
      changes[min(local.scope.lowerBound, code.count)] += 1
      changes[min(local.scope.upperBound, code.count)] -= 1
    }
    var count = 0
    localCounts = changes.map { change in
      count += change
      return count
    }
  }
}
