/// One instruction of 32 bits: an opcode of 7 and its operands.
///
///     iABC   C 8 | B 8 | k 1 | A 8 | opcode 7
///     iABx           Bx 17   | A 8 | opcode 7
///     isJ                 sJ 25    | opcode 7
struct LuaInstruction: Sendable {
  let word: UInt32
  let opcode: LuaOpcode

  /// - Returns: nil for a number that is no opcode of Lua 5.4.
  init?(_ word: UInt32) {
    guard let opcode = LuaOpcode(rawValue: UInt8(word & 0x7f)) else { return nil }
    self.word = word
    self.opcode = opcode
  }

  var a: Int { Int(word >> 7 & 0xff) }
  var k: Bool { word >> 15 & 1 == 1 }
  var b: Int { Int(word >> 16 & 0xff) }
  var c: Int { Int(word >> 24) }
  var bx: Int { Int(word >> 15) }
  /// The distance of a jump, from the instruction after it.
  var jumpDistance: Int { Int(word >> 7) - 0xff_ffff }
}
