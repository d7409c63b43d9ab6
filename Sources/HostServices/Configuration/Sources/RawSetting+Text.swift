extension RawSetting {
  /// A value as variables and flags write it: several with commas between them, each of them with its name and `=`.
  /// - Parameter isFlag: a flag is given again for each value with a name, which may hold commas therefore.
  init(_ text: String, _ shape: SettingShape, _ writing: StandardVariable.Writing = .plain, isFlag: Bool = false) {
    switch shape {
    case .scalar:
      // Not a unit twice: what is more than digits is no number of milliseconds.
      let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      self = .scalar(writing == .milliseconds ? text + (isNumber ? "ms" : " ms") : text, isQuoted: false)
    case .list:
      self = .list(text.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed))
    case .map:
      var pairs: [String: String] = [:]
      for pair in isFlag ? [text[...]] : text.split(separator: ",") where !Self.trimmed(pair).isEmpty {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = Self.trimmed(parts[0])
        guard parts.count == 2 else {
          // No setting takes this.
          self = .scalar(text, isQuoted: false)
          return
        }
        let value = Self.trimmed(parts[1])
        pairs[name] = writing == .encodedPairs ? Self.percentDecoded(value) : value
      }
      self = .map(pairs)
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// Replaces `%41` by `A`; what is no escape stays.
  private static func percentDecoded(_ text: String) -> String {
    var decoded: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
        rest.first != UInt8(ascii: "+")
      {
        decoded.append(value)
        rest.removeFirst(2)
      } else {
        decoded.append(byte)
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
