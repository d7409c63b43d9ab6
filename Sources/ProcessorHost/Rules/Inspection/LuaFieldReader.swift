/// Finds the fields that one function uses by constant names.
struct LuaFieldReader {
  /// A field, and the register of the value whose field it is; nil for an upvalue's.
  typealias Found = (register: Int?, use: LuaFieldUse)

  private let scope: LuaScope
  private let function: LuaFunction
  /// Instructions that are reached from elsewhere than the one before them.
  private let targets: Set<Int>
  /// Instructions that read or assign a global whose name did not fit into them.
  private let globals: Set<Int>

  init(_ scope: LuaScope) {
    self.scope = scope
    function = scope.function
    targets = Set(scope.function.code.indices.compactMap(scope.function.jumpTarget))
    globals = Set(scope.environmentUses.map(\.pc))
  }

  func field(at pc: Int) -> Found? {
    if globals.contains(pc) { return nil }
    let instruction = function.code[pc]
    let (register, name, access): (Int?, String?, LuaFieldUse.Access)
    switch instruction.opcode {
    case .getField: (register, name, access) = (instruction.b, function.constant(instruction.c), .read)
    case .setField: (register, name, access) = (instruction.a, function.constant(instruction.b), .write)
    case .selfField where instruction.k:
      (register, name, access) = (instruction.b, function.constant(instruction.c), .method)
    case .selfField: (register, name, access) = (instruction.b, loadedName(instruction.c, pc), .method)
    case .getTable: (register, name, access) = (instruction.b, loadedName(instruction.c, pc), .read)
    case .setTable: (register, name, access) = (instruction.a, loadedName(instruction.b, pc), .write)
    case .getUpvalueField: (register, name, access) = (nil, function.constant(instruction.c), .read)
    case .setUpvalueField: (register, name, access) = (nil, function.constant(instruction.b), .write)
    default: return nil
    }
    return name.map { (register, LuaFieldUse($0, line: function.line(of: pc), access)) }
  }

  /// A constant name that did not fit into the instruction, and was loaded into a temporary register before it.
  ///
  /// Nil for a variable, and for a register that several ways lead to with different values.
  private func loadedName(_ register: Int, _ pc: Int) -> String? {
    guard register >= function.localCount(at: pc) else { return nil }
    var index = pc
    while index > 0, !targets.contains(index) {
      index -= 1
      let instruction = function.code[index]
      guard instruction.opcode.writesA, instruction.a <= register else { continue }
      guard instruction.opcode == .loadConstant, instruction.a == register else { return nil }
      return function.constant(instruction.bx)
    }
    return nil
  }
}
