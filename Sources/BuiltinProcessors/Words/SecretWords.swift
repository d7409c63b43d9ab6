/// Words that mark an attribute as secret, for policies that are not read from a rules directory.
///
/// They are those of the shipped rules, rules/lists.
public enum SecretWords {
  /// Terms for `HideMatcher.words`: `token` finds `auth_token`, `accessToken` and `X-Auth-Token`, but not `tokens`.
  public static let standard = [
    "api_key", "access_key", "account_key", "auth", "authentication", "authorization", "bearer", "client_secret",
    "connection_string", "cookie", "cookies", "credential", "credentials", "csrf", "encryption_key", "jwt",
    "master_key", "o_auth", "oauth", "pass", "pass_word", "passphrase", "passwd", "password", "passwords",
    "private_key", "pwd", "secret", "secret_key", "secrets", "session", "session_key", "set_cookie", "shared_key",
    "signature", "signing_key", "ssh_key", "token", "webhook_secret", "xsrf",
  ]

  /// Names that hold one of the words and are harmless all the same, for its exceptions: counts of tokens, and what
  /// OpenTelemetry calls a random number.
  public static let harmlessNames = [
    "gen_ai.usage.*", "llm.token_count.*", "llm.usage.*", "session.id", "session.previous_id",
  ]
}
