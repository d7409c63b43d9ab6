internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("The ot member of trace states")
struct OTelTraceStateTests {
  private func read(_ text: String) -> (threshold: SamplingThreshold?, randomness: UInt64?) {
    Array(text.utf8).withUnsafeBufferPointer {
      let state = OTelTraceState($0)
      return (state.threshold, state.randomness)
    }
  }

  private func write(_ text: String, _ th: String?) throws -> String {
    let threshold = try th.map { digits in
      try #require(Array(digits.utf8).withUnsafeBufferPointer { SamplingThreshold(th: $0) })
    }
    var output = Array("before|".utf8)
    Array(text.utf8).withUnsafeBufferPointer { OTelTraceState($0).writing(threshold: threshold, into: &output) }
    let written = String(decoding: output, as: UTF8.self)
    #expect(written.hasPrefix("before|"))
    return String(written.dropFirst("before|".count))
  }

  @Test("Threshold and randomness are found wherever they stand")
  func reading() {
    #expect(read("ot=th:c").threshold?.probability == 0.25)
    #expect(read("ot=rv:6e6d1a75832a2f").randomness == 0x6e6d_1a75_832a_2f)
    let both = read("rojo=1, \tot=p:8;rv:6e6d1a75832a2f;th:8 ,congo=t61")
    #expect(both.threshold?.probability == 0.5)
    #expect(both.randomness == 0x6e6d_1a75_832a_2f)
    #expect(read("ot=x:;th:0").threshold == .always)
  }

  @Test(
    "No threshold is found where there is none",
    arguments: [
      "", ",", " , ,", "ot", "ot=", "ot =th:8", "OT=th:8", "other=th:8", "ott=th:8", "x@ot=th:8", "ot=ath:8",
      "ot=thx:8",
    ])
  func absent(text: String) {
    #expect(read(text).threshold == nil)
  }

  @Test(
    "A malformed member has neither threshold nor randomness",
    arguments: [
      "ot=th:8;", "ot=;th:8", "ot=th:8;;p:1", "ot=th", "ot=th:8;p", "ot=th:8;:1", "ot=th:8;P:1", "ot=th:8;1p:1",
      "ot=th:8;p:ü", "ot=th:8;p:a b", "ot=th:8;p:1:2", "ot=th=8", "ot=th:8;th:8", "ot=th:8;th:c",
      "ot=rv:6e6d1a75832a2f;th:8;rv:6e6d1a75832a2f", "ot=th:8;p:" + String(repeating: "x", count: 252),
    ])
  func malformed(text: String) throws {
    #expect(read(text).threshold == nil)
    #expect(read(text).randomness == nil)
    #expect(try write("a=1," + text, "c") == "ot=th:c,a=1")
    #expect(try write("a=1," + text, nil) == "a=1")
  }

  @Test("Invalid values count as absent, and do not stay when the member is written")
  func invalidValues() throws {
    #expect(read("ot=th:C;rv:6e6d1a75832a2f").threshold == nil)
    #expect(read("ot=th:C;rv:6e6d1a75832a2f").randomness != nil)
    #expect(try write("ot=th:C;rv:6e6d1a75832a2f", nil) == "ot=rv:6e6d1a75832a2f")
    for rv in ["", "6e6d1a75832a2", "6e6d1a75832a2f0", "6E6D1A75832A2F", "6e6d1a75832a2g"] {
      #expect(read("ot=rv:\(rv);th:8").randomness == nil)
      #expect(read("ot=rv:\(rv);th:8").threshold != nil)
      #expect(try write("ot=rv:\(rv);th:8", "8") == "ot=th:8")
    }
  }

  @Test(
    "Writing a threshold moves the member to the front and leaves the rest in order",
    arguments: [
      ("", "ot=th:c"),
      ("rojo=1,congo=2", "ot=th:c,rojo=1,congo=2"),
      ("rojo=1,ot=th:8,congo=2", "ot=th:c,rojo=1,congo=2"),
      ("ot=p:8;r:62", "ot=th:c;p:8;r:62"),
      ("ot=p:8;th:8;rv:6e6d1a75832a2f;k1:x", "ot=th:c;p:8;rv:6e6d1a75832a2f;k1:x"),
      (" rojo=1 ,, congo=a b\t", "ot=th:c,rojo=1,congo=a b"),
      ("ot=,rojo=1", "ot=th:c,rojo=1"),
      ("ot=th:1,rojo=1,ot=th:2", "ot=th:c,rojo=1"),
      ("ott=1,o=2,xot=3", "ot=th:c,ott=1,o=2,xot=3"),
    ])
  func writing(before: String, after: String) throws {
    #expect(try write(before, "c") == after)
  }

  @Test(
    "Removing the threshold keeps everything else",
    arguments: [
      ("ot=th:8", ""),
      ("ot=th:8,rojo=1", "rojo=1"),
      ("rojo=1,ot=th:8;rv:6e6d1a75832a2f", "ot=rv:6e6d1a75832a2f,rojo=1"),
      ("rojo=1,ot=p:1;th:8;q:2", "ot=p:1;q:2,rojo=1"),
    ])
  func removing(before: String, after: String) throws {
    #expect(try write(before, nil) == after)
  }

  @Test("A trace state that says the same already stays byte for byte")
  func unchanged() throws {
    for text in ["", " rojo=1 ,, congo=2 ", "rojo=1,ot=p:1"] { #expect(try write(text, nil) == text) }
    for text in ["rojo=1 ,ot=p:1;th:c", "ot=th:c0"] { #expect(try write(text, "c") == text) }
  }

  @Test("The member never grows past 256 characters; the threshold and rv stay, the last sub-keys go")
  func longestMember() throws {
    let filler = "p:" + String(repeating: "x", count: 200)
    let full = "ot=\(filler);q:\(String(repeating: "y", count: 30));rv:6e6d1a75832a2f"
    #expect(full.utf8.count - 3 <= 256)
    #expect(try write(full, "fd70a") == "ot=th:fd70a;\(filler);rv:6e6d1a75832a2f")
    let exact = "ot=p:" + String(repeating: "x", count: 256 - 2 - "th:c;".utf8.count)
    #expect(try write(exact, "c").utf8.count == 3 + 256)
    #expect(try write(exact + "x", "c") == "ot=th:c")
  }

  @Test("There are never more than 32 members; the last ones go")
  func mostMembers() throws {
    let others = (1...32).map { "k\($0)=v" }
    #expect(try write(others.joined(separator: ","), "c") == (["ot=th:c"] + others.prefix(31)).joined(separator: ","))
    let with = others.prefix(31) + ["ot=th:8"]
    #expect(try write(with.joined(separator: ","), "c") == (["ot=th:c"] + others.prefix(31)).joined(separator: ","))
    let without = (others.prefix(31) + ["last=1"]).joined(separator: ",")
    #expect(try write((with + ["last=1"]).joined(separator: ","), nil) == without)
  }

  @Test("What was written is read again, whatever stood there before")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 21)
    let pieces = ["ot=", "th:8", "rv:6e6d1a75832a2f", ";", ",", ":", "=", " ", "a", "th:", "p:1", "ot", "é", "x=y"]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...10, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }.joined()
      let before = read(text)
      let written = read(try write(text, "fd70a"))
      #expect(written.threshold?.value == 0xfd70_a000_0000_00, "\(text)")
      #expect(written.randomness == before.randomness, "\(text)")
      #expect(read(try write(text, nil)).threshold == nil, "\(text)")
    }
  }
}
