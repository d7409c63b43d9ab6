extension LuaChunk {
  /// Assignments to variables that live outside of the dumped function, made by it or by a function inside it.
  ///
  /// For a dumped hook these are the variables that would carry state from one span to the next.
  package var outerAssignments: [LuaNameUse] {
    LuaScope(main: main).all.flatMap { scope in
      scope.function.code.enumerated().compactMap { pc, instruction in
        guard instruction.opcode == .setUpvalue, case .outside(let index) = scope.variable(instruction.b) else {
          return nil
        }
        return LuaNameUse(main.upvalues[index].name, line: scope.function.line(of: pc))
      }
    }
  }
}
