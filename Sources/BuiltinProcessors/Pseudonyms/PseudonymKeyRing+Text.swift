internal import ProcessorHost

/// Where the text of keys stands.
public enum PseudonymKeySource: Sendable, Equatable {
  /// A file, by its path.
  case file(String)
  /// An environment variable, in which `;` parts keys too.
  case environment(String)

  fileprivate var name: String {
    switch self {
    case .file(let path): .printable(path)
    case .environment(let variable): .printable(variable)
    }
  }
}

extension PseudonymKeyRing {
  /// Reads keys, one a line: `id: secret`, the secret in hexadecimal digits or base64. `#` begins a comment.
  ///
  /// A secret of nothing but hexadecimal digits is read as those.
  /// - Throws: `PseudonymKeyError` for the first line that is wrong. It says what was found without showing it.
  public init(parsing text: [UInt8], from source: PseudonymKeySource) throws(PseudonymKeyError) {
    var keys: [PseudonymKey] = []
    var lines: [String: Int] = [:]
    for (index, line) in Self.lines(of: text, in: source).enumerated() {
      do throws(PseudonymKeyError) {
        guard let key = try Self.key(in: line) else { continue }
        if let first = lines[key.id] {
          throw PseudonymKeyError(message: "the id stands in line \(first) already; each key has an id of its own")
        }
        lines[key.id] = index + 1
        keys.append(key)
      } catch {
        throw PseudonymKeyError(source: source.name, line: index + 1, message: error.message)
      }
    }
    guard !keys.isEmpty else {
      throw PseudonymKeyError(source: source.name, message: "there is no key; expected lines of the form id: secret")
    }
    try self.init(keys)
  }

  private static func lines(of text: [UInt8], in source: PseudonymKeySource) -> [ArraySlice<UInt8>] {
    // A variable's comment ends at `;` too: were it to run on, it would swallow the keys behind it unseen.
    let isOneLine = if case .environment = source { true } else { false }
    let body = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...]
    return body.split(omittingEmptySubsequences: false) { $0 == 0x0A || (isOneLine && $0 == UInt8(ascii: ";")) }
  }

  /// The key of a line; nil for one that is blank or a comment.
  private static func key(in line: ArraySlice<UInt8>) throws(PseudonymKeyError) -> PseudonymKey? {
    let content = trimmed(line.prefix { $0 != UInt8(ascii: "#") })
    if content.isEmpty { return nil }
    guard let colon = content.firstIndex(of: UInt8(ascii: ":")) else {
      throw PseudonymKeyError(message: "expected id: secret, found a line without a colon")
    }
    let id = trimmed(content[..<colon])
    if let fault = PseudonymKey.fault(inID: id) { throw PseudonymKeyError(message: fault) }
    let secret = try secret(trimmed(content[(colon + 1)...]))
    return try PseudonymKey(id: String(decoding: id, as: UTF8.self), secret: secret)
  }

  private static func secret(_ text: ArraySlice<UInt8>) throws(PseudonymKeyError) -> [UInt8] {
    let expected = "expected a secret in hexadecimal digits or base64"
    if text.isEmpty { throw PseudonymKeyError(message: "\(expected), found nothing") }
    let isHexadecimal = text.allSatisfy { Hexadecimal.digit($0) != nil }
    // Taken for base64, digits of which one was lost would make another key without a word.
    if isHexadecimal, text.count % 2 != 0 {
      throw PseudonymKeyError(
        message: "\(expected), found \(text.count) hexadecimal digits; two make a byte, so one is missing or too many")
    }
    // So would digits of which one was mistyped. Base64 of random bytes has two letters in three that are no such digits.
    let others = text.count { Hexadecimal.digit($0) == nil && $0 != UInt8(ascii: "=") }
    if !isHexadecimal, others * 8 <= text.count, let other = text.firstIndex(where: { Hexadecimal.digit($0) == nil }) {
      throw PseudonymKeyError(
        message: "\(expected), found hexadecimal digits but for \(others) of \(text.count); "
          + "byte \(other - text.startIndex + 1) is \(PseudonymKey.kind(of: text[other]))")
    }
    let output = WireBuffer(capacity: text.count)
    let isDecoded = text.withUnsafeBufferPointer {
      isHexadecimal ? Hexadecimal.decode($0, to: output) : Base64.decode($0, to: output)
    }
    if isDecoded { return Array(output.bytes) }
    let letters = text.prefix { Base64.isLetter($0) }
    if let other = text.dropFirst(letters.count).first(where: { $0 != UInt8(ascii: "=") }) {
      throw PseudonymKeyError(
        message:
          "\(expected), found \(text.count) bytes of which byte \(letters.count + 1) is \(PseudonymKey.kind(of: other))"
      )
    }
    throw PseudonymKeyError(message: "\(expected), found base64 whose \(text.count) letters do not come out even")
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    let tail = text.drop(while: isSpace)
    return tail.prefix((tail.lastIndex { !isSpace($0) } ?? tail.startIndex - 1) - tail.startIndex + 1)
  }
}
