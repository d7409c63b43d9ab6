/// What a piece of Lua does, read from its compiled form: no text is parsed, so nothing can hide from it in comments,
/// strings or line breaks.
///
/// The bytes come from `lua_dump(strip = 0)`, of a main chunk or of one closure. They are the library's own output and
/// never a file's: the shape is checked, so that no bytes can crash the host, but not what they would do.
package struct LuaChunk: Sendable {
  /// The function that was dumped.
  package let main: LuaFunction

  /// - Throws: `LuaChunkError` for bytes that a Lua 5.4 with 64-bit numbers did not write.
  package init(_ bytes: [UInt8]) throws(LuaChunkError) {
    var reader = LuaChunkReader(bytes)
    main = try reader.readChunk()
  }
}

/// Why bytes are not a compiled chunk that can be inspected.
package struct LuaChunkError: Error, Equatable, CustomStringConvertible {
  /// Where in the bytes, from 0.
  package var offset: Int
  package var expected: String
  package var found: String

  package var description: String {
    "compiled Lua chunk, byte \(offset): expected \(expected), found \(found); "
      + "the host needs the Lua 5.4 library that it was built with"
  }
}

/// A name that a chunk uses, and where.
package struct LuaNameUse: Sendable, Hashable {
  package var name: String
  package var line: Int

  package init(_ name: String, line: Int) {
    self.name = name
    self.line = line
  }
}

/// A field that a chunk uses by a constant name, and where.
package struct LuaFieldUse: Sendable, Hashable {
  package enum Access: Sendable, Hashable {
    /// `value.name`
    case read
    /// `value.name = …`
    case write
    /// `value:name(…)`
    case method
  }

  package var name: String
  package var line: Int
  package var access: Access

  package init(_ name: String, line: Int, _ access: Access) {
    self.name = name
    self.line = line
    self.access = access
  }
}
