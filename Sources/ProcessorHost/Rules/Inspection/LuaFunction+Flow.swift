/// How control can move through a function, functions inside it not counted: they have answers of their own.
extension LuaFunction {
  /// Whether an instruction can run twice in one call: a loop, or a `goto` backwards.
  package var hasBackwardJump: Bool {
    code.contains { instruction in
      switch instruction.opcode {
      case .forLoop, .genericForLoop: true
      case .jump: instruction.jumpDistance < 0
      default: false
      }
    }
  }

  /// Whether it calls anything by a call in its text. Reading or writing a field of a host's object is none.
  package var hasCalls: Bool {
    code.contains { [.call, .tailCall, .genericForCall].contains($0.opcode) }
  }

  /// Whether one call of it runs at most `instructionCount` instructions of Lua in all.
  package var isStraightLine: Bool { !hasBackwardJump && !hasCalls }

  /// Where an instruction can continue other than at the next one; nil where it does not jump.
  func jumpTarget(of pc: Int) -> Int? {
    let instruction = code[pc]
    return switch instruction.opcode {
    case .jump: pc + 1 + instruction.jumpDistance
    case .forLoop, .genericForLoop: pc + 1 - instruction.bx
    case .forPrepare: pc + 2 + instruction.bx
    case .genericForPrepare: pc + 1 + instruction.bx
    case .loadFalseAndSkip: pc + 2
    default: nil
    }
  }
}
