extension VendorTokenForm {
  private static let word: ByteClass = [.alphanumeric, .underscore]
  private static let dotted: ByteClass = [.base64URL, .dot]

  private static func then(_ separator: Unicode.Scalar, _ bytes: ByteClass, _ length: ClosedRange<Int>) -> Run {
    Run(bytes: bytes, length: length, separator: UInt8(ascii: separator))
  }

  /// The forms that vendors publish for scanners of secrets; where several could match, the longer prefix comes first.
  /// Lengths without an upper end are of tokens that their vendors say may grow.
  static let table: [VendorTokenForm] = clouds + code + chat + payment + models + services

  private static let clouds: [VendorTokenForm] = [
    // AWS: ids of long-term and temporary access keys, and of Bedrock's keys.
    VendorTokenForm("AKIA", [.capital, .digit], 16),
    VendorTokenForm("ASIA", [.capital, .digit], 16),
    VendorTokenForm("ABSK", [.base64, .equals], 60...),
    // Google: API keys, client secrets, access tokens, refresh tokens.
    VendorTokenForm("AIza", .base64URL, 35),
    VendorTokenForm("GOCSPX-", .base64URL, 28),
    VendorTokenForm("ya29.", [.base64URL, .dot, .slash], 20...),
    VendorTokenForm("1//0", .base64URL, 40...),
    // Azure: keys in connection strings of storage, and of the service bus and the like.
    VendorTokenForm("AccountKey=", [.base64, .percent], 40..., isContext: true),
    VendorTokenForm("SharedAccessKey=", [.base64, .percent], 40..., isContext: true),
    // DigitalOcean: personal, OAuth and refresh tokens.
    VendorTokenForm("dop_v1_", .lowerHex, 64),
    VendorTokenForm("doo_v1_", .lowerHex, 64),
    VendorTokenForm("dor_v1_", .lowerHex, 64),
    // HashiCorp Vault: service, batch and recovery tokens. Fly.io: macaroons and older tokens.
    VendorTokenForm("hvs.", .base64URL, 24...),
    VendorTokenForm("hvb.", .base64URL, 24...),
    VendorTokenForm("hvr.", .base64URL, 24...),
    VendorTokenForm("fm1r_", [.base64, .equals], 40...),
    VendorTokenForm("fm1a_", [.base64, .equals], 40...),
    VendorTokenForm("fm2_", [.base64, .equals], 40...),
    VendorTokenForm("fo1_", .base64URL, 43),
    // Databricks: personal access tokens, with the number of a newer form.
    VendorTokenForm("dapi", .lowerHex, 32, tail: then("-", .digit, 1...2)),
    VendorTokenForm("dapi", .lowerHex, 32),
    // Pulumi: access tokens.
    VendorTokenForm("pul-", .lowerHex, 40),
  ]

  private static let code: [VendorTokenForm] = [
    // GitHub: personal, OAuth, user, server and refresh tokens; fine-grained personal tokens.
    VendorTokenForm("ghp_", .alphanumeric, 36...),
    VendorTokenForm("gho_", .alphanumeric, 36...),
    VendorTokenForm("ghu_", .alphanumeric, 36...),
    VendorTokenForm("ghs_", dotted, 36...),
    VendorTokenForm("ghr_", .alphanumeric, 36...),
    VendorTokenForm("github_pat_", word, 36...),
    // GitLab: personal, deploy, feed, SCIM, runner, trigger, build, agent, incoming mail, OAuth and feature tokens.
    VendorTokenForm("glpat-", dotted, 20...),
    VendorTokenForm("gldt-", dotted, 20...),
    VendorTokenForm("glft-", dotted, 20...),
    VendorTokenForm("glsoat-", dotted, 20...),
    VendorTokenForm("glrt-", dotted, 20...),
    VendorTokenForm("glrtr-", dotted, 20...),
    VendorTokenForm("glptt-", dotted, 20...),
    VendorTokenForm("glcbt-", dotted, 20...),
    VendorTokenForm("glagent-", dotted, 20...),
    VendorTokenForm("glimt-", dotted, 20...),
    VendorTokenForm("gloas-", dotted, 20...),
    VendorTokenForm("glffct-", dotted, 20...),
    // Package registries: npm, PyPI, RubyGems, crates.io; Docker Hub.
    VendorTokenForm("npm_", .alphanumeric, 36...),
    VendorTokenForm("pypi-", .base64URL, 50...),
    VendorTokenForm("rubygems_", .lowerHex, 48),
    VendorTokenForm("dckr_pat_", .base64URL, 27...),
    // Atlassian: API tokens and those of repositories and apps. Linear. Postman. Figma.
    VendorTokenForm("ATATT3", [.base64URL, .equals], 60...),
    VendorTokenForm("ATCTT3", [.base64URL, .equals], 60...),
    VendorTokenForm("ATBB", .alphanumeric, 32),
    VendorTokenForm("lin_api_", .alphanumeric, 40...),
    VendorTokenForm("lin_oauth_", .alphanumeric, 40...),
    VendorTokenForm("PMAK-", .lowerHex, 24, tail: then("-", .lowerHex, 34...34)),
    VendorTokenForm("figd_", .base64URL, 40...),
    VendorTokenForm("figu_", .base64URL, 40...),
  ]

  private static let chat: [VendorTokenForm] = [
    // Slack: bot, user, app, configuration and refresh tokens.
    VendorTokenForm("xoxb-", [.alphanumeric, .hyphen], 20...),
    VendorTokenForm("xoxp-", [.alphanumeric, .hyphen], 20...),
    VendorTokenForm("xoxa-", [.alphanumeric, .hyphen], 20...),
    VendorTokenForm("xoxr-", [.alphanumeric, .hyphen], 20...),
    VendorTokenForm("xoxs-", [.alphanumeric, .hyphen], 20...),
    VendorTokenForm("xoxc-", [.alphanumeric, .hyphen], 20...),
    VendorTokenForm("xoxd-", [.base64URL, .slash, .plus, .equals, .percent], 20...),
    VendorTokenForm("xoxe.", dotted, 20...),
    VendorTokenForm("xoxe-", [.alphanumeric, .hyphen], 20...),
    VendorTokenForm("xapp-", [.alphanumeric, .hyphen], 20...),
  ]

  private static let payment: [VendorTokenForm] = [
    // Stripe: secret and restricted keys, and secrets of webhooks; keys that begin with pk_ are public.
    VendorTokenForm("sk_live_", .alphanumeric, 16...),
    VendorTokenForm("sk_test_", .alphanumeric, 16...),
    VendorTokenForm("rk_live_", .alphanumeric, 16...),
    VendorTokenForm("rk_test_", .alphanumeric, 16...),
    VendorTokenForm("whsec_", [.base64, .equals], 24...),
    // Shopify: tokens of public, custom and private apps, and their shared secret. Square: access tokens and secrets.
    VendorTokenForm("shpat_", .hex, 32),
    VendorTokenForm("shpca_", .hex, 32),
    VendorTokenForm("shppa_", .hex, 32),
    VendorTokenForm("shpss_", .hex, 32),
    VendorTokenForm("sq0atp-", .base64URL, 22),
    VendorTokenForm("sq0csp-", .base64URL, 43),
    VendorTokenForm("EAAAE", .base64URL, 59),
    // Facebook: access tokens, behind Square's, which begin alike.
    VendorTokenForm("EAA", .alphanumeric, 60...),
  ]

  private static let models: [VendorTokenForm] = [
    // Anthropic. OpenAI: project, service account and admin keys, and the older ones, which others have taken over.
    VendorTokenForm("sk-ant-", .base64URL, 32...),
    VendorTokenForm("sk-proj-", .base64URL, 32...),
    VendorTokenForm("sk-svcacct-", .base64URL, 32...),
    VendorTokenForm("sk-admin-", .base64URL, 32...),
    VendorTokenForm("sk-or-v1-", .lowerHex, 64),
    VendorTokenForm("sk-", .alphanumeric, 32...),
    // Hugging Face: users' and organizations' tokens. Replicate. Groq.
    VendorTokenForm("hf_", .alphanumeric, 30...),
    VendorTokenForm("api_org_", .alphanumeric, 30...),
    VendorTokenForm("r8_", .alphanumeric, 37),
    VendorTokenForm("gsk_", .alphanumeric, 40...),
  ]

  private static let services: [VendorTokenForm] = [
    // Mail: SendGrid, Mailgun. Twilio: API keys; the ids of accounts, which begin with AC, are no secrets.
    VendorTokenForm("SG.", .base64URL, 16...64, tail: then(".", .base64URL, 32...128)),
    VendorTokenForm("key-", .lowerHex, 32...32, standsAlone: true),
    VendorTokenForm("SK", .lowerHex, 32...32, standsAlone: true),
    // Notion: integrations' secrets, old and new. Dropbox: short-lived tokens.
    VendorTokenForm("secret_", .alphanumeric, 43),
    VendorTokenForm("ntn_", .alphanumeric, 40...),
    VendorTokenForm("sl.", dotted, 60...),
    // Observability: New Relic's user, admin and insert keys; Sentry's tokens; Grafana's; Doppler's.
    VendorTokenForm("NRAK-", .alphanumeric, 27),
    VendorTokenForm("NRAA-", .alphanumeric, 27),
    VendorTokenForm("NRII-", .base64URL, 32),
    VendorTokenForm("sntrys_", [.base64, .underscore, .equals], 40...),
    VendorTokenForm("sntryu_", .lowerHex, 64),
    VendorTokenForm("glsa_", .alphanumeric, 32, tail: then("_", .hex, 8...8)),
    VendorTokenForm("glc_", [.base64, .equals], 32...),
    VendorTokenForm("dp.pt.", .alphanumeric, 40...),
    VendorTokenForm("dp.st.", dotted, 40...),
    VendorTokenForm("dp.ct.", .alphanumeric, 40...),
    VendorTokenForm("dp.sa.", .alphanumeric, 40...),
    // Supabase: personal tokens and secret keys. Age: secret keys, in Bech32.
    VendorTokenForm("sbp_", .lowerHex, 40),
    VendorTokenForm("sb_secret_", .base64URL, 20...),
    VendorTokenForm("AGE-SECRET-KEY-1", [.capital, .digit], 58),
  ]
}
