/// The instructions of Lua 5.4's virtual machine. Their order gives their numbers in the bytecode, and is the same in
/// 5.4.0 to 5.4.7.
enum LuaOpcode: UInt8 {
  case move, loadInteger, loadFloat, loadConstant, loadConstantExtra
  case loadFalse, loadFalseAndSkip, loadTrue, loadNil
  case getUpvalue, setUpvalue
  case getUpvalueField, getTable, getIndex, getField
  case setUpvalueField, setTable, setIndex, setField
  case newTable, selfField
  case addImmediate
  case addConstant, subtractConstant, multiplyConstant, moduloConstant, powerConstant, divideConstant
  case floorDivideConstant
  case andConstant, orConstant, xorConstant
  case shiftRightImmediate, shiftLeftImmediate
  case add, subtract, multiply, modulo, power, divide, floorDivide
  case and, or, xor, shiftLeft, shiftRight
  case metamethod, metamethodImmediate, metamethodConstant
  case negate, complement, not, length
  case concatenate
  case close, toBeClosed, jump
  case equal, lessThan, lessOrEqual
  case equalConstant, equalImmediate, lessThanImmediate, lessOrEqualImmediate
  case greaterThanImmediate, greaterOrEqualImmediate
  case test, testSet
  case call, tailCall
  case returnValues, returnNothing, returnOne
  case forLoop, forPrepare
  case genericForPrepare, genericForCall, genericForLoop
  case setList
  case closure
  case varargs, prepareVarargs
  case extraArgument

  /// Whether the instruction writes to register A, and for some also to those above it.
  var writesA: Bool {
    switch self {
    case .setUpvalue, .setUpvalueField, .setTable, .setIndex, .setField, .setList: false
    case .metamethod, .metamethodImmediate, .metamethodConstant: false
    case .close, .toBeClosed, .jump, .extraArgument, .prepareVarargs: false
    case .equal, .lessThan, .lessOrEqual, .equalConstant, .equalImmediate, .test: false
    case .lessThanImmediate, .lessOrEqualImmediate, .greaterThanImmediate, .greaterOrEqualImmediate: false
    case .returnValues, .returnNothing, .returnOne: false
    case .genericForPrepare, .genericForCall: false
    default: true
    }
  }
}
