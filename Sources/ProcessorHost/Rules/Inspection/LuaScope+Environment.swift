/// One use of the environment, the table of globals.
struct LuaEnvironmentUse {
  enum Kind {
    case read(name: String)
    case write(name: String)
    /// The table itself is passed around or replaced.
    case value
  }

  var kind: Kind
  /// The instruction that does it.
  var pc: Int
}

extension LuaScope {
  /// What the function does with the environment, in the order of its code.
  var environmentUses: [LuaEnvironmentUse] { function.code.indices.compactMap(environmentUse) }

  private func environmentUse(at pc: Int) -> LuaEnvironmentUse? {
    let instruction = function.code[pc]
    switch instruction.opcode {
    case .getUpvalueField where isEnvironment(instruction.b):
      return use({ .read(name: $0) }, instruction.c, pc)
    case .setUpvalueField where isEnvironment(instruction.a):
      return use({ .write(name: $0) }, instruction.b, pc)
    case .setUpvalue where isEnvironment(instruction.b):
      return LuaEnvironmentUse(kind: .value, pc: pc)
    case .getUpvalue where isEnvironment(instruction.b):
      return indirectUse(at: pc) ?? LuaEnvironmentUse(kind: .value, pc: pc)
    default:
      return nil
    }
  }

  private func use(_ kind: (String) -> LuaEnvironmentUse.Kind, _ key: Int, _ pc: Int) -> LuaEnvironmentUse {
    LuaEnvironmentUse(kind: function.constant(key).map(kind) ?? .value, pc: pc)
  }

  /// An ordinary global whose name does not fit into the instruction, because it is longer than 40 bytes or not among
  /// the function's first 256 constants: the compiler loads the environment and the name into two temporary registers,
  /// and reads at once, or assigns when the value has been worked out.
  ///
  /// Anything that does not look exactly like that is taken for a use of the environment as a value.
  private func indirectUse(at pc: Int) -> LuaEnvironmentUse? {
    let code = function.code
    let register = code[pc].a
    guard pc + 2 < code.count, code[pc + 1].opcode == .loadConstant, code[pc + 1].a == register + 1,
      let name = function.constant(code[pc + 1].bx)
    else { return nil }
    for next in pc + 2..<code.count {
      // Below this count registers are variables, which keep the table after the statement.
      guard function.localCount(at: next) <= register else { return nil }
      let instruction = code[next]
      switch instruction.opcode {
      case .getTable where next == pc + 2 && instruction.b == register && instruction.c == register + 1:
        return LuaEnvironmentUse(kind: .read(name: name), pc: next)
      case .setTable where instruction.a == register && instruction.b == register + 1:
        return LuaEnvironmentUse(kind: .write(name: name), pc: next)
      case let opcode where opcode.writesA && instruction.a <= register + 1: return nil
      case let opcode where opcode.endsStatement: return nil
      default: continue
      }
    }
    return nil
  }
}

extension LuaOpcode {
  /// Whether the instruction cannot stand between the two halves of an assignment to a global.
  fileprivate var endsStatement: Bool {
    switch self {
    case .setUpvalue, .setUpvalueField, .returnValues, .returnNothing, .returnOne, .tailCall, .forPrepare, .forLoop,
      .genericForPrepare, .genericForLoop, .close, .toBeClosed:
      true
    default: false
    }
  }
}
