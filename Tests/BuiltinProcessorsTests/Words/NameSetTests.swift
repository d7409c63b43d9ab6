internal import BuiltinProcessors
internal import Testing

@Suite("Keys by name")
struct NameSetTests {
  private func contains(_ patterns: [String], _ key: String) -> Bool {
    Array(key.utf8).withUnsafeBufferPointer(NameSet(patterns).contains)
  }

  @Test("A name matches whole, in either case of ASCII letters")
  func exact() {
    #expect(contains(["session.id"], "session.id"))
    #expect(contains(["session.id"], "Session.ID"))
    #expect(contains(["Session.ID"], "session.id"))
    #expect(!contains(["session.id"], "session.id2"))
    #expect(!contains(["session.id"], "session.i"))
    #expect(!contains(["session.id"], "session_id"))
    #expect(!contains(["É"], "é"))
  }

  @Test("Characters that differ from letters by the case bit alone are not folded")
  func caseBit() {
    #expect(!contains(["a@b"], "a`b"))
    #expect(!contains(["x[1]"], "x{1}"))
    #expect(!contains(["a\u{0}b"], "a b"))
  }

  @Test("A last star stands for any rest, also an empty one")
  func prefix() {
    let patterns = ["llm.token_count.*"]
    #expect(contains(patterns, "llm.token_count.prompt"))
    #expect(contains(patterns, "LLM.Token_Count."))
    #expect(!contains(patterns, "llm.token_count"))
    #expect(!contains(patterns, "llm.tokens"))
    #expect(contains(["*"], ""))
  }

  @Test("A star elsewhere stands for itself")
  func innerStar() {
    #expect(contains(["a*b"], "a*b"))
    #expect(!contains(["a*b"], "axb"))
    #expect(contains(["a**"], "a*x"))
    #expect(!contains(["a**"], "ax"))
  }

  @Test("Every name of a large set is found, and none besides")
  func many() {
    let names = (0..<2000).map { "attribute.\($0)" }
    let set = NameSet(names + ["prefix.*"])
    for name in names {
      #expect(Array(name.utf8).withUnsafeBufferPointer(set.contains))
      #expect(!Array((name + ".x").utf8).withUnsafeBufferPointer(set.contains))
    }
    #expect(!Array("attribute.2000".utf8).withUnsafeBufferPointer(set.contains))
  }

  @Test("An empty set contains nothing, not even the empty key")
  func empty() {
    #expect(NameSet([]).isEmpty)
    #expect(!contains([], ""))
    #expect(!NameSet(["a*"]).isEmpty)
    #expect(contains([""], ""))
  }
}
