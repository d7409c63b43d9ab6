internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("Tokens of vendors")
struct VendorTokenTests {
  private static let alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
  private static let hex = "0123456789abcdef"
  private static let capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

  /// Prefixes and the lengths of what follows them, put together here so that no scanner of repositories takes a test
  /// for a leak.
  static let samples: [String] = {
    var generator = SeededGenerator(seed: 31)
    var samples: [String] = []
    func add(_ prefixes: [String], _ count: Int, _ alphabet: String, tail: (String, Int, String) = ("", 0, "a")) {
      for prefix in prefixes {
        let token = prefix + generator.body(count, of: alphabet) + tail.0 + generator.body(tail.1, of: tail.2)
        samples.append("⟦" + token + "⟧")
      }
    }
    add(["AKIA", "ASIA"], 16, capital)
    add(["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_"], 36, alphanumeric)
    add(["github_pat_"], 22, alphanumeric, tail: ("_", 59, alphanumeric))
    add(
      ["glpat-", "gldt-", "glft-", "glsoat-", "glrt-", "glrtr-", "glptt-", "glcbt-", "glagent-", "glimt-"], 20,
      alphanumeric)
    add(
      ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-", "xoxe.xoxp-"], 12, "0123456789",
      tail: ("-", 24, alphanumeric))
    add(["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"], 24, alphanumeric)
    add(["AIza"], 35, alphanumeric)
    add(["GOCSPX-"], 28, alphanumeric)
    add(["ya29.", "1//0"], 60, alphanumeric)
    add(["sk-", "sk-proj-", "sk-ant-api03-", "sk-svcacct-", "sk-admin-", "gsk_"], 48, alphanumeric)
    add(["SG."], 22, alphanumeric, tail: (".", 43, alphanumeric))
    add(["SK", "key-", "dapi", "shpat_", "shpca_", "shppa_", "shpss_"], 32, hex)
    add(["dapi"], 32, hex, tail: ("-", 1, "23"))
    add(["pypi-"], 80, alphanumeric)
    add(["dop_v1_", "doo_v1_", "dor_v1_", "sk-or-v1-", "sntryu_"], 64, hex)
    add(["sq0atp-"], 22, alphanumeric)
    add(["sq0csp-"], 43, alphanumeric)
    add(["hf_"], 34, alphanumeric)
    add(["hvs.", "hvb.", "hvr."], 90, alphanumeric)
    add(["lin_api_", "figd_", "figu_", "dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "fm2_", "fm1r_"], 43, alphanumeric)
    add(["ATATT3"], 180, alphanumeric)
    add(["ATBB"], 32, alphanumeric)
    add(["NRAK-"], 27, alphanumeric)
    add(["sntrys_"], 90, alphanumeric)
    add(["glsa_"], 32, alphanumeric, tail: ("_", 8, hex))
    add(["PMAK-"], 24, hex, tail: ("-", 34, hex))
    add(["sbp_"], 40, hex)
    add(["sb_secret_"], 30, alphanumeric)
    add(["secret_"], 43, alphanumeric)
    add(["ntn_"], 46, alphanumeric)
    add(["sl."], 130, alphanumeric)
    add(["AGE-SECRET-KEY-1"], 58, capital)
    add(["rubygems_"], 48, hex)
    add(["dckr_pat_"], 27, alphanumeric)
    add([generator.body(9, of: "123456789") + ":AA"], 33, alphanumeric)
    add([generator.body(14, of: alphanumeric) + ".atlasv1."], 67, alphanumeric)
    add([String(repeating: "MTAx", count: 6) + "."], 6, alphanumeric, tail: (".", 38, alphanumeric))
    add(["eu01xx"], 26, hex, tail: ("FFFFN" + "RAL", 0, hex))
    add([generator.body(76, of: alphanumeric) + "+A" + "St"], 6, alphanumeric, tail: ("==", 0, hex))
    add(["pul-"], 40, hex)
    add(["EAA"], 120, alphanumeric)
    add([""], 32, hex, tail: ("-us", 2, "123456789"))
    samples.append("AccountKey=⟦" + generator.body(86, of: alphanumeric) + "==⟧")
    samples.append("SharedAccessKey=⟦" + generator.body(43, of: alphanumeric) + "=⟧")
    samples.append("https://hooks.slack.com/⟦services/T0000/B0000/" + generator.body(24, of: alphanumeric) + "⟧")
    samples.append("https://discord.com/api/webhooks/⟦1234567890/" + generator.body(68, of: alphanumeric) + "⟧")
    let slack = generator.body(24, of: alphanumeric)
    for slash in ["%2F", "%2f", "\\/", "\\\\/"] {
      let path = ["services", "T0000", "B0000", slack].joined(separator: slash)
      samples.append(["https:", "", "hooks.slack.com", "⟦" + path + "⟧"].joined(separator: slash))
    }
    samples.append("discord.com%2Fapi%2Fwebhooks%2F⟦1234567890%2F" + generator.body(68, of: alphanumeric) + "⟧")
    samples.append("acme.webhook.office.com/webhookb2/⟦0a1b@2c3d/IncomingWebhook/" + generator.body(68, of: hex) + "⟧")
    samples.append(
      "bot%2F⟦" + generator.body(9, of: "123456789") + "%3AAA" + generator.body(33, of: alphanumeric) + "⟧")
    return samples
  }()

  @Test("Tokens are found by their public forms", arguments: samples)
  func found(text: String) {
    for (before, after) in [
      ("", ""), ("token ", ", expired"), ("\"", "\""), ("é", "é"), ("%20", "%20"), ("\\n", "\\n"),
      ("\\\\n", "\\\\n"),
    ] {
      let text = before + text + after
      // A percent sign goes on with a value that may be percent-encoded.
      if after == "%20", text.contains("Key=") { continue }
      #expect(marked(unmarked(text), by: "vendor_token") == text)
    }
  }

  @Test(
    "A token one byte short, or inside a longer word, is none",
    arguments: ["ghp_", "AKIA", "AIza", "hf_", "sbp_", "dapi", "SK"])
  func short(prefix: String) {
    for text in [prefix + "0a0a", "x" + prefix + String(repeating: "0A", count: 40), prefix] {
      #expect(marked(text, by: "vendor_token") == text)
    }
  }

  @Test(
    "What only looks like a token stays",
    arguments: [
      "task-runner-0123456789abcdef0123456789abcdef", "disk-usage", "sk-circle sk-fading-circle",
      "the risk-adjusted-return-of-assets",
      "cache-key-0123456789abcdef0123456789abcdef", "key-value", "AC0123456789abcdef0123456789abcdef",
      "npm_config_registry",
      "npm_lifecycle_event", "sl.json", "secret_santa", "hf_hub_download", "dapi-gateway", "github_path", "MTA.x.y",
      "com.example.MyService.handle(MyService.java:143)", "pk_live_0123456789abcdefABCDEF01",
      "webhook https://hooks.slack.com/",
      "0123456789:ABCDEF", "550e8400-e29b-41d4-a716-446655440000",
      "sha512-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa==",
      "arn:aws:iam::123456789012:role/AKIA", "glossary-of-terms-and-definitions", "xoxo-love", "EAAAE", "vault-us12",
      "0123456789abcdef-us12", "pul-request",
      "https://discord.com/api/v10/channels", "0123456789abcdef0123456789abcdef-us123",
    ])
  func harmless(text: String) {
    #expect(marked(text, by: "vendor_token") == text)
  }
}
