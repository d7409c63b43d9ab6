internal import ProcessorHostTracing
internal import TestSupport
internal import Testing

@Suite("Trace state: length and strange input")
struct TraceStateLimitTests {
  private func member(_ key: String, length: Int) -> String {
    "\(key)=\(String(repeating: "v", count: length - key.utf8.count - 1))"
  }

  @Test("512 characters go on whole")
  func propagated() throws {
    let header = (0..<4).map { member("k\($0)", length: $0 == 3 ? 128 : 127) }.joined(separator: ",")
    #expect(header.utf8.count == 512)
    #expect(try TraceState(header).description == header)
  }

  @Test("the largest member there can be goes on")
  func largestMember() throws {
    let header = "\(String(repeating: "k", count: 256))=\(String(repeating: "v", count: 256))"
    #expect(try TraceState(header).description == header)
  }

  @Test("the limit itself is not too long")
  func limit() throws {
    var members = (0..<8).map { member("k\($0)", length: 127) }
    members[7] += "v"
    let header = members.joined(separator: ",")
    #expect(header.utf8.count == TraceState.maximumLength)
    #expect(try TraceState(header).description == header)
    #expect(try TraceState("\(header)v").members.count == 7)
  }

  @Test("of what is too long, members above 128 characters go first, the last of them before the others")
  func largeFirst() throws {
    let header = [
      member("first", length: 256), member("a", length: 128), member("second", length: 256), member("b", length: 128),
      member("third", length: 129), member("c", length: 128),
    ].joined(separator: ",")
    #expect(try TraceState(header).members.map(\.key) == ["first", "a", "second", "b", "c"])
    let longer = [member("x", length: 128), header, member("z", length: 100)].joined(separator: ",")
    #expect(try TraceState(longer).members.map(\.key) == ["x", "first", "a", "b", "c", "z"])
  }

  @Test("where none is above 128 characters they go from the end")
  func fromTheEnd() throws {
    let members = (0..<12).map { member("k\($0)", length: 120) }
    let kept = try TraceState(members.joined(separator: ","))
    #expect(kept.description == members[..<8].joined(separator: ","))
  }

  @Test("a member that is set stays, however large; others go")
  func settingLarge() throws {
    let state = try TraceState((0..<8).map { member("k\($0)", length: 120) }.joined(separator: ","))
    let changed = try state.setting(String(repeating: "n", count: 256), forKey: "new")
    #expect(changed.members.first?.key == "new")
    #expect(changed.members.count == 7)
    #expect(changed.description.utf8.count <= TraceState.maximumLength)
  }

  @Test("edits in any order follow a plain list's")
  func editing() throws {
    var generator = SeededGenerator(seed: 21)
    var state = TraceState()
    var expected: [TraceState.Member] = []
    for _ in 0..<2_000 {
      let key = "k\(Int.random(in: 0..<40, using: &generator))"
      expected.removeAll { $0.key == key }
      if Bool.random(using: &generator) {
        let value = String(generator.next() % 1_000)
        state = try state.setting(value, forKey: key)
        expected = Array(([TraceState.Member(key: key, value: value)] + expected).prefix(32))
      } else {
        state = state.removing(key)
      }
      #expect(state.members == expected)
      #expect(try TraceState(state.description) == state)
    }
  }

  @Test("whatever is read follows the grammar afterwards, and reads as itself")
  func anyText() throws {
    var generator = SeededGenerator(seed: 22)
    let alphabet = Array("abA1@=, \t_é!")
    var readable = 0
    for _ in 0..<20_000 {
      let length = Int.random(in: 0...24, using: &generator)
      let header = String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
      guard let state = try? TraceState(header) else { continue }
      readable += 1
      #expect(try TraceState(state.description) == state)
      #expect(Set(state.members.map(\.key)).count == state.members.count)
      for member in state.members {
        #expect(try TraceState().setting(member.value, forKey: member.key).members == [member])
      }
    }
    #expect(readable > 1_000)
  }

  @Test("100 KB of whatever is read or refused, and never kept whole")
  func hostile() {
    let size = 100_000
    let headers = [
      String(repeating: ",", count: size), String(repeating: " ", count: size), String(repeating: "a", count: size),
      "a=" + String(repeating: "v", count: size), "a=" + String(repeating: " ", count: size) + "v",
      "a=1" + String(repeating: " ", count: size), String(repeating: "a=1,", count: size / 4),
      (0..<size / 8).map { "k\($0)=1" }.joined(separator: ","), String(repeating: "=", count: size),
      String(repeating: "\u{0}", count: size), String(repeating: "é", count: size),
    ]
    for header in headers {
      let kept = (try? TraceState(header)) ?? TraceState()
      #expect(kept.description.utf8.count <= TraceState.maximumLength)
    }
  }
}
