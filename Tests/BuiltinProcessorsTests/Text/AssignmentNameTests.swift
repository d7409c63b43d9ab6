internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Assignments: separators and names")
struct AssignmentNameTests {
  @Test(
    "Each separator is one",
    arguments: [
      "x password=⟦a1b2⟧", "x password = ⟦a1b2⟧", "x password:⟦a1b2⟧", "x password : ⟦a1b2⟧", "x password => ⟦a1b2⟧",
      "x password := ⟦a1b2⟧", "x password == ⟦a1b2⟧", "x password != ⟦a1b2⟧", "x password===⟦a1b2⟧",
      "x password%3D⟦a1b2⟧", "x password%3a⟦a1b2⟧", "x password%253D⟦a1b2⟧", "x password += ⟦a1b2⟧", "password=⟦a⟧",
    ])
  func separators(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Two colons, a URL's scheme and a line break in between are none",
    arguments: [
      "Auth::Token", "password::hunter2", "token://host", "password\n= hunter2", "see password", "password",
      "token%3A%2F%2Fhost",
    ])
  func noSeparators(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Names hold the words as keys do",
    arguments: [
      "authToken=⟦a1⟧", "X-Api-Key=⟦a1⟧", "DB_PASSWORD=⟦a1⟧", "user[password]=⟦a1⟧", "user.password=⟦a1⟧",
      "$password = '⟦a1⟧'", "tokens=5", "tokenizer=bert", "compass=north",
      "\"auth.token\": \"⟦a1⟧\"", "settings[\"password\"] = \"⟦a1⟧\"", "env['API_KEY']='⟦a1⟧'",
      "[password] => ⟦hunter2⟧", ":password=>\"⟦a1⟧\"", "p%61ssword=⟦a1⟧", "%70%61%73%73=⟦a1⟧", "pass%2557ord=⟦x⟧",
      "?a=1&user%5Bpassword%5D=⟦a1⟧", "%22password%22%3A%22⟦a1⟧%22", "x%26token%3D⟦a1⟧%26b",
      "\\u0026token=⟦a1⟧\\u0026b=1", "x\\npassword=⟦a1⟧",
    ])
  func names(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Excepted names are left alone, also with signs around them",
    arguments: [
      "session.id=abc", "\"session.id\": \"abc\"", "--session.id=abc", "[session.id] => abc", "SESSION.ID=abc",
      "gen_ai.usage.token=12", "session.id: abc",
    ])
  func exceptions(text: String) throws { try AssignmentRig.check(text) }

  @Test("An exception holds for its own step only")
  func exceptionsOfSteps() throws {
    let tokens = HideStep(.words(["token"], except: ["my_token"]))
    let text = HideStep(.text(["assignment"]))
    let other = try Redactor(HidePolicy([tokens, text, HideStep(.words(["password"], except: []))]))
    #expect(other.redact("my_token=a1 password=b2") == "my_token=a1 password=[REDACTED]")
    let own = try Redactor(HidePolicy([tokens, text, HideStep(.words(["my"], except: []))]))
    #expect(own.redact("my_token=a1") == "my_token=[REDACTED]")
  }

  @Test(
    "Before a colon only the last component of a bare name counts",
    arguments: [
      "at com.acme.auth.LoginService: started", "com.acme.token.Store: 42", "spring.datasource.password: ⟦a1⟧",
      "x com.acme.auth.Client:12", "\"com.acme.auth.Client\": \"⟦a1⟧\"",
    ])
  func components(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Files, problems, paths, ports and resource names are no assignments",
    arguments: [
      "auth.py:42: oops", "token.go:12 +0x1f", "at login (auth.js:10:5)", "File \"auth.py\", line 42",
      "InvalidTokenError: bad", "token_exception: bad", "AuthenticationFailure: bad", "auth warning: low",
      "POST /oauth/token: 401", "https://auth:8080/x", "dial auth-service:8080: refused", "image token-bucket:latest",
      "auth-service:1.2.3", "%2Foauth%2Ftoken%3A401",
    ])
  func falseNames(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "A term's words may be parted by a space or, before a colon, by a dot",
    arguments: [
      "the api key: ⟦sk123⟧ was", "Access Key = ⟦AKIA1⟧ x", "aws.access.key: ⟦AKIA1⟧", "x Private Key: ⟦abc⟧",
      "keyboard key: 5", "map key: 5", "token key: 5", "api  key: 5",
    ])
  func spacedTerms(text: String) throws { try AssignmentRig.check(text) }

  @Test("A single term of several words is found by its last one")
  func singleTerm() throws {
    try AssignmentRig.check("x api key: ⟦sk1⟧ y apiKey=⟦b⟧ key=c", AssignmentDetector(["api_key"]).find)
  }

  @Test("Names beyond ASCII and of unusual length")
  func otherNames() throws {
    let detector = try AssignmentDetector(["пароль", "mot_de_passé"])
    AssignmentRig.check("x МойПароль=⟦a1⟧ motDePassé: ⟦b2⟧ %D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C=⟦c3⟧", detector.find)
    let long = String(repeating: "a_", count: 500)
    try AssignmentRig.check(long + "token=⟦a1⟧")
    try AssignmentRig.check("token_" + long + "=a1")
  }

  @Test("Nothing is found without words, and the sample is found with any")
  func sample() throws {
    AssignmentRig.check("password=x", try AssignmentDetector([]).find)
    for words in [["token"], ["api_key"], ["пароль"], ["k"], ["key 2 fa"]] {
      let sample = try AssignmentDetector(words).sample
      AssignmentRig.check(
        sample.before + "⟦" + sample.secret + "⟧" + sample.after, try AssignmentDetector(words).find)
    }
    #expect(try AssignmentDetector(["token"], except: ["token"]).sample.before == "sample_token=")
  }
}
