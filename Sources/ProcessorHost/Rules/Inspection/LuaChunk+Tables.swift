extension LuaChunk {
  /// Fields that a table constructor gives twice, as in `{ hide = a, hide = b }`: the first value would be lost without a
  /// word. Names that are worked out are not seen.
  package var fieldsGivenTwice: [LuaNameUse] { LuaScope(main: main).all.flatMap(fieldsGivenTwice) }

  /// A constructor's table lies in a register that no variable has yet, and what its values need lies above that. So a
  /// register that a table was made in, and that is neither written again nor a variable, is a constructor under way.
  private func fieldsGivenTwice(_ scope: LuaScope) -> [LuaNameUse] {
    let function = scope.function
    let reader = LuaFieldReader(scope)
    var open: [Int: Set<String>] = [:]
    var found: [LuaNameUse] = []
    for (pc, instruction) in function.code.enumerated() {
      if let field = reader.field(at: pc), field.use.access == .write, let register = field.register,
        register >= function.localCount(at: pc), let known = open[register]
      {
        if known.contains(field.use.name) { found.append(LuaNameUse(field.use.name, line: field.use.line)) }
        open[register] = known.union([field.use.name])
      }
      guard instruction.opcode.writesA else { continue }
      for register in open.keys where register >= instruction.a { open[register] = nil }
      if instruction.opcode == .newTable { open[instruction.a] = [] }
    }
    return found
  }
}
