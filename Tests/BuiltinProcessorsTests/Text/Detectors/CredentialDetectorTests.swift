internal import BuiltinProcessors
internal import Testing

@Suite("Detectors of credentials")
struct CredentialDetectorTests {
  @Test(
    "Mail addresses are found in any form",
    arguments: [
      "⟦jo@example.com⟧", "⟦jo.doe+tag@mail.example.co.uk⟧", "⟦jo%40example.com⟧", "⟦jo%2Btag%40example.com⟧",
      "a=⟦jo@example.com⟧&b", "a%3D⟦jo%40example.com⟧%26b",
      "<⟦jo@example.com⟧>", "mailto:⟦jo@example.com⟧", "\"⟦jo@example.com⟧\"", "\\n⟦jo@example.com⟧\\n",
      "⟦jörg@exämple.de⟧", "⟦用户@例子.公司⟧", "⟦jo@example.jp⟧まで", "⟦jo@例子.jp⟧へ", "⟦jo@example.com⟧привет",
      "⟦jo@xn--exmple-cua.xn--p1ai⟧から",
      "⟦jo@a.vermögensberater⟧", "\\\\n⟦jo@example.com⟧\\\\n", "“⟦jo@example.com⟧”",
      "⟦jo@example.com⟧, ⟦al@example.org⟧", "to ⟦jo@example.com⟧.", "⟦jo@163.com⟧", "⟦jo@xn--exmple-cua.xn--p1ai⟧",
      "⟦jo@example.com⟧:secret", "\\u003c⟦jo@example.com⟧\\u003e",
      "https://example.com/users/⟦jo@example.com⟧", "⟦a@b.com⟧@c.com",
    ])
  func mail(text: String) {
    #expect(marked(unmarked(text), by: "email") == text)
  }

  @Test(
    "What only has an at sign stays",
    arguments: [
      "root@web01", "lodash@4.17.21", "pkg@1.2.0-beta.rc", "pkg@v1.2.3", "@decorator", "@babel/core@7.0.0",
      "git@github.com:org/repo.git", "ssh://git@github.com/org/repo",
      "postgres://app:secret@db.example.com/app", "https://token@example.com/x", "com.example.Foo@1a2b3c4d",
      "user@1000.service", "icon@2x.png", "a @ b.com", "jo@", "@example.com",
      "x@y.", "image@sha256:0a1b2c", "jo@example.c", "jo@.com", "%40example.com", "=@example.com",
    ])
  func noMail(text: String) {
    #expect(marked(text, by: "email") == text)
  }

  private static let header = "eyJhbGciOiJIUzI1NiJ9"
  private static let payload = "eyJzdWIiOiJzYW1wbGUifQ"
  private static let signature = "c2FtcGxlLXNpZ25hdHVyZQ"

  @Test(
    "JSON web tokens are found, signed, unsigned, encrypted and detached",
    arguments: [
      "⟦\(header).\(payload).\(signature)⟧", "⟦\(header).\(payload).⟧", "⟦\(header)..\(signature)⟧",
      "⟦\(header).\(signature).\(signature).\(signature).\(signature)⟧",
      "⟦\(header)..\(signature).\(signature).\(signature)⟧", "⟦\(header).\(payload)⟧",
      "x=⟦\(header).\(payload).\(signature)⟧&", "%20⟦\(header).\(payload).\(signature)⟧",
      "session_⟦\(header).\(payload).\(signature)⟧", "was ⟦\(header).\(payload).\(signature)⟧. Next",
      "⟦ewogICJhbGciOiAiSFMyNTYiCn0.\(payload).\(signature)⟧",
    ])
  func webTokens(text: String) {
    #expect(marked(unmarked(text), by: "jwt") == text)
  }

  @Test(
    "Dotted names and base64 stay",
    arguments: [
      "eyJ.a.b", "\(header)", "\(header). Next", "heyJude.the.beatles.song.of.1968", "com.example.eyJava.Main.run",
      "eyJhbGciOiJI", "a.b.c", "ewok.village.on.endor",
    ])
  func noWebTokens(text: String) {
    #expect(marked(text, by: "jwt") == text)
  }

  @Test(
    "Credentials are found behind their scheme",
    arguments: [
      "Bearer ⟦abc123def⟧", "bearer ⟦AbCdEfGhIjKlMnOp⟧", "BEARER%20⟦abc123def⟧&x=1", "Bearer+⟦abc123def⟧",
      "\"Bearer ⟦opensesame⟧\"", "authorization: Bearer ⟦opensesame⟧", "Bearer ⟦12|abcDEF⟧ now",
      "Bearer ⟦a1b2c3.d4~e5+f6/g7==⟧", "Basic ⟦dXNlcjpwYXNz⟧", "basic ⟦dXNlcjpwYXNzdw==⟧",
      "Basic ⟦dXNlcjpwYXNzdw%3D%3D⟧", "Basic%20⟦dXNlcjpwYXNz⟧", "(Bearer ⟦abc123def⟧)",
      "Bearer ⟦abc123def⟧, Basic ⟦dXNlcjpwYXNz⟧",
      "sent Bearer ⟦abc123def⟧.", "[\"Bearer ⟦opensesame⟧\"]", "Bearer  ⟦abc123def⟧",
      "first\\\\nBearer ⟦abc123def⟧\\\\nlast", "Bearer Bearer ⟦abc123def⟧", "Basic ⟦dXNlcjpwYXNz=abc⟧",
      "Basic+⟦dXNlcjpwYXNz⟧", "Bearer of Basic ⟦dXNlcjpwYXNz⟧",
    ])
  func schemes(text: String) {
    #expect(marked(unmarked(text), by: "bearer_token") == text)
  }

  @Test(
    "What is glued to a mark behind a scheme goes along",
    arguments: [
      "Bearer ⟦[REDACTED]abc⟧", "Bearer ⟦[REDACTED].x⟧, next", "the bearer ⟦abc[REDACTED]⟧", "Bearer ⟦[REDACTED]%41⟧.",
      "Bearer%20⟦ab[REDACTED]cd[REDACTED]ef⟧&x=1", "Basic ⟦[REDACTED]abc⟧", "Basic ⟦dXNlcjpwYXNz[REDACTED]abc⟧",
      "Basic ⟦ab[REDACTED]⟧", "basic%20⟦[REDACTED]%3D%3D⟧&x=1", "Basic+⟦[REDACTED]=⟧",
    ])
  func gluedToMarks(text: String) {
    #expect(marked(unmarked(text), by: "bearer_token") == text)
  }

  @Test(
    "Prose, challenges and placeholders stay",
    arguments: [
      "Basic authentication", "basic auth", "Basic ozone", "the bearer of this letter", "Bearer tokens are short-lived",
      "Bearer realm=\"example\"", "Bearer error=\"invalid_token\"", "Bearer <token>",
      "Bearer ${TOKEN}", "Bearer {{token}}", "Bearer [REDACTED]", "\"Bearer [REDACTED]\"", "Bearer [REDACTED].",
      "Bearer [REDACTED] abc", "Basic [REDACTED]", "Basic [REDACTED], abc", "Bearer", "Bearer ", "bearer OAuth2 flow",
      "bearer RFC6750", "forbearer abc123def", "Basic plan", "Basic understanding of", "Bearer authentication",
      "\"Bearer token\"", "missing bearer token", "Bearer %s",
    ])
  func noSchemes(text: String) {
    #expect(marked(text, by: "bearer_token") == text)
  }

  /// As much base64 as makes a key.
  private static let body = "c2FtcGxlLXNhbXBsZQ=="

  @Test(
    "Private keys are found from their first line to their last",
    arguments: ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "],
    ["\n", "\\n", " ", "\r\n", "\\r\\n"])
  func keys(kind: String, lineEnd: String) {
    let text =
      "key ⟦-----BEGIN \(kind)PRIVATE KEY-----\(lineEnd)\(Self.body)\(lineEnd)-----END \(kind)PRIVATE KEY-----⟧\(lineEnd)behind"
    #expect(marked(unmarked(text), by: "private_key") == text)
  }

  @Test(
    "Other forms of private keys are found, and ones that were cut off",
    arguments: [
      "⟦-----BEGIN PGP PRIVATE KEY BLOCK-----\n\(body)\n-----END PGP PRIVATE KEY BLOCK-----⟧ x",
      "⟦-----BEGIN PRIVATE KEY-----\n\(body)⟧", "⟦-----BEGIN PRIVATE KEY-----\n\(body)\n-----END PRIV⟧",
      "⟦---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n\(body)\n---- END SSH2 ENCRYPTED PRIVATE KEY ----⟧",
      "a=⟦-----BEGIN+PRIVATE+KEY-----%0A\(body)%0A-----END+PRIVATE+KEY-----⟧&b",
      "⟦-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n\(body)\n-----END RSA PRIVATE KEY-----⟧",
      "no -----BEGIN PRIVATE KEY----- -----END PRIVATE KEY----- in ⟦-----BEGIN PRIVATE KEY-----\n\(body)⟧",
      "PuTTY-User-Key-File-3: ssh-rsa\n⟦Private-Lines: 1\nc2FtcGxl\nPrivate-MAC: 0a1b⟧\n",
    ])
  func otherKeys(text: String) {
    #expect(marked(unmarked(text), by: "private_key") == text)
  }

  @Test(
    "Public keys and certificates stay",
    arguments: [
      "-----BEGIN PUBLIC KEY-----\nc2FtcGxl\n-----END PUBLIC KEY-----",
      "-----BEGIN CERTIFICATE-----\nc2FtcGxl\n-----END CERTIFICATE-----", "PRIVATE KEY", "Expecting: ANY PRIVATE KEY",
      "BEGIN PRIVATE KEY", "expected '-----BEGIN RSA PRIVATE KEY-----' header, found none",
      "-----BEGIN PRIVATE KEY-----\nc2FtcGxl\n-----END PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----",
      "-----BEGIN CERTIFICATE REQUEST-----", "Public-Lines: 6",
    ])
  func noKeys(text: String) {
    #expect(marked(text, by: "private_key") == text)
  }

  @Test(
    "User and password of a URL are found",
    arguments: [
      "postgres://⟦user:pass⟧@host/db", "postgres://⟦user:p@ss⟧@host/db", "postgres://⟦user:pa/ss⟧@host/db",
      "postgres://⟦user:pa?s#s⟧@host", "https://⟦abcdef⟧@example.com", "redis://⟦:secret⟧@host:6379",
      "amqp://⟦a:b⟧@h amqp://⟦c:d⟧@h", "https:\\/\\/⟦u:p⟧@host\\/x", "https:\\\\/\\\\/⟦u:p⟧@host\\\\/x",
      "u=postgres%3A%2F%2F⟦u%3Ap⟧%40host%2Fdb&b",
      "mongodb+srv://⟦u:p%40ss⟧@h1,h2/db", "\"jdbc:mysql://⟦u:p⟧@host\"", "https://⟦u:p⟧@registry.example.com/@scope/x",
      "https://⟦TOKEN:⟧@host", "postgres://⟦user:s@mple/1⟧@host.example.com", "ssh://⟦deploy:secret⟧@host",
      "http://⟦u:p⟧@[::1]:80/",
    ])
  func urls(text: String) {
    #expect(marked(unmarked(text), by: "url_credentials") == text)
  }

  @Test(
    "URLs without credentials stay",
    arguments: [
      "ssh://git@github.com/x", "https://git@github.com/x", "https://example.com/@user",
      "https://example.com:8080/@user", "https://example.com?mail=jo@example.com", "https://example.com#a@b",
      "postgres://user@host/db",
      "http://host:${PORT}/a@b", "http://host:{port}/a@b", "http://[::1]:80/@x", "file:///C:/a@b",
      "https://example.com, jo@example.com", "://", "http://@host", "https://a.com,jo@b.com", "http://localhost:3000/",
    ])
  func noURLs(text: String) {
    #expect(marked(text, by: "url_credentials") == text)
  }

  @Test(
    "The parameters of presigned URLs are found",
    arguments: [
      "https://h/a?X-Amz-Credential=⟦A%2Fb⟧&X-Amz-Security-Token=⟦cd⟧&X-Amz-Signature=⟦ef⟧&x=1",
      "https://h/a?AWSAccessKeyId=⟦A⟧&Expires=1&Signature=⟦b%2Bc=⟧",
      "https://h/a?X-Goog-Credential=⟦a⟧&X-Goog-Signature=⟦b⟧",
      "https://h/a?GoogleAccessId=⟦a@b⟧&Signature=⟦c⟧", "https://h/a?sv=2022&se=2024&sp=r&sig=⟦abc%3D⟧",
      "?sig=⟦abc⟧&sv=1", "https://h/a?Policy=⟦ab_⟧&Signature=⟦cd⟧&Key-Pair-Id=⟦ef⟧",
      "u=https%3A%2F%2Fh%3FX-Amz-Signature%3D⟦ab⟧%26x%3D1",
      "\"?X-Amz-Signature=⟦ab⟧\\u0026x=1\"", "(https://h/?X-Amz-Signature=⟦ab⟧)", "x-amz-signature=⟦AB⟧",
      "?x=1\\\\u0026X-Amz-Signature=⟦ab⟧\\\\u0026y=1",
      "?Signature=⟦0123456789abcdef⟧",
    ])
  func signed(text: String) {
    #expect(marked(unmarked(text), by: "signed_url") == text)
  }

  @Test(
    "Parameters of the same names that sign nothing stay",
    arguments: [
      "?sig=abc", "config=abc", "?signature=short", "?policy=default", "?sv=1&se=2", "X-Amz-Date=20240318",
      "X-Amz-Signature", "?X-Amz-Signature=", "design=0123456789abcdef0123456789abcdef0123456789",
    ])
  func unsigned(text: String) {
    #expect(marked(text, by: "signed_url") == text)
  }
}
