internal import ProcessorHost
internal import Testing

@Suite("Reading compiled chunks")
struct LuaChunkTests {
  @Test("Functions, their lines and parameters")
  func functions() throws {
    let chunk = try LuaCompiler.chunk(
      """
      local function first(a, b)
        return a
      end
      return function(...)
        return function() end
      end
      """)
    #expect(chunk.main.functions.map(\.firstLine) == [1, 4])
    #expect(chunk.main.functions.map(\.lastLine) == [3, 6])
    #expect(chunk.main.functions.map(\.parameterCount) == [2, 0])
    #expect(chunk.main.functions[1].functions.map(\.firstLine) == [5])
  }

  @Test("Lines far apart and long functions keep their lines")
  func lines() throws {
    let chunk = try LuaCompiler.chunk(
      "a = 1" + String(repeating: "\n", count: 1000) + "b = 2\n"
        + (0..<400).map { "c\($0 % 5) = {}\n" }.joined() + "d = 4")
    let writes = chunk.globalWrites
    #expect(writes.first == LuaNameUse("a", line: 1))
    #expect(writes[1] == LuaNameUse("b", line: 1001))
    #expect(writes[2...].dropLast().map(\.line) == Array(1002..<1402))
    #expect(writes.last == LuaNameUse("d", line: 1402))
  }

  @Test("Every kind of constant is read")
  func constants() throws {
    let long = String(repeating: "x", count: 300)
    let chunk = try LuaCompiler.chunk(
      "local t = { 1e300, 0x7fffffffffffffff, nil, true, false, '\(long)', 'a\\0b' } return t.last, t == 1.5, t == nil")
    #expect(chunk.fieldNames == [LuaFieldUse("last", line: 1, .read)])
  }

  @Test("A stripped chunk is read too, without lines")
  func stripped() throws {
    let chunk = try LuaCompiler.chunk("local t = {}\nreturn t.name", strip: true)
    #expect(chunk.fieldNames == [LuaFieldUse("name", line: 0, .read)])
  }

  @Test(
    "Headers of other versions and machines are refused by name",
    arguments: [
      (0, 0, "signature"), (4, 0x53, "version 5.4"), (5, 1, "format"), (6, 0, "text conversion"),
      (12, 8, "instructions of 4"), (13, 4, "integers of 8"), (14, 4, "floats of 8"), (15, 0x56, "byte order"),
      (30, 0, "370.5"),
    ])
  func header(offset: Int, byte: UInt8, expected: String) throws {
    var bytes = try LuaCompiler.dump("return 1")
    bytes[offset] = byte
    let error = #expect(throws: LuaChunkError.self) { try LuaChunk(bytes) }
    #expect(error?.description.contains(expected) == true)
  }

  @Test("Bytes that end too early, or too late, are refused wherever that is")
  func truncated() throws {
    let bytes = try LuaCompiler.dump("local a <const> = 1.5\nreturn function(x) return x.name, a, y end")
    for length in 0..<bytes.count {
      #expect(throws: LuaChunkError.self) { try LuaChunk(Array(bytes.prefix(length))) }
    }
    #expect(throws: LuaChunkError.self) { try LuaChunk(bytes + [0]) }
  }

  @Test("No changed byte can crash the inspection")
  func corrupted() throws {
    let bytes = try LuaCompiler.dump(
      "local n = 0\nreturn function(span) for i = 1, 3 do n = n + span.count end span:hide(n) x = _ENV end")
    for offset in bytes.indices {
      for mask in [0x01, 0x40, 0x80, 0xff] as [UInt8] {
        var changed = bytes
        changed[offset] ^= mask
        guard let chunk = try? LuaChunk(changed) else { continue }
        _ = chunk.globalReads.count + chunk.globalWrites.count + chunk.environmentUses.count
        _ = chunk.outerAssignments.count + chunk.fieldNames.count + chunk.firstParameterFields.count
        _ = chunk.main.isStraightLine
      }
    }
  }
}
