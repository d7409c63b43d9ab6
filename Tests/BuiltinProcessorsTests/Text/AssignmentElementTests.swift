internal import BuiltinProcessors
internal import Testing

@Suite("Assignments: flags and elements")
struct AssignmentElementTests {
  @Test(
    "Flags have their value in the next word",
    arguments: [
      "mysql --password ⟦a1⟧ --user bob", "x --password=⟦a1⟧ y", "tool -token ⟦a1⟧", "x --api-key \"⟦a b⟧\" y",
      #"["--password", "⟦a1⟧", "x"]"#, "['--token', '⟦a1⟧']", #"[\"--token\", \"⟦a1⟧\"]"#, "--password --user bob",
      "the --token option is required", "--password", "x --password\nb", "a--password b", "use --user bob",
      "\"--password\" \"⟦a1⟧\"",
    ])
  func flags(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Elements have it up to the next tag",
    arguments: [
      "<password>⟦a b⟧</password>", "<ns:password>⟦x⟧</ns:password>", "<password attr=\"y\">⟦x⟧<", "<Token>⟦a1⟧",
      "<auth><user>bob</user><token>⟦x⟧</token></auth>", "<password/>abc", "<auth:Token>⟦x⟧</auth:Token>",
      "<password:⟦hunter2⟧>",
      "<token%3D⟦a⟧>b", "-token%3D⟦=⟧ b", "<password></password>",
      "<password type='a' secret=\"⟦b⟧\">⟦c⟧</password>", "<password><![CDATA[⟦a<b⟧]]></password>",
      "<password>\n  ⟦a1⟧\n</password>", "usage: login <user> <password> [options]", "</password>abc<x>",
      "<password token=⟦a⟧>⟦b⟧</password>", "<user>bob</user>", "a <tokens b>c</tokens>",
      "postgres://u:<password>@host/db",
    ])
  func elements(text: String) throws { try AssignmentRig.check(text) }
}
