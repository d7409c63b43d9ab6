internal import BuiltinProcessors
internal import Testing

@Suite("Assignments: texts as they come")
struct AssignmentCorpusTests {
  @Test(
    "Secrets in statements, bodies and settings",
    arguments: [
      "UPDATE users SET password = '⟦hunter2⟧', name = 'bob' WHERE id = 7",
      "SELECT id FROM sessions WHERE token='⟦9f8e7d⟧' LIMIT 1",
      "ALTER USER bob WITH PASSWORD = '⟦x y⟧';",
      "Server=db;Database=shop;User Id=sa;Password=⟦Pa55w0rd⟧;Encrypt=true",
      "postgresql://db:5432/shop?user=bob&password=⟦s3cret⟧&sslmode=require",
      "DefaultEndpointsProtocol=https;AccountName=x;Account_Key=⟦abc/def+g==⟧;EndpointSuffix=y",
      #"{"user":"bob","password":"⟦hunter2⟧","remember":true}"#,
      #"{"level":"info","msg":"login {\"user\":\"bob\",\"password\":\"⟦hunter2⟧\"}","n":1}"#,
      #"{"auth":⟦{"type":"basic","user":"bob","pass":"x"}⟧,"host":"h"}"#,
      "POST /login HTTP/1.1\r\nHost: shop\r\nAuthorization: ⟦Basic Ym9iOng=⟧\r\nCookie: ⟦a=1; b=2⟧\r\nAccept: */*\r\n",
      "{host=[shop], authorization=⟦[Bearer abc.def]⟧, accept=[*/*]}",
      "Headers({'host': 'shop', 'authorization': '⟦Bearer abc⟧', 'cookie': '⟦a=1; b=2⟧'})",
      #"curl -X POST -H "Authorization: ⟦Bearer abc.def⟧" -d "password=⟦x⟧&user=bob" https://shop/login"#,
      "curl -H 'X-Api-Key: ⟦k-123⟧' 'https://shop/a?token=⟦t1⟧&b=2'",
      "PATH=/usr/bin\nDB_PASSWORD=⟦hunter2⟧\nHOME=/srv\nAPI_KEY=⟦k-1⟧",
      "database:\n  host: db\n  password: ⟦hunter2 and more⟧\n  port: 5432",
      "<soap:Header><wsse:Username>bob</wsse:Username><wsse:Password Type=\"t\">⟦hunter2⟧</wsse:Password></soap:Header>",
      "mysqldump --host db --password ⟦hunter2⟧ shop", "java -Dspring.datasource.password=⟦x1⟧ -jar app.jar",
      "User(name=bob, password=⟦hunter2⟧, roles=[a, b])", "Credentials{user='bob', password='⟦x⟧'}",
      "User { name: \"bob\", password: ⟦Some(\"x\")⟧ }",
      "{Name:bob Password:⟦hunter2⟧ Roles:[a b]}", "#<User name: \"bob\", password: \"⟦x⟧\">",
      "map[Authorization:⟦[Bearer abc]⟧ Host:[shop]]", "[user] => bob\n[password] => ⟦x⟧\n[age] => 4",
      "GET /cb?state=1&redirect=https%3A%2F%2Fshop%2F%3Fpassword%3D⟦abc⟧%26b%3D1 HTTP/1.1",
      "body=%7B%22password%22%3A%22⟦a%20b⟧%22%2C%22n%22%3A1%7D",
      "com.shop.LoginException: bad login, password=⟦x⟧\n\tat com.shop.auth.Login.run(Login.java:12)",
      "Traceback (most recent call last):\n  File \"/app/auth.py\", line 3, in login\nValueError: token='⟦a⟧'",
      "&quot;password&quot;:&quot;⟦a b⟧&quot;,&quot;n&quot;:1", "&#39;token&#39;: &#39;⟦a1⟧&#39;",
      #"{\u0022password\u0022:\u0022⟦a b⟧\u0022,\u0022n\u0022:1}"#, "Map(token=⟦12x⟧, pwd=⟦12345678s⟧)",
      "%5C%22password%5C%22%3A%5C%22⟦hunter2⟧%5C%22%2C", "%22auth%22%3A⟦%5B%22Bearer%20a%22%5D⟧%2C%22n%22%3A1",
      "login for session id: ⟦abc123⟧ done", "Session ID=⟦abc⟧", "the token value: ⟦a1⟧ x",
      "GET session:⟦abc123⟧", "x-forwarded-for: 1.2.3.4, authorization: ⟦Bearer abc⟧, host: x",
      "MYSQL_PWD=⟦x⟧ mysqldump", "npm set //registry.example/:_authToken=⟦npm_abc⟧",
      "level=info msg=\"login\" user=bob token=⟦abc⟧ duration=3ms", "time=1 token=\"⟦a b⟧\" x=1",
    ])
  func secrets(text: String) throws { try AssignmentRig.check(text) }

  @Test(
    "Texts without secrets",
    arguments: [
      "SELECT password, token FROM users WHERE id = $1", "UPDATE users SET password = ?, token = ? WHERE id = ?",
      "INSERT INTO sessions (token, secret) VALUES ($1, $2)", "SELECT * FROM t WHERE a = 'token' AND pass IS NULL",
      "Access denied for user 'root' (using password: YES)", "SyntaxError: Unexpected token: punc (,)",
      "invalid auth token: EOF", "spent auth: 12ms db: 3ms", "session=0.5s", "ssl.key.password = [hidden]",
      "user id: 5",
      "the password hash", "panicked at 'auth: called `Result::unwrap()`'", "session.id: abc",
      "WHERE password = @__password_0 AND id = @__id_1",
      "\"password\"=>\"[FILTERED]\"", "password: size must be between 8 and 20",
      "GET /oauth/token", "https://auth.example.com:8443/session/new?next=1", "POST /v1/auth/login: 200 OK",
      "java.lang.SecurityException: no\n\tat com.acme.auth.TokenFilter.doFilter(TokenFilter.java:42)\n\tat a.B.c(B.java:1)",
      "Caused by: com.acme.auth.InvalidTokenException: Token expired at 12:30:01",
      "  File \"/srv/app/auth/token.py\", line 42, in refresh_token\n    raise TokenError(\"expired\")\nTokenError: expired",
      "TypeError: Cannot read token\n    at Session.get (/srv/app/session.js:10:15)\n    at node:internal/auth:42:10",
      "panic: auth failed\n\ngoroutine 1 [running]:\nmain.auth(0xc000, 0x1)\n\t/srv/auth/token.go:12 +0x1f",
      "   at Acme.Auth.TokenService.Get(String token) in /src/Auth/TokenService.cs:line 42",
      "thread 'main' panicked at src/auth/token.rs:10:5:\ncalled on None", "app/session.rb:12:in `token'",
      "oauth: cannot fetch token: 401 Unauthorized", "token: expired", "Authentication failed: wrong password",
      "invalid session: not found", "password must be at least 8 characters", "auth: login failed for bob",
      "2024-01-01T10:00:00Z INFO com.acme.auth.LoginService: user bob logged in", "[auth] session opened for root",
      "dial tcp: lookup auth-service:8080: no such host", "gen_ai.usage.input_tokens=12 max_tokens: 5",
      "mutation Login($password: String!) { login(password: $password) { id } }", "Bearer error=\"invalid\"",
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:Shop-AbCdEf", "login <user> <password> [options]",
      "const token: string", "Using token bucket: burst=5 rate=2",
      "ERROR: password authentication failed for user \"bob\"", "tokenizer: bert, passenger=bob, author: bob, oauthy=1",
      "pass through: 5", "12:30:01 token refreshed", "if (token == null) return", "token != nil",
    ])
  func harmless(text: String) throws { try AssignmentRig.check(text) }
}
