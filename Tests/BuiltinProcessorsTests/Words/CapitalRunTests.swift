internal import BuiltinProcessors
internal import Testing

@Suite("A run of capitals before small letters")
struct CapitalRunTests {
  @Test(
    "hides under either way to read it",
    arguments: ["DBpassword", "JWTtoken", "APIkey", "x.DBpassword", "APIKey", "DBPassword", "ÄÖpassword"])
  func bothWays(key: String) throws {
    let words = try WordSet(["password", "token", "api_key"])
    #expect(Array(key.utf8).withUnsafeBufferPointer { words.contains($0) } != nil)
  }

  @Test("makes no word of what is none", arguments: ["DBpasswords", "JWTtokenizer", "HTTPtokens", "APIs", "ABCDEf"])
  func neitherWay(key: String) throws {
    let words = try WordSet(["password", "token", "api_key"])
    #expect(Array(key.utf8).withUnsafeBufferPointer { words.contains($0) } == nil)
  }
}
