internal import ProcessorHostTracing
internal import TestSupport
internal import Testing

@Suite("Trace state")
struct TraceStateTests {
  private static let longKey = String(repeating: "k", count: 256)
  private static let longValue = String(repeating: "v", count: 256)

  private func text(_ header: String) throws -> String { try TraceState(header).description }

  @Test("members are read in order, the newest first")
  func members() throws {
    let state = try TraceState("rojo=00f0,congo=t61,0=a b")
    #expect(state.members.map(\.key) == ["rojo", "congo", "0"])
    #expect(state.members.map(\.value) == ["00f0", "t61", "a b"])
    #expect(state["congo"] == "t61")
    #expect(state["cong"] == nil)
    #expect(state["congos"] == nil)
    #expect(TraceState()["congo"] == nil)
  }

  @Test(
    "keys of Level 1 and Level 2 are read",
    arguments: ["a", "z9", "a_-*/", "tenant@system", "4tenant@system", "9", "a@b@c", "a@", longKey])
  func keys(_ key: String) throws { #expect(try TraceState("\(key)=1").members.map(\.key) == [key]) }

  @Test(
    "keys that break the grammar are refused",
    arguments: ["", "A", "@a", "_a", "-a", "*a", "/a", "aB", "a.b", "a b", "a ", "a:b", "ä", "a\u{0}", longKey + "k"])
  func badKeys(_ key: String) {
    #expect(throws: TraceStateError.self) { try TraceState("x=1,\(key)=1") }
    #expect(throws: TraceStateError.self) { try TraceState().setting("1", forKey: key) }
  }

  @Test(
    "values may have every printable character but comma and equals, spaces first and between",
    arguments: [longValue, "!", " a", "  a  b"])
  func values(_ value: String) throws {
    #expect(try TraceState("a=\(value)")["a"] == value)
    #expect(try TraceState().setting(value, forKey: "a")["a"] == value)
  }

  @Test("each character is allowed in values as the grammar says")
  func valueCharacters() {
    for byte in UInt8(0)..<128 {
      let value = "x\(Character(Unicode.Scalar(byte)))x"
      let isAllowed = (0x20...0x7e).contains(byte) && value != "x,x" && value != "x=x"
      #expect(((try? TraceState().setting(value, forKey: "a")) != nil) == isAllowed, "\(byte)")
      if value != "x,x" { #expect(((try? TraceState("a=\(value)")) != nil) == isAllowed, "\(byte)") }
    }
  }

  @Test(
    "values that break the grammar are refused",
    arguments: ["", "a=b", "a\tb", "é", "a\u{7f}", "a\r\nb", longValue + "v"])
  func badValues(_ value: String) {
    #expect(throws: TraceStateError.self) { try TraceState("x=1,a=\(value)") }
    #expect(throws: TraceStateError.self) { try TraceState().setting(value, forKey: "a") }
  }

  @Test("a value that ends in a space cannot be set, since the next service would not see it")
  func trailingSpace() {
    #expect(throws: TraceStateError.self) { try TraceState().setting("a ", forKey: "a") }
    #expect(throws: TraceStateError.self) { try TraceState().setting(",", forKey: "a") }
  }

  @Test("white space around members and empty members are left out")
  func whiteSpace() throws {
    #expect(try text(" a=1 ,\tb=2\t, ,,c= 3 ") == "a=1,b=2,c= 3")
    #expect(try text("a=1,") == "a=1")
    #expect(try text(",a=1") == "a=1")
    #expect(throws: TraceStateError.self) { try TraceState("a =1") }
  }

  @Test("of a key that comes twice the first member, the newest, stays")
  func duplicates() throws {
    #expect(try text("a=new,b=1,a=old,b=0") == "a=new,b=1")
    let many = (0..<100).map { "a=\($0)" }.joined(separator: ",")
    #expect(try text(many) == "a=0")
  }

  @Test("32 members are read, 33 are refused as a whole")
  func memberLimit() throws {
    let members = (1...33).map { "k\($0)=\($0)" }
    #expect(try TraceState(members.dropLast().joined(separator: ",")).members.count == 32)
    #expect(throws: TraceStateError.self) { try TraceState(members.joined(separator: ",")) }
  }

  @Test("setting puts the member in front and moves no other")
  func setting() throws {
    let state = try TraceState("a=1,b=2,c=3")
    #expect(try state.setting("9", forKey: "b").description == "b=9,a=1,c=3")
    #expect(try state.setting("9", forKey: "d").description == "d=9,a=1,b=2,c=3")
    #expect(try state.setting("1", forKey: "a") == state)
    #expect(try TraceState().setting("1", forKey: "a").description == "a=1")
  }

  @Test("a 33rd member takes the place of the last")
  func settingAtTheLimit() throws {
    let state = try TraceState((1...32).map { "k\($0)=\($0)" }.joined(separator: ","))
    let changed = try state.setting("new", forKey: "n")
    #expect(changed.members.map(\.key) == ["n"] + (1...31).map { "k\($0)" })
    #expect(try state.setting("new", forKey: "k32").members.map(\.key) == ["k32"] + (1...31).map { "k\($0)" })
  }

  @Test("removing leaves the others as they are")
  func removing() throws {
    let state = try TraceState("a=1,b=2,c=3")
    #expect(state.removing("a").description == "b=2,c=3")
    #expect(state.removing("b").description == "a=1,c=3")
    #expect(state.removing("c").description == "a=1,b=2")
    #expect(state.removing("d") == state)
    #expect(state.removing("a").removing("b").removing("c") == TraceState())
  }

  @Test("an error says where, what was expected and what was found, and shows no value")
  func errors() throws {
    let error = try #require(throws: TraceStateError.self) { try TraceState("a=secret,B=1") }
    #expect(error.offset == 9)
    #expect(error.description.contains("byte 9: expected a key that begins with a-z or 0-9, found 'B'"))
    #expect(!error.description.contains("secret"))
    let end = try #require(throws: TraceStateError.self) { try TraceState("a=1,abc") }
    #expect(end.offset == 7)
    #expect(end.description.contains("found the end"))
    let control = try #require(throws: TraceStateError.self) { try TraceState().setting("x\u{1b}", forKey: "a") }
    #expect(control.offset == 1)
    #expect(control.description.contains("not printable"))
  }
}
