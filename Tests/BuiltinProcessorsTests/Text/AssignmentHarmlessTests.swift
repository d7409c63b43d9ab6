internal import BuiltinProcessors
internal import Testing

@Suite("Assignments: what is none")
struct AssignmentHarmlessTests {
  @Test(
    "Code that fetches a secret is none",
    arguments: [
      "session = authenticate(request, user)", "const token = localStorage.getItem(\"token\");", "x = 1; token = a.b(",
      "const [password, setPassword] = useState(\"\")", "password = os.environ[\"DB_PASSWORD\"]", "token = MD5($1)",
      "apiKey: process.env.API_KEY, b", "apiKey=process.env.API_KEY", "session = await store.load(id)",
      "access_token = EXCLUDED.access_token", "token_hash = decode($1, 'hex')", "token = new Token(user)",
      "token := auth.NewToken(ctx)", "$token = $this->getToken()", "token = jwt.encode(\n  payload)",
      #"{"m":"token = storage.getItem(\"token\")"}"#, "password = crypt(:password, password)",
    ])
  func code(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "A string in a call may be the secret, and so may anything without blanks",
    arguments: [
      "password = ⟦crypt('hunter2', gen_salt('bf'))⟧", "password: ⟦Some(\"x\")⟧", "session = ⟦login('bob', 'x')⟧",
      "password=⟦kd8(Jq)⟧", "password = ⟦kd8(Jq⟧", "x password: ⟦Secret(hunter2)⟧", "password = ⟦my.pass⟧",
      "password=⟦user.password⟧", "session = f(password=⟦a1⟧)", "token = ⟦f(b'x')⟧", "password = ⟦a[\"hunter2\"]⟧",
    ])
  func calls(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Sentences are none",
    arguments: [
      "panic: session: store not configured", "pwd: command not found", "secret: cipher: message authentication failed",
      "password: Path `password` is required.", "\"token\" : secret \"db-x\" not found", "token: x509: unknown",
      "password: Secret<String> may not be empty", "Password: 'Password' must not be empty", "auth: context deadline",
      "fetch token: serviceaccounts \"default\" is forbidden", "auth: Bearer was not authenticated",
      #"{"password":["can't be blank"]}"#, #"{"password":["is too short (minimum is 8)","is invalid"]}"#,
      "{'password': ['This field cannot be blank.']}", #"{\"token\":\"must be set\"}"#, "oauth: \"invalid_grant\"",
    ])
  func sentences(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "What people write about a secret is not taken for a message",
    arguments: [
      "my password: ⟦opensesame⟧ is not working", "password: ⟦opensesame is not working⟧",
      "x password: ⟦Sommer⟧ is wrong", "x password: ⟦hunter2:⟧ refused",
      #"{"password":"⟦must⟧"}"#, #"{"password":"⟦this is my dog⟧"}"#, #"{"password":"⟦correct horse is required⟧"}"#,
    ])
  func people(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Variables are none, also behind a scheme and in templates",
    arguments: [
      "Authorization: Bearer $TOKEN", "Authorization: Bearer ${ACCESS_TOKEN}", "-H 'Authorization: Bearer {{token}}'",
      "password: \"{{ vault_db_password }}\"", "token: ${{ secrets.GITHUB_TOKEN }}", "token = %(username_1)s",
      "Authorization: Bearer <token>", "password: {{ .Values.db.password }}",
    ])
  func variables(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "The last word of a name can say that its value is no secret",
    arguments: [
      "token_type=Bearer9", "\"authMethod\":\"x1\"", "session.timeout=30m", "password_min_length: 12",
      "a --pass-stdin b",
      "sessionAffinity: ClientIP", "auth.oauth2.client.scope=openid", "type=1", "token_types=5",
    ])
  func descriptions(text: String) throws { try AssignmentRig.check(text) }

  @Test("A term that ends with such a word is one all the same")
  func termsOfDescriptions() throws {
    let detector = try AssignmentDetector(["token", "token_type", "path"])
    AssignmentRig.check("token_type=⟦a1⟧ path=⟦b2⟧ token_path=⟦c3⟧ token_count=4", detector.find)
  }

  @Test(
    "Paths, selectors, addresses, folders and versions are none",
    arguments: [
      "urn:ietf:params:oauth:grant-type:device_code", ".a > .token:hover {", "input[type=\"password\"]:focus {",
      "#<Session:0x000000010a3b2c80>", "TTY=pts/0 ; PWD=/srv/desk ; USER=root", "\"PWD\":\"/srv/desk\"",
      "--- PASS: TestToken (0.03s)", "First pass: 412, second pass: 17", "\"cookie\":\"0.6.0\"",
      "\"express-session\":\"^1.18.0\"", "<Session id=4711 open>",
    ])
  func asides(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "What is nearly one of these is a value",
    arguments: [
      "uid=sa;PWD=⟦/x9+a⟧;", "pwd=⟦/x9a⟧", "x pass: ⟦a1⟧", "<password:⟦0x1f⟧>", "x token:⟦hover⟧ y", "secret=⟦1.2.3.4⟧",
      "user pass: ⟦412⟧",
    ])
  func nearly(text: String) throws { try AssignmentRig.check(text) }
}
