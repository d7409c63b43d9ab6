public import ProcessorHost

extension RuleDirectory {
  /// The rules that come with the host, as the top level's `rules` has them: `slow_trace`, `sample`, `redact`,
  /// `truncate`, with their lists and tests.
  public static var standard: RuleDirectory {
    let lua = { (name: String, bytes: [UInt8]) in RuleSource(file: name + ".lua", bytes: bytes) }
    let list = { (name: String, bytes: [UInt8]) in RuleSource(file: name + ".txt", bytes: bytes) }
    return RuleDirectory(
      chain: lua("chain", PackageResources.chain_lua),
      rules: [
        lua("redact", PackageResources.redact_lua), lua("sample", PackageResources.sample_lua),
        lua("slow_trace", PackageResources.slow_trace_lua), lua("truncate", PackageResources.truncate_lua),
      ],
      tests: [
        lua("redact.test", PackageResources.redact_test_lua), lua("sample.test", PackageResources.sample_test_lua),
        lua("slow_trace.test", PackageResources.slow_trace_test_lua),
        lua("truncate.test", PackageResources.truncate_test_lua),
      ],
      lists: [
        list("harmless_names", PackageResources.harmless_names_txt),
        list("secret_words", PackageResources.secret_words_txt),
      ])
  }
}
