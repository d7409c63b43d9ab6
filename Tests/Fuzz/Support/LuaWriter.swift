internal import CFuzzer

/// Writes random Lua statements that compile, so that the fuzzer spends its time behind the parser.
struct LuaWriter {
  private static let atoms = [
    "nil", "true", "0", "1", "-1", "2", "1.5", "-0.0", "1e300", "1/0", "0/0", "math.maxinteger", "math.mininteger",
    "''",
    "'a%b'", "'é\\0x'", "'%d+'", "'(a*)-'", "'^[^%s]*$'", "'%5.2f|%s|%q'", "'0x10'", "'\\xFF'", "{}", "{1, 2, 3}",
    "{a = 1, [2.5] = 'x', [true] = {}}", "span", "span.name", "span.duration", "span.attributes", "span.attributes.n",
    "span.attributes.raw", "span.attributes.m", "span.resource", "span.events", "span.events[1]", "span.links[1]",
    "span.events[1].attributes", "span.status", "span.scope", "span.trace_id", "x", "y", "t", "string", "math",
    "kind.server",
  ]
  private static let functions = [
    "array", "assert", "error", "ipairs", "map", "match.names", "math.abs", "math.ceil", "math.exp",
    "math.floor",
    "math.fmod", "math.log", "math.max", "math.min", "math.modf", "math.sqrt", "math.tointeger", "math.type",
    "math.ult",
    "next", "pairs", "pcall", "select", "span.hide", "span.keep", "string.byte", "string.char", "string.find",
    "string.format", "string.gmatch", "string.gsub", "string.len", "string.lower", "string.match", "string.rep",
    "string.reverse", "string.sub", "string.upper", "table.concat", "table.insert", "table.move", "table.pack",
    "table.remove", "table.sort", "table.unpack", "tonumber", "tostring", "type", "utf8.char", "utf8.codepoint",
    "utf8.codes", "utf8.len", "utf8.offset",
  ]
  private static let operators = [
    "+", "-", "*", "/", "//", "%", "^", "..", "==", "~=", "<", "<=", "and", "or", "&", "|", "~", "<<", ">>",
  ]

  private var choices: Choices

  init(seed: UInt64) { choices = Choices(state: seed) }

  /// The text with statements put in where a line, or a function, begins; or with libFuzzer's own mutations.
  mutating func mutate(_ text: UnsafeMutablePointer<UInt8>, _ size: Int, limit: Int) -> Int {
    let old = Array(UnsafeBufferPointer(start: text, count: size))
    let places = old.indices.filter { old[$0] == UInt8(ascii: "\n") }
    guard choices.next(below: 2) == 0 else { return LLVMFuzzerMutate(text, size, limit) }
    let place = places.isEmpty ? 0 : places[Int(choices.next(below: UInt64(places.count)))] + 1
    let new = old[..<place] + Array((statement(2) + "\n").utf8) + old[place...]
    guard new.count <= limit else { return LLVMFuzzerMutate(text, size, limit) }
    for (offset, byte) in new.enumerated() { text[offset] = byte }
    return new.count
  }

  mutating func statement(_ depth: Int) -> String {
    switch choices.next(below: depth > 0 ? 10 : 5) {
    case 0: return "local x = \(expression(depth))"
    case 1: return "local t, y = \(call(depth))"
    case 2: return "span.attributes['n'] = \(expression(depth))"
    case 3: return "span.attributes[\(expression(depth))] = \(expression(depth))"
    case 4: return "local _ = \(expression(depth))"
    case 5: return "for x, y in pairs(\(expression(depth - 1))) do \(statement(depth - 1)) end"
    case 6: return "pcall(function(...) \(statement(depth - 1)) end, \(expression(depth - 1)))"
    case 7: return "if \(expression(depth - 1)) then \(statement(depth - 1)) else \(statement(depth - 1)) end"
    case 8: return "for x = \(expression(0)), \(expression(0)) do \(statement(depth - 1)) break end"
    default: return "do local t <close> = nil; local t = {}; t[\(expression(0))] = \(expression(depth - 1)) end"
    }
  }

  private mutating func expression(_ depth: Int) -> String {
    switch choices.next(below: depth > 0 ? 8 : 1) {
    case 0: return one(of: Self.atoms)
    case 1, 2, 3: return call(depth)
    case 4: return "(\(expression(depth - 1)) \(one(of: Self.operators)) \(expression(depth - 1)))"
    case 5: return "(\(expression(depth - 1)))[\(expression(depth - 1))]"
    case 6: return "#(\(expression(depth - 1)))"
    default: return "function(x, y) return \(expression(depth - 1)) end"
    }
  }

  private mutating func call(_ depth: Int) -> String {
    let arguments = (0..<choices.next(below: 4)).map { _ in expression(depth - 1) }
    return "\(one(of: Self.functions))(\(arguments.joined(separator: ", ")))"
  }

  private mutating func one(of texts: [String]) -> String { texts[Int(choices.next(below: UInt64(texts.count)))] }
}
