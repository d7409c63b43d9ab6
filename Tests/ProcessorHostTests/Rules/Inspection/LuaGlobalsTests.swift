internal import ProcessorHost
internal import Testing

@Suite("Globals of compiled chunks")
struct LuaGlobalsTests {
  @Test("Reads and writes, at every depth, with their lines")
  func readsAndWrites() throws {
    let chunk = try LuaCompiler.chunk(
      """
      local threshold = duration "60s"
      count = 0
      return rule {
        on_sapn = function(span)
          local function deep()
            total = print(span)
          end
        end,
      }
      """)
    #expect(
      chunk.globalReads == [
        LuaNameUse("duration", line: 1), LuaNameUse("rule", line: 3), LuaNameUse("print", line: 6),
      ])
    #expect(chunk.globalWrites == [LuaNameUse("count", line: 2), LuaNameUse("total", line: 6)])
    #expect(chunk.environmentUses.isEmpty)
  }

  @Test("Local variables and fields are no globals")
  func locals() throws {
    let chunk = try LuaCompiler.chunk(
      """
      local t = {}
      t.x = 1
      return function() t.y = t.x; t = nil end
      """)
    #expect(chunk.globalReads.isEmpty)
    #expect(chunk.globalWrites.isEmpty)
    #expect(chunk.environmentUses.isEmpty)
  }

  @Test("A constant name of _ENV is a global, any other use of it is reported")
  func environment() throws {
    let chunk = try LuaCompiler.chunk(
      """
      local a = _ENV.print
      local k = "print"
      local b = _ENV[k]
      local c = _ENV
      local f = function() return _ENV end
      _ENV = {}
      for name in pairs(_ENV) do end
      _ENV[k] = 1
      """)
    #expect(chunk.globalReads.contains(LuaNameUse("print", line: 1)))
    #expect(Set(chunk.environmentUses) == [3, 4, 5, 6, 7, 8])
  }

  @Test("A local variable or parameter named _ENV is reported where it is declared")
  func shadow() throws {
    let chunk = try LuaCompiler.chunk(
      """
      local f = function(a, _ENV)
        return x
      end
      do
        local _ENV = { y = 1 }
        z = y
      end
      """)
    #expect(Set(chunk.environmentUses) == [1, 5])
    #expect(chunk.globalWrites.isEmpty)
  }

  @Test("Globals whose names do not fit into instructions are found all the same")
  func manyConstants() throws {
    let chunk = try LuaCompiler.chunk(
      LuaCompiler.manyConstants
        + """
        local a = first
        second = { a, third "x", a and fourth or 1 }
        fifth, sixth = 1, function() return 2 end
        seventh.name = eighth.name
        """)
    #expect(
      chunk.globalReads == [
        LuaNameUse("first", line: 2), LuaNameUse("third", line: 3), LuaNameUse("fourth", line: 3),
        LuaNameUse("seventh", line: 5), LuaNameUse("eighth", line: 5),
      ])
    #expect(
      chunk.globalWrites == [
        LuaNameUse("second", line: 3), LuaNameUse("fifth", line: 4), LuaNameUse("sixth", line: 4),
      ])
    #expect(chunk.environmentUses.isEmpty)
    #expect(
      chunk.fieldNames == [LuaFieldUse("name", line: 5, .read), LuaFieldUse("name", line: 5, .write)])
  }

  @Test("So are names of more than 40 bytes")
  func longName() throws {
    let name = String(repeating: "n", count: 60)
    let chunk = try LuaCompiler.chunk("\(name) = 1\nreturn \(name)")
    #expect(chunk.globalWrites == [LuaNameUse(name, line: 1)])
    #expect(chunk.globalReads == [LuaNameUse(name, line: 2)])
    #expect(chunk.environmentUses.isEmpty)
  }

  @Test("Uses of the environment that look like such globals are still reported")
  func disguised() throws {
    let name = String(repeating: "n", count: 60)
    let chunk = try LuaCompiler.chunk(
      """
      local e, k = _ENV, "\(name)"
      e[k] = 1
      do
        local e = _ENV
        e["\(name)"] = 2
      end
      print(_ENV, "\(name)")
      """)
    #expect(Set(chunk.environmentUses) == [1, 4, 7])
    #expect(chunk.globalWrites.isEmpty)
  }

  @Test("A dumped hook's globals are found through its own environment")
  func hook() throws {
    let chunk = try LuaCompiler.hook(
      """
      local limit = 5
      return function(span)
        return limit + helper(span)
      end
      """)
    #expect(chunk.globalReads == [LuaNameUse("helper", line: 3)])
    #expect(chunk.globalWrites.isEmpty)
  }
}
