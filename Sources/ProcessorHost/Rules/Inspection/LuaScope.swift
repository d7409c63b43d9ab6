/// Where a variable lives that a function reaches as an upvalue.
enum LuaVariable: Hashable {
  /// An upvalue of the function that was dumped: outside of it. For a main chunk that is the environment.
  case outside(Int)
  /// A local variable of a function that was dumped with it, which is so many levels below the dumped one.
  case local(depth: Int, register: Int)
}

/// A function inside a chunk, with what it takes to follow its upvalues to where they live.
struct LuaScope {
  let function: LuaFunction
  /// How many functions are around it.
  let depth: Int
  /// Where each of its upvalues lives.
  let variables: [LuaVariable]
  /// The variable that holds the globals, where the chunk has one.
  let environment: LuaVariable?

  init(main: LuaFunction) {
    function = main
    depth = 0
    variables = main.upvalues.indices.map { .outside($0) }
    environment = main.upvalues.firstIndex { $0.name == "_ENV" }.map { .outside($0) }
  }

  private init(_ function: LuaFunction, in parent: LuaScope) {
    self.function = function
    depth = parent.depth + 1
    environment = parent.environment
    variables = function.upvalues.map { upvalue in
      if upvalue.isParentLocal || !parent.variables.indices.contains(upvalue.index) {
        return .local(depth: parent.depth, register: upvalue.index)
      }
      return parent.variables[upvalue.index]
    }
  }

  func variable(_ upvalue: Int) -> LuaVariable? { variables.indices.contains(upvalue) ? variables[upvalue] : nil }

  func isEnvironment(_ upvalue: Int) -> Bool { environment != nil && variable(upvalue) == environment }

  /// Whether the function can change a variable that it does not own.
  func assigns(_ variable: LuaVariable) -> Bool {
    function.code.contains { $0.opcode == .setUpvalue && self.variable($0.b) == variable }
  }

  /// The functions directly inside this one, in the order of their text.
  var inner: [LuaScope] { function.functions.map { LuaScope($0, in: self) } }

  /// This function and every one inside it.
  var all: [LuaScope] { [self] + inner.flatMap(\.all) }
}
