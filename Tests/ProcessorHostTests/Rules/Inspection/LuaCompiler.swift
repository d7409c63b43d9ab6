internal import CLua
internal import ProcessorHost

/// Compiles Lua text with the system's library, and dumps it as the host does.
enum LuaCompiler {
  struct Failure: Error {
    var message: String
  }

  /// The main chunk.
  static func chunk(_ text: String, strip: Bool = false) throws -> LuaChunk { try LuaChunk(dump(text, strip: strip)) }

  /// The bytes of the main chunk, or, with `runs`, of the function that running it returns.
  static func dump(_ text: String, runs: Bool = false, strip: Bool = false) throws -> [UInt8] {
    guard let state = luaL_newstate() else { throw Failure(message: "out of memory") }
    defer { lua_close(state) }
    var status = luaL_loadbufferx(state, text, text.utf8.count, "=test", "t")
    if status == LUA_OK, runs { status = lua_pcallk(state, 0, 1, 0, 0, nil) }
    guard status == LUA_OK else {
      throw Failure(message: lua_tolstring(state, -1, nil).map { String(cString: $0) } ?? "?")
    }
    var bytes: [UInt8] = []
    let writer: lua_Writer = { _, data, size, target in
      target?.assumingMemoryBound(to: [UInt8].self).pointee
        .append(contentsOf: UnsafeRawBufferPointer(start: data, count: size))
      return 0
    }
    status = withUnsafeMutablePointer(to: &bytes) { lua_dump(state, writer, $0, strip ? 1 : 0) }
    guard status == 0 else { throw Failure(message: "not a Lua function") }
    return bytes
  }

  /// The one function that a chunk returns, dumped alone as hooks are.
  static func hook(_ text: String) throws -> LuaChunk { try LuaChunk(dump(text, runs: true)) }

  /// Lines that fill a function's first 256 constants, so that later ones do not fit into instructions.
  static let manyConstants = "local filler = {" + (0..<300).map { "\"constant \($0)\"" }.joined(separator: ",") + "}\n"
}
