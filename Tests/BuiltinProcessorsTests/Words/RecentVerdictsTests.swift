internal import BuiltinProcessors
internal import Testing

@Suite("The keys that stood last in each slot")
struct RecentVerdictsTests {
  private let recent = RecentVerdicts()

  private func get(_ key: String, at slot: Int) -> KeyVerdict.Strength? {
    Array(key.utf8).withUnsafeBufferPointer { recent.get($0, at: slot)?.strength }
  }

  private func put(_ key: String, _ strength: KeyVerdict.Strength, at slot: Int) {
    var verdict = KeyVerdict()
    verdict.strength = strength
    Array(key.utf8).withUnsafeBufferPointer { recent.put($0, verdict, at: slot) }
  }

  @Test("A verdict is that of the same key in the same slot", arguments: 1...RecentVerdicts.keyCapacity)
  func sameKey(length: Int) {
    let key = String(repeating: "k", count: length)
    put(key, .mark, at: 3)
    #expect(get(key, at: 3) == .mark)
    #expect(get(key, at: 4) == nil)
    #expect(get(key + "k", at: 3) == nil)
    #expect(get(String(key.dropLast()), at: 3) == nil)
    for place in 0..<length {
      var other = Array(key.utf8)
      other[place] = UInt8(ascii: "x")
      #expect(get(String(decoding: other, as: UTF8.self), at: 3) == nil)
    }
  }

  @Test("The key that stood last takes the place, whatever its length")
  func replaced() {
    put("authorization", .mark, at: 0)
    put("user.id", .none, at: 0)
    #expect(get("authorization", at: 0) == nil)
    #expect(get("user.id", at: 0) == KeyVerdict.Strength.none)
  }

  @Test("There is nothing for empty keys, long ones, and slots beyond the last")
  func outside() {
    let long = String(repeating: "k", count: RecentVerdicts.keyCapacity + 1)
    put(long, .mark, at: 1)
    put("key", .mark, at: RecentVerdicts.slots)
    #expect(get("", at: 1) == nil)
    #expect(get(long, at: 1) == nil)
    #expect(get("key", at: RecentVerdicts.slots) == nil)
  }
}
