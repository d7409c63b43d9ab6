internal import BuiltinProcessors
internal import Testing

@Suite("Assignments: values")
struct AssignmentValueTests {
  @Test(
    "Quotes of any level end where that level ends",
    arguments: [
      #"{"password":"⟦a1⟧","x":1}"#, #"{"password": "⟦a \"b\" c\\⟧", "x": "y"}"#, #"{'password': '⟦a1⟧', 'b': 2}"#,
      #"{"m":"{\"password\":\"⟦a1⟧\",\"b\":2}"}"#, #"{"m":"{\"password\":\"⟦a\\\"b⟧\",\"b\":2}"}"#,
      #"\\\"password\\\": \\\"⟦a1⟧\\\", \\\"b\\\": 1"#, #"{\"password\": \\\"⟦x⟧\\\"}"#, #"password=`⟦a b⟧` x"#,
      "WHERE password = '⟦it''s⟧' AND x = 'y'", #"password=b'⟦a1⟧'"#, #"password = u"⟦a 1⟧", x"#,
      #"password = @"⟦a 1⟧";"#, #"password="""⟦a1⟧""""#, "\"password\":\n  \"⟦a1⟧\"", #"m="password='⟦a b⟧'" c"#,
      #"{"m":"password=\"⟦a1⟧"}"#,
    ])
  func quoted(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "A string that is not closed goes to the end of its line",
    arguments: ["password=\"⟦a b c⟧", "password='⟦a b⟧\nnext line", "password: '⟦a, b⟧\r\nnext 'line'"])
  func unclosed(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Brackets are taken to their balanced end",
    arguments: [
      #"{"auth":⟦{"user":"a}","pass":[1,2]}⟧,"b":1}"#, "Cookie map[token:⟦[a b]⟧ x:[c]]", "password=⟦(a (b) c)⟧, d",
      #"{"auth": ⟦["a", "b"⟧"#, #"x auth=⟦{don't {x}}⟧ y"#, #"{\"auth\":⟦{\"a\":\"}\"}⟧,\"b\":1}"#,
      "auth={} token=[] x", "{Authorization=⟦[Bearer abc]⟧, Host=x}", "x token=⟦{a}b⟧ c",
    ])
  func brackets(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Anything else goes to white space or to what it stands in",
    arguments: [
      "a password=⟦x⟧ b", "?password=⟦x⟧&b=1", "?password=⟦x⟧#top", "x;password=⟦a#b⟧;c", "(password=⟦x⟧)",
      "{password:⟦x⟧}", "[password=⟦x⟧]", "<a password=⟦x⟧>", "password=⟦x⟧, b", "password=⟦x⟧|b", "password=⟦1234⟧ b",
      "a%3Fpassword%3D⟦x%252Fy⟧%26b%3D1", "password%3D⟦x⟧&b", "token:⟦Some(\"a1\")⟧, x", "token: None, x: 1",
      "token=⟦Optional(a b)⟧ c", "a token=⟦domain\\nick⟧ b", "{\\\"token\\\":⟦12⟧}", "x token=⟦a1⟧\\r\\nHost: b",
      "x token=⟦a1⟧\\nnext: b", "password=⟦pässwörd⟧ b", "?q=1&token=⟦a1⟧\\u0026b=2",
    ])
  func runs(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "A scheme takes its credentials along",
    arguments: [
      "x authorization=⟦Bearer abc.def⟧ y", "x Authorization: ⟦Basic dXNlcjo=⟧ y", "auth=⟦token abc⟧, b",
      "x Authorization: ⟦Digest username=\"a\", response=\"b\"⟧", "authorization=⟦BEARER \"a b⟧\" c",
      "x authorization: ⟦AWS4-HMAC-SHA256 Credential=a/b, Signature=c⟧\nHost: d", "?authorization=⟦Bearer%20abc⟧&x",
      "x authorization%3D⟦Bearer%20abc⟧%26x", "x authorization: ⟦Bearer [REDACTED]⟧ y",
    ])
  func schemes(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "A line of its own is a value to its end",
    arguments: [
      "Host: x\nAuthorization: ⟦Bearer a b⟧\nAccept: y", "Cookie: ⟦a=b; c=d⟧", "  password: ⟦correct horse⟧  \nb: c",
      "> Cookie: ⟦a=b; c=d⟧\r\n> Host: x", "- token: ⟦c d⟧", "Host: x\\r\\nCookie: ⟦a=b; c=d⟧\\r\\nAccept: y",
      #"{"m":"Host: x\nCookie: ⟦a=b; c=d⟧","b":1}"#, #"{"m":"{\"h\":\"x\\nCookie: ⟦a=b; c⟧\",\"b\":1}"}"#,
      #"curl -H "Authorization: ⟦Bearer a b⟧" https://x"#, "curl -H 'Cookie: ⟦a=b; c=d⟧' x",
      "x Cookie: ⟦a=b; c=d⟧, Host: y", "token: null, user: bob", "password: \"⟦a b⟧\" # why",
      "private_key: |\n  ⟦abc\n  def⟧\nnext: x", "a:\n  token: >-\n    ⟦abc⟧\n\n  b: c",
    ])
  func lines(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Nothing, null, truth and placeholders are no values",
    arguments: [
      "password=", "password=&a=b", "password=\"\" x", "password=null", "password: None", "\"password\":nil,",
      "token=undefined;", "\"auth\":true,\"session\": false", "\"token\": \"null\"", "password= user=bob",
      "WHERE password = ? AND token = $1", "password = :password", "password=@p0", "password=%s", "token=%(token)s",
      "password=${DB_PASSWORD}", "login(password: $password)", "auth=-", "password=****", "{{\"token\": {{token}}}}",
      "token=(null)", "auth={}",
    ])
  func noValues(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "What only looks like no value is one",
    arguments: [
      "password=⟦nullable⟧", "password=⟦null1⟧", "password=⟦?x⟧", "password=⟦$ecret1⟧", "password=⟦@dmin⟧",
      "password=⟦:colon⟧", "password=⟦-x⟧", "pin_token=⟦1234⟧", "password: ⟦true love⟧", "password=⟦%41bc⟧",
    ])
  func values(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Messages about secrets are no values",
    arguments: [
      "oauth: cannot fetch token", "token: expired", "Token: Expired.", "auth: user bob logged in", "jwt: malformed",
      "session: not found", "auth: invalid", "err=\"token: expired\"", "password: required, name: ok",
      "token: couldn't parse", "cookie: missing\n", "{\"error\":\"token: invalid\"}", "mutation($password: String!)",
    ])
  func messages(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Values that begin like messages are values",
    arguments: [
      "password: ⟦expired1⟧", "x password: ⟦no.1⟧", "password=⟦expired⟧", "password:⟦invalid⟧", "password: ⟦user⟧",
      "\"password\": \"⟦failed⟧\"", "password: ⟦open⟧", "password: ⟦not_so⟧",
    ])
  func secretWords(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "The mark is a value, and goes as far as any other would",
    arguments: [
      "password=⟦[REDACTED]⟧", "password=⟦[REDACTED]abc⟧", "\"password\":\"⟦[REDACTED] x⟧\"", "token: ⟦[REDACTED], b⟧",
      "<password>⟦[REDACTED]⟧</password>", "--password ⟦[REDACTED]⟧ x", "Cookie: ⟦[REDACTED]; b=c⟧",
      "%22password%22%3A%22⟦[REDACTED]⟧%22", "x password=⟦a[REDACTED]b⟧ c",
    ])
  func marks(text: String) throws { try AssignmentRig.check(text) }
}
