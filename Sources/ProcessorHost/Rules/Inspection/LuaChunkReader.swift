/// Reads the bytes of `lua_dump`. Every read is checked against the end.
struct LuaChunkReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func readChunk() throws(LuaChunkError) -> LuaFunction {
    try readHeader()
    _ = try readByte("the number of upvalues")
    let function = try readFunction()
    guard position == bytes.count else {
      throw fail("the end of the chunk", "\(bytes.count - position) more bytes", at: position)
    }
    return function
  }

  // MARK: Header

  private mutating func readHeader() throws(LuaChunkError) {
    try expect([0x1b, 0x4c, 0x75, 0x61], "the signature of compiled Lua")
    try expect([0x54], "version 5.4 (0x54)")
    try expect([0], "the official format (0)")
    try expect([0x19, 0x93, 0x0d, 0x0a, 0x1a, 0x0a], "the check for text conversion")
    try expect([4], "instructions of 4 bytes")
    try expect([8], "integers of 8 bytes")
    try expect([8], "floats of 8 bytes")
    let start = position
    let integer = try readFixed("an integer", UInt64.self)
    guard integer == 0x5678 else { throw fail("0x5678 in this machine's byte order", hexadecimal(integer), at: start) }
    let float = Double(bitPattern: try readFixed("a float", UInt64.self))
    guard float == 370.5 else { throw fail("370.5 as an IEEE 754 double", "\(float)", at: start + 8) }
  }

  private mutating func expect(_ expected: [UInt8], _ name: String) throws(LuaChunkError) {
    for byte in expected {
      let found = try readByte(name)
      guard found == byte else { throw fail(name, hexadecimal(found), at: position - 1) }
    }
  }

  // MARK: Functions

  private mutating func readFunction() throws(LuaChunkError) -> LuaFunction {
    _ = try readString()
    let firstLine = try readSize("a first line")
    let lastLine = try readSize("a last line")
    let parameterCount = Int(try readByte("a number of parameters"))
    try skip(2, "the vararg mark and the stack size")
    var function = LuaFunction(firstLine: firstLine, lastLine: lastLine, parameterCount: parameterCount)
    function.code = try readCode()
    function.constants = try readConstants()
    function.upvalues = try readUpvalues()
    for _ in 0..<(try readSize("a number of functions")) { function.functions.append(try readFunction()) }
    try readDebug(&function)
    return function
  }

  private mutating func readCode() throws(LuaChunkError) -> [LuaInstruction] {
    var code: [LuaInstruction] = []
    for _ in 0..<(try readSize("a number of instructions")) {
      let start = position
      let word = try readFixed("an instruction", UInt32.self)
      guard let instruction = LuaInstruction(word) else {
        throw fail("an instruction of Lua 5.4", hexadecimal(word), at: start)
      }
      code.append(instruction)
    }
    return code
  }

  private mutating func readConstants() throws(LuaChunkError) -> [LuaFunction.Constant] {
    var constants: [LuaFunction.Constant] = []
    for _ in 0..<(try readSize("a number of constants")) {
      let tag = try readByte("the kind of a constant")
      switch tag {
      case 0x00, 0x01, 0x11:  // nil, false, true
        constants.append(nil)
      case 0x03, 0x13:  // integer, float
        try skip(8, "a number")
        constants.append(nil)
      case 0x04, 0x14:  // short string, long string
        constants.append(try readString() ?? "")
      default: throw fail("the kind of a constant", hexadecimal(tag), at: position - 1)
      }
    }
    return constants
  }

  private mutating func readUpvalues() throws(LuaChunkError) -> [LuaFunction.Upvalue] {
    var upvalues: [LuaFunction.Upvalue] = []
    for _ in 0..<(try readSize("a number of upvalues")) {
      let isParentLocal = try readByte("where an upvalue is") != 0
      let index = Int(try readByte("the index of an upvalue"))
      _ = try readByte("the kind of an upvalue")
      upvalues.append(LuaFunction.Upvalue(isParentLocal: isParentLocal, index: index, name: ""))
    }
    return upvalues
  }

  // MARK: Debug information

  private mutating func readDebug(_ function: inout LuaFunction) throws(LuaChunkError) {
    var steps: [Int8] = []
    for _ in 0..<(try readSize("the number of line steps")) {
      steps.append(Int8(bitPattern: try readByte("a line step")))
    }
    var absolute: [Int: Int] = [:]
    for _ in 0..<(try readSize("a number of lines")) {
      let pc = try readSize("an instruction's index")
      absolute[pc] = try readSize("a line")
    }
    // A step of -128 says that the line is too far away for a step, and is given whole.
    var line = function.firstLine
    for (pc, step) in steps.enumerated() {
      line = step == .min ? absolute[pc] ?? line : line + Int(step)
      function.lines.append(line)
    }
    var locals: [LuaFunction.Local] = []
    for _ in 0..<(try readSize("a number of local variables")) {
      let name = try readString() ?? ""
      let start = try readSize("the start of a scope")
      let end = try readSize("the end of a scope")
      locals.append(LuaFunction.Local(name: name, scope: start..<max(start, end)))
    }
    function.locals = locals
    for index in 0..<(try readSize("a number of upvalue names")) {
      let name = try readString() ?? ""
      if function.upvalues.indices.contains(index) { function.upvalues[index].name = name }
    }
  }

  // MARK: Values

  private mutating func readByte(_ expected: String) throws(LuaChunkError) -> UInt8 {
    guard position < bytes.count else { throw fail(expected, "the end", at: position) }
    position += 1
    return bytes[position - 1]
  }

  private mutating func skip(_ count: Int, _ expected: String) throws(LuaChunkError) {
    guard count <= bytes.count - position else { throw fail(expected, "the end", at: position) }
    position += count
  }

  /// A number in this machine's byte order.
  private mutating func readFixed<Value: FixedWidthInteger & BitwiseCopyable>(
    _ expected: String, _: Value.Type
  ) throws(LuaChunkError) -> Value {
    let start = position
    try skip(MemoryLayout<Value>.size, expected)
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: Value.self) }
  }

  /// Seven bits a byte, the highest first; the last byte is marked. Sizes are C's `int` or lengths of what follows.
  private mutating func readSize(_ expected: String) throws(LuaChunkError) -> Int {
    let start = position
    var value = 0
    while true {
      let byte = try readByte(expected)
      value = value << 7 | Int(byte & 0x7f)
      guard value <= Int(Int32.max) else { throw fail(expected, "a number above 2^31", at: start) }
      if byte & 0x80 != 0 { return value }
    }
  }

  /// A string, or nil for none. Bytes that are not UTF-8 become U+FFFD: such a name is nobody's.
  private mutating func readString() throws(LuaChunkError) -> String? {
    let size = try readSize("the length of a string")
    if size == 0 { return nil }
    let start = position
    try skip(size - 1, "a string of \(size - 1) bytes")
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private func fail(_ expected: String, _ found: String, at offset: Int) -> LuaChunkError {
    LuaChunkError(offset: offset, expected: expected, found: found)
  }

  private func hexadecimal(_ value: some BinaryInteger) -> String { "0x" + String(value, radix: 16) }
}
