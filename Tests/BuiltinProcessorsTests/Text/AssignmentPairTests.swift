internal import BuiltinProcessors
internal import Testing

@Suite("Assignments: without a separator, and with unusual ones")
struct AssignmentPairTests {
  @Test(
    "Statements name a password and have it behind a blank",
    arguments: [
      "CREATE USER desk WITH PASSWORD '⟦it''s⟧' LOGIN", "alter user desk identified by '⟦a b⟧'", "PASSWORD  '⟦x⟧'",
      "the Password 'x'", "my_password 'x'", "PASSWORD ''", "PASSWORD '⟦[REDACTED]⟧'", "IDENTIFIED BY \"x\"",
      #"{"m":"PASSWORD '⟦x⟧'"}"#,
    ])
  func statements(text: String) throws { try AssignmentRig.check(text) }

  @Test("Statements are looked at only where password is a word")
  func otherWords() throws {
    AssignmentRig.check("IDENTIFIED BY 'x' PASSWORD 'y'", try AssignmentDetector(["token"]).find)
  }

  @Test(
    "A member names what the one beside it holds",
    arguments: [
      #"{"name":"DB_PASSWORD","value":"⟦x y⟧"}"#, #"{"value":"⟦x y⟧","name":"DB_PASSWORD"}"#,
      #"{"key":"Authorization","value":⟦{"stringValue":"x"}⟧}"#, #"[{'name': 'token', 'value': '⟦x⟧'}, 1]"#,
      #"{\"name\":\"token\",\"value\":\"⟦x⟧\"}"#, #"{"name":"user","value":"x"}"#, #"{"value":"x","name":"user"}"#,
      #"{"name":"token","other":"x"}"#, #"{"name":"token_type","value":"x"}"#, #"{"value":"token","x":1}"#,
      "{\n  \"Name\": \"token\",\n  \"Value\": \"⟦x⟧\"\n}", #"{"value":"⟦[REDACTED]⟧","name":"token"}"#,
      #"{"value":"⟦[REDACTED] x⟧","name":"token"}"#, #"{"name":"token","value":⟦[REDACTED]⟧,"x":1}"#,
      #"{"name":"token","value":⟦[REDACTED]abc⟧,"x":1}"#,
      #"{"value":null,"name":"token"}"#, #"{"filename":"token","value":"x"}"#, #"{"value":5,"name":"token"}"#,
    ])
  func members(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Headers stand in pairs",
    arguments: [
      "[('X-Api-Key', '⟦k1⟧'), ('Accept', '*/*')]", #"["authorization","⟦Bearer x⟧"]"#, "(b'x-auth-token', b'⟦a1⟧')",
      #"[\"X-Auth-Token\",\"⟦a1⟧\"]"#, "('Cookie', '⟦a=b; c=d⟧')", "('X-Api-Key', 'authorization')",
      "IN ('token', 'a1')", "['x-api-key', 'a1', 'b']", "('X-Api-Key', '⟦[REDACTED]⟧')",
      "('X-Api-Key', '⟦[REDACTED]a b⟧')", "[b'authorization', b'⟦[REDACTED]abc⟧']", #"["Cookie","⟦[REDACTED]; a=b⟧"]"#,
      "f('x-api-key', '⟦a1⟧')",
      "('Content-Type', 'a/b')", "('X-Token-Type', 'a1')",
    ])
  func pairs(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Emoji, punctuation and scripts without spaces are no part of a name",
    arguments: [
      "🔑password=⟦x⟧", "alice、password: ⟦x y⟧", "接続情報password=⟦x⟧", "«password»=⟦x⟧", "\u{A0}token=⟦x⟧", "🔑token🔒=⟦x⟧",
      "éauth=1", "mậtauth=1", "🔑tokens=1",
    ])
  func gluedNames(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Tabs written as two characters are blanks around a separator",
    arguments: ["token\\t=\\t⟦a1⟧", "token\\t=\\t\\\"⟦a 1⟧\\\"", "token\\\\t:\\\\t⟦a1⟧", "token=⟦\\ta1⟧"])
  func writtenTabs(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "A header in a string ends where that string ends",
    arguments: [
      #"{"m":"Authorization: ⟦Digest username=\"a\", response=\"b\"⟧","n":1}"#,
      #"{"m":"sent Authorization: ⟦Digest username=\"a\", response=\"b\"⟧","n":1}"#,
      #"{"m":"{\"h\":\"Authorization: ⟦Digest response=\\\"b\\\"⟧\",\"n\":1}"}"#,
    ])
  func parameters(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Separators of several signs can be percent-encoded",
    arguments: [
      "password%3D%3E%22⟦a%20b⟧%22", "password%20%3D%3E%20⟦a1⟧%20b", "password%21%3D%27⟦a1⟧%27", "token%3A%3D⟦a1⟧%26b",
      "token%3D%3D⟦a1⟧", "token%09%3D%09⟦a1⟧", "token%253D%253E⟦a1⟧", "%7Bu%27token%27%3A%20u%27⟦a1⟧%27%7D",
    ])
  func escapedSeparators(text: String) throws { try AssignmentRig.check(text) }
}
