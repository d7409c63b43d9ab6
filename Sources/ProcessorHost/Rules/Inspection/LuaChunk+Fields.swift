extension LuaChunk {
  /// The fields and methods that are used by a constant name, in the dumped function and in those inside it. Globals
  /// are none of them. Neither are names that are worked out, as in `value[key]`.
  package var fieldNames: [LuaFieldUse] {
    LuaScope(main: main).all.flatMap { scope in
      let reader = LuaFieldReader(scope)
      return scope.function.code.indices.compactMap { reader.field(at: $0)?.use }
    }
  }

  /// The fields of the dumped function's first parameter that it uses itself, as in `span.attributes`, by a constant
  /// name and while the parameter certainly is what the caller passed.
  package var firstParameterFields: [LuaFieldUse] {
    guard main.parameterCount > 0 else { return [] }
    let scope = LuaScope(main: main)
    let reader = LuaFieldReader(scope)
    // A jump back from beyond an assignment can bring the new value to any instruction after its target.
    let assignment = firstParameterAssignment(scope) ?? main.code.count
    let targets = main.code.indices.filter { $0 >= assignment }.compactMap(main.jumpTarget)
    let limit = min(assignment, targets.min() ?? assignment)
    return main.code.indices.prefix(limit).compactMap { pc in
      guard let field = reader.field(at: pc), field.register == 0 else { return nil }
      return field.use
    }
  }

  /// The first instruction that assigns to the first parameter, or makes a closure that can.
  private func firstParameterAssignment(_ scope: LuaScope) -> Int? {
    let inner = scope.inner
    return main.code.firstIndex { instruction in
      if instruction.opcode == .closure, inner.indices.contains(instruction.bx) {
        return inner[instruction.bx].all.contains { $0.assigns(.local(depth: 0, register: 0)) }
      }
      return instruction.opcode.writesA && instruction.a == 0
    }
  }
}
