/// Words that mark an attribute as secret, for policies that are not read from a rules directory.
///
/// They are those of the shipped rules, rules/lists.
public enum SecretWords {
  /// Terms for `HideMatcher.words`: `token` finds `auth_token`, `accessToken` and `X-Auth-Token`, but not `tokens`.
  public static let standard = [
    "access_key", "account_key", "api_key", "auth", "authentication", "authorization", "bearer", "client_secret",
    "connection_string", "cookie", "cookies", "credential", "credentials", "csrf", "cvc", "cvv", "encryption_key",
    "jsessionid", "jwt", "kennwort", "keypass", "license_key", "master_key", "o_auth", "oauth", "otp", "pass",
    "pass_word", "passphrase", "passwd", "password", "passwords", "passwort", "pgpassword", "phpsessid", "pin",
    "private_key", "pwd", "requirepass", "secret", "secret_key", "secrets", "session", "session_key", "sessionid",
    "set_cookie", "shared_key", "signature", "signing_key", "ssh_key", "storepass", "subscription_key", "token",
    "webhook_secret", "xsrf",
  ]

  /// Names that hold one of the words and are harmless all the same, for its exceptions: counts of tokens, and what
  /// OpenTelemetry calls a random number.
  public static let harmlessNames = [
    "gen_ai.usage.*", "llm.token_count.*", "llm.usage.*", "session.id", "session.previous_id", "auth.method",
    "auth.scheme", "auth.type", "auth_method", "auth_scheme", "auth_type", "authentication.method",
    "authentication_method", "authentication.scheme", "authenticationscheme", "authmethod", "authtype",
    "credential_type", "oauth_version", "oauth_signature_method", "session_type", "token.type", "token_type",
    "tokentype", "token_endpoint_auth_method", "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported", "password_expires_in", "password_max_length",
    "password_min_length", "password_policy", "session.timeout", "session_timeout", "session_ttl", "token_expires_in",
    "token_expiry", "token_ttl", "auth.attempts", "auth_attempts", "login.auth.attempts", "session_count",
    "token.count", "token_count", "token_limit", "private_key_path", "ssh_key_path", "token_bucket.*", "token_file",
    "token_path", "auth.enabled", "auth_enabled", "password_required", "sessionaffinity", "pass_through",
    "publickeytoken", "sharedaccesskeyname", "logging.level.*",
  ]
}
