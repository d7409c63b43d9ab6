internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("Finding terms in keys")
struct WordSetTests {
  private func find(_ terms: [String], _ key: String) throws -> Int? {
    let set = try WordSet(terms)
    return Array(key.utf8).withUnsafeBufferPointer(set.contains)
  }

  @Test(
    "A term is found as a word",
    arguments: ["token", "auth_token", "accessToken", "X-Auth-Token", "token2", "TOKEN", "id.token"])
  func word(key: String) throws {
    #expect(try find(["token"], key) == 0)
  }

  @Test(
    "A term is not found inside a word",
    arguments: ["llm.tokens.prompt", "tokenizer", "tokens", "stoken", "to_ken", "", "toke", "tokéen", "étoken"])
  func substring(key: String) throws {
    #expect(try find(["token"], key) == nil)
  }

  @Test(
    "A term of several words is found where they follow one another",
    arguments: ["api_key", "x-api-key", "apiKey", "API_KEY_ID", "APIKey", "apikey", "x.apikey.id", "APIKEY", "api key"])
  func sequence(key: String) throws {
    #expect(try find(["api_key"], key) == 0)
  }

  @Test(
    "Part of a sequence is not enough",
    arguments: ["api", "key", "key_api", "api_x_key", "xapikey", "apikeys", "api_keys", "api_ke", "apis_key"])
  func partialSequence(key: String) throws {
    #expect(try find(["api_key"], key) == nil)
  }

  @Test("A term of one word is that word only")
  func singleWord() throws {
    #expect(try find(["apikey"], "apikey") == 0)
    #expect(try find(["apikey"], "x-apikey") == 0)
    #expect(try find(["apikey"], "api_key") == nil)
  }

  @Test("Digits part words also where a term is joined")
  func digits() throws {
    for key in ["auth_v2_key", "authV2Key", "authv2key", "auth-v-2-key"] {
      #expect(try find(["auth_v2_key"], key) == 0, "\(key)")
    }
    #expect(try find(["auth_v2_key"], "authv3key") == nil)
  }

  @Test("A sequence is found after a false start")
  func falseStart() throws {
    #expect(try find(["api_key"], "api_api_key") == 0)
    #expect(try find(["a_a_b"], "a_a_a_b") == 0)
  }

  @Test("Terms that begin alike are told apart, and the index is the term's")
  func index() throws {
    let terms = ["access_key", "access_token", "access", "secret"]
    #expect(try find(Array(terms.prefix(2)), "aws_access_token") == 1)
    #expect(try find(terms, "aws_access_id") == 2)
    #expect(try find(terms, "clientSecret") == 3)
    #expect(try find(terms, "client") == nil)
  }

  @Test("Terms and keys beyond ASCII meet in lower case")
  func unicode() throws {
    #expect(try find(["schlüssel"], "API-SCHLÜSSEL") == 0)
    #expect(try find(["пароль"], "мойПароль") == 0)
    #expect(try find(["mot_de_passé"], "motDePassé") == 0)
  }

  @Test("A long key is searched to its end")
  func longKey() throws {
    #expect(try find(["api_key"], String(repeating: "padding.", count: 1000) + "apiKey") == 0)
    #expect(try find(["api_key"], String(repeating: "padding.", count: 1000) + "apiKei") == nil)
  }

  @Test("A set without terms finds nothing")
  func empty() throws {
    #expect(try find([], "token") == nil)
  }

  @Test("Terms without a letter or digit are refused by their place", arguments: ["", " ", "_", "--.*"])
  func uselessTerm(term: String) {
    #expect(throws: WordTermError(index: 1, term: term)) { try WordSet(["token", term]) }
  }

  @Test("Against a plain search, for random terms and keys")
  func oracle() throws {
    var generator = SeededGenerator(seed: 11)
    let words = ["a", "b", "ab", "api", "key", "id", "2"]
    for _ in 0..<3000 {
      func random(_ count: ClosedRange<Int>) -> [String] {
        (0..<Int.random(in: count, using: &generator)).map { _ in words[Int.random(in: 0..<7, using: &generator)] }
      }
      let term = random(1...3)
      let key = random(0...6)
      let set = try WordSet([term.joined(separator: "_")])
      let text = key.joined(separator: "-")
      let found = Array(text.utf8).withUnsafeBufferPointer(set.contains) != nil
      let joined = String(decoding: WordSplitter.phrase(of: term.joined()), as: UTF8.self).split(separator: " ")
      let isExpected = key.contains(sequence: term) || key.contains(sequence: joined.map(String.init))
      #expect(found == isExpected, "\(term) in \(text)")
    }
  }
}

extension [String] {
  fileprivate func contains(sequence: [String]) -> Bool {
    guard sequence.count <= count else { return false }
    return (0...count - sequence.count).contains { Array(self[$0..<$0 + sequence.count]) == sequence }
  }
}
