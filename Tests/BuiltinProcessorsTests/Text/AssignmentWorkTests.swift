internal import BuiltinProcessors
internal import Testing

@Suite("Assignments: work")
struct AssignmentWorkTests {
  private func reads(_ text: String, _ find: (CountingText) -> Void) -> Int {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      let text = CountingText(bytes)
      find(text)
      return text.reads
    }
  }

  static let units = [
    "a:{", "token:{", "password=", "password='", "\"", "\\", "'", "%3D", "%", "%25", "[", "(", "<", "<password>",
    "<password ", "<password> ", "token=a(", "token=a( ", "token: \\n", "token: a\\n", "\\n", "token=\\", "=", ":",
    "::", "-",
    " -", " --token ", "token ", "token=[R", "token: null, ", "token= token= ", "a.", "api key", "é=", "token=\"\\\"",
    "token: |\n", "token: |\n\n ", "token: '\n", "\ntoken: \\\\n", "a%3Dtoken", "token:", "token: ", "token=\t", "\t",
    "\n",
    "token%3D%22", "token%3D%5C", "\"token\":\n", "Cookie: a; ", "Cookie: a;", "token: Digest ", "token: (\"",
    "\\u0026",
    "token=[REDACTED]", "]\"", "token\\", "--token", "token:1", "auth-service:1.", "{\"a\":", "?", "&", "?token", "#",
    "&quot;", "token&quot;:&quot;",
    "token=&quot;\n", "\\u0022", "unexpected token: ", "2:", "token = a(", "token = a.b(c, ", "token: a ",
    "token: \"a\" ",
    "token: is ", "\"value\":", "\"value\":\"", "\"value\":\"a\",", "\"value\":\"\",\"name\":", "\"name\":\"token\",",
    "\"a\",", "('x-token','", "'x-token',", "(\"x-token\",", "('x-token','a'", "PASSWORD '", " '", "PASSWORD ", "\\t",
    "token\\t=", "%3D%3D", "%21%3D", "🔑", "🔑token=", "token: [\"is ", "token: Digest \\\"", "token: ${{ ", "token: a: ",
    "--- pass: ", "token = a[\"", "token = a[\"token\"", "token: 'value':'", "`", "\"value\":'", "\"value\":`",
  ]

  @Test("Reading takes time linear in the length of the text", arguments: units)
  func linear(unit: String) throws {
    let detector = try AssignmentRig.detector()
    let parameters = QueryParameters(names: ["token"])
    for find in [
      { (text: CountingText) in
        var found = TextRanges()
        detector.find(inBytes: text, into: &found)
      },
      { text in
        var found = TextRanges()
        parameters.find(inBytes: text, into: &found)
      },
    ] {
      for start in ["", "password=", "token: \"", "auth: {"] {
        let few = reads(start + String(repeating: unit, count: 400), find)
        let many = reads(start + String(repeating: unit, count: 3200), find)
        #expect(many < few * 9, "\(few) reads, \(many) for eight times the text")
        #expect(many < unit.utf8.count * 3200 * 400, "\(many)")
      }
    }
  }
}
