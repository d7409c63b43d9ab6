internal import ProcessorHost
internal import Testing

@Suite("What hooks do")
struct LuaHookTests {
  // MARK: Assignments to outer variables

  @Test("Assignments to variables outside the hook are found, at every depth")
  func outerAssignments() throws {
    let chunk = try LuaCompiler.hook(
      """
      local count, last, settings = 0, nil, {}
      return function(span)
        local own = 0
        count = count + 1
        local function helper()
          own = own + 1
          local function deeper()
            last = span
            own = 2
          end
          return deeper
        end
        settings.value = 1
        return helper
      end
      """)
    #expect(chunk.outerAssignments == [LuaNameUse("count", line: 4), LuaNameUse("last", line: 8)])
  }

  @Test("A hook that only changes its own variables assigns to nothing outside")
  func ownVariables() throws {
    let chunk = try LuaCompiler.hook(
      """
      local limit = 3
      return function(span)
        local n = limit
        local function add() n = n + 1; span = nil end
        add()
        return n
      end
      """)
    #expect(chunk.outerAssignments.isEmpty)
  }

  // MARK: Fields

  @Test("Fields that are read, written and called as methods")
  func fields() throws {
    let chunk = try LuaCompiler.hook(
      """
      local settings = { threshold = 1 }
      return function(span)
        if span.duration > settings.threshold then
          span.attributes.slow = true
          span:hide(settings.step)
        end
        return function() return span.name end
      end
      """)
    #expect(
      chunk.fieldNames == [
        LuaFieldUse("duration", line: 3, .read), LuaFieldUse("threshold", line: 3, .read),
        LuaFieldUse("attributes", line: 4, .read), LuaFieldUse("slow", line: 4, .write),
        LuaFieldUse("hide", line: 5, .method), LuaFieldUse("step", line: 5, .read),
        LuaFieldUse("name", line: 7, .read),
      ])
  }

  @Test("A constant name in brackets is a field, a computed one is not")
  func brackets() throws {
    let chunk = try LuaCompiler.hook(
      """
      return function(span, key)
        return span["name"], span[key], span[1], span["a" .. key]
      end
      """)
    #expect(chunk.fieldNames == [LuaFieldUse("name", line: 2, .read)])
  }

  @Test("Names that do not fit into instructions are found, those that depend on a condition are not")
  func manyConstants() throws {
    let long = String(repeating: "k", count: 60)
    let chunk = try LuaCompiler.hook(
      "return function(span)\n" + LuaCompiler.manyConstants
        + """
        span:hide("x")
        span.attributes.late = span.kind
        local k = span["\(long)"]
        return span[k and "one" or "two"]
        end
        """)
    #expect(
      chunk.fieldNames == [
        LuaFieldUse("hide", line: 3, .method), LuaFieldUse("attributes", line: 4, .read),
        LuaFieldUse("kind", line: 4, .read), LuaFieldUse("late", line: 4, .write),
        LuaFieldUse(long, line: 5, .read),
      ])
  }

  // MARK: The first parameter

  @Test("Fields of the first parameter, and of nothing else")
  func firstParameter() throws {
    let chunk = try LuaCompiler.hook(
      """
      return function(span, other)
        local a = span.atributes
        local b = other.kind
        span.name = a.key
        span:keep("x")
      end
      """)
    #expect(
      chunk.firstParameterFields == [
        LuaFieldUse("atributes", line: 2, .read), LuaFieldUse("name", line: 4, .write),
        LuaFieldUse("keep", line: 5, .method),
      ])
  }

  @Test("After the parameter was assigned to, nothing is known of it")
  func reassigned() throws {
    let chunk = try LuaCompiler.hook(
      """
      return function(span)
        local a = span.name
        span = span.attributes
        return span.anything
      end
      """)
    #expect(chunk.firstParameterFields == [LuaFieldUse("name", line: 2, .read)])
  }

  @Test("A loop can bring an assignment to what stands before it")
  func reassignedInLoop() throws {
    let chunk = try LuaCompiler.hook(
      """
      return function(span)
        local a = span.name
        while a do
          a = span.anything
          span = a
        end
      end
      """)
    #expect(chunk.firstParameterFields == [LuaFieldUse("name", line: 2, .read)])
  }

  @Test("A function inside can assign to it as well")
  func reassignedByClosure() throws {
    let chunk = try LuaCompiler.hook(
      """
      return function(span)
        local a = span.name
        local function change() return function() span = a end end
        change()()
        return span.anything
      end
      """)
    #expect(chunk.firstParameterFields == [LuaFieldUse("name", line: 2, .read)])
  }

  @Test("A function inside that only reads it changes nothing")
  func readByClosure() throws {
    let chunk = try LuaCompiler.hook(
      """
      return function(span)
        local function name() return span.name end
        return name(), span.kind
      end
      """)
    #expect(chunk.firstParameterFields == [LuaFieldUse("kind", line: 3, .read)])
  }

  @Test("Without parameters register 0 is some local variable")
  func noParameters() throws {
    #expect(try LuaCompiler.hook("return function() local t = {} return t.x end").firstParameterFields.isEmpty)
    #expect(try LuaCompiler.hook("return function(...) local t = ... return t.x end").firstParameterFields.isEmpty)
  }

  // MARK: Flow

  @Test(
    "Loops of every kind are backward jumps",
    arguments: [
      "for i = 1, 3 do end", "for k in f do end", "while f do f = nil end", "repeat f = nil until f",
      "::again:: if f then f = nil goto again end",
    ])
  func loops(body: String) throws {
    let main = try LuaCompiler.hook("local f = 1 return function() local f = f \(body) end").main
    #expect(main.hasBackwardJump)
    #expect(!main.isStraightLine)
  }

  @Test(
    "Conditions are not",
    arguments: [
      "if f then f = 1 elseif g then f = 2 else f = 3 end", "f = f and g or 1", "goto done ::done::", "f = f == 1",
    ])
  func conditions(body: String) throws {
    let main = try LuaCompiler.hook("return function(f, g) \(body) end").main
    #expect(!main.hasBackwardJump)
    #expect(main.isStraightLine)
    #expect(main.instructionCount < 20)
  }

  @Test("Calls of every kind are calls", arguments: ["f()", "return f()", "f:m()", "f.x.y()", "local a <const> = f''"])
  func calls(body: String) throws {
    let main = try LuaCompiler.hook("return function(f) \(body) end").main
    #expect(main.hasCalls)
    #expect(!main.isStraightLine)
  }

  @Test("A loop over an iterator calls it")
  func iterator() throws {
    #expect(try LuaCompiler.hook("return function(f) for k in f do end end").main.hasCalls)
  }

  @Test("A function inside has answers of its own")
  func inner() throws {
    let main = try LuaCompiler.hook("return function() return function(f) while f do f() end end end").main
    #expect(main.isStraightLine)
    #expect(main.functions[0].hasBackwardJump)
    #expect(main.functions[0].hasCalls)
  }
}
