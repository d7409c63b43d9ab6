internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("Cutting keys into words")
struct WordSplitterTests {
  @Test(
    "Words end where people see them end",
    arguments: [
      ("token", "token"),
      ("auth_token", "auth token"),
      ("accessToken", "access token"),
      ("X-Auth-Token", "x auth token"),
      ("token2", "token 2"),
      ("2fa", "2 fa"),
      ("TOKEN", "token"),
      ("APIKey", "api key"),
      ("myAPIKeyID", "my api key id"),
      ("API_KEY_ID", "api key id"),
      ("HTTPServer2XLReply", "http server 2 xl reply"),
      ("aB", "a b"),
      ("Ab", "ab"),
      ("ABc", "a bc"),
      ("A-Bc", "a bc"),
      ("A1b", "a 1 b"),
      ("llm.tokens.prompt", "llm tokens prompt"),
      ("tokenizer", "tokenizer"),
      ("__a..b//c  ", "a b c"),
      ("[\"user\"].password?", "user password"),
      ("nul\0byte", "nul byte"),
      ("", ""),
      ("-_.", ""),
    ])
  func ascii(key: String, phrase: String) {
    #expect(String(decoding: WordSplitter.phrase(of: key), as: UTF8.self) == phrase)
  }

  @Test(
    "Letters beyond ASCII belong to words and are folded",
    arguments: [
      ("motDePasséSecret", "mot de passé secret"),
      ("ПарольДоступа", "пароль доступа"),
      ("SCHLÜSSEL", "schlüssel"),
      ("clé_API", "clé api"),
      ("İd", "i\u{307}d"),
      ("ÀÉToken", "àé token"),
      ("密码Token", "密码 token"),
      ("日本2語", "日本 2 語"),
    ])
  func unicode(key: String, phrase: String) {
    #expect(String(decoding: WordSplitter.phrase(of: key), as: UTF8.self) == phrase)
  }

  @Test("Malformed UTF-8 does not hide the words around it")
  func malformed() {
    let key: [UInt8] = Array("auth_".utf8) + [0xC3, 0x28] + Array("_token".utf8)
    let phrase = key.withUnsafeBufferPointer { WordSplitter.withPhrase(of: $0) { Array($0) } }
    #expect(String(decoding: phrase, as: UTF8.self) == "auth \u{FFFD} token")
  }

  @Test("Keys of any length are cut the same way", arguments: [500, 512, 513, 5000, 100_000])
  func long(length: Int) {
    let key = String(repeating: "aB", count: length / 2)
    let expected = "a" + String(repeating: " ba", count: length / 2 - 1) + " b"
    #expect(String(decoding: WordSplitter.phrase(of: key), as: UTF8.self) == expected)
  }

  @Test("The fast way for ASCII and the way for other keys agree")
  func waysAgree() {
    var generator = SeededGenerator(seed: 7)
    let alphabet = Array("abzABZ019_- .".utf8)
    for _ in 0..<20_000 {
      let key = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      let text = String(decoding: key, as: UTF8.self)
      let fast = WordSplitter.phrase(of: text)
      let slow = WordSplitter.phrase(of: text + "_é").dropLast(fast.isEmpty ? 2 : 3)
      #expect(fast == Array(slow), "\(text)")
    }
  }
}
