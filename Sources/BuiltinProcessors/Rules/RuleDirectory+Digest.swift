internal import Crypto
public import ProcessorHost

extension RuleDirectory {
  /// SHA-256 over all files: chain, rules, tests and lists, by name. Two directories with the same digest say the same.
  public var digest: String {
    var hash = SHA256()
    func add(_ folder: String, _ source: RuleSource) {
      // Lengths stand in front, so that no file can pass for two.
      hash.update(data: Array("\(folder)\(source.file)\n\(source.bytes.count)\n".utf8))
      hash.update(data: source.bytes)
    }
    if let chain { add("", chain) }
    for (_, rule) in rules.sorted(by: { $0.key < $1.key }) { add("", rule) }
    for (_, test) in tests.sorted(by: { $0.key < $1.key }) { add("", test) }
    for (_, list) in lists.sorted(by: { $0.key < $1.key }) { add("lists/", list) }
    return hash.finalize().map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
  }
}
