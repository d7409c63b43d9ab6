/// Globals are fields of the environment, which the main chunk has as its upvalue `_ENV`.
extension LuaChunk {
  /// Global variables that are read, function by function.
  package var globalReads: [LuaNameUse] {
    globalUses { if case .read(let name) = $0 { name } else { nil } }
  }

  /// Global variables that are assigned to, function by function.
  package var globalWrites: [LuaNameUse] {
    globalUses { if case .write(let name) = $0 { name } else { nil } }
  }

  /// Lines in which the environment is used in any other way: as a value, assigned to, or shadowed by a local variable
  /// or parameter of the name `_ENV`. Whoever does that can reach globals by names that no inspection sees.
  package var environmentUses: [Int] {
    LuaScope(main: main).all.flatMap { scope in
      let uses = scope.environmentUses.filter { if case .value = $0.kind { true } else { false } }
      return uses.map { scope.function.line(of: $0.pc) } + environmentShadows(scope.function)
    }
  }

  private func globalUses(_ name: (LuaEnvironmentUse.Kind) -> String?) -> [LuaNameUse] {
    LuaScope(main: main).all.flatMap { scope in
      scope.environmentUses.compactMap { use in
        name(use.kind).map { LuaNameUse($0, line: scope.function.line(of: use.pc)) }
      }
    }
  }

  private func environmentShadows(_ function: LuaFunction) -> [Int] {
    function.locals.filter { $0.name == "_ENV" }.map { local in
      // A scope begins after the instruction that gives the variable its value; a parameter's before the first one.
      let start = local.scope.lowerBound
      return start == 0 ? function.firstLine : function.line(of: start - 1)
    }
  }
}
