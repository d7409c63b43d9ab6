/// A secret that clients show to be let in. It prints as a mark, wherever it is printed.
public struct BearerToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let bytes: [UInt8]

  /// Makes a token; nil where there is nothing in it but white space, which everybody could show.
  public init?(_ token: String) {
    let bytes = Array(token.utf8).trimmed
    guard !bytes.isEmpty else { return nil }
    self.bytes = bytes
  }

  /// What stands in for the token.
  public var description: String { "[REDACTED]" }
  /// What stands in for the token.
  public var debugDescription: String { description }
  /// A mirror without the token.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// Whether an `authorization` header shows this token. The scheme is read in either case.
  ///
  /// The time it takes depends on the length of what was sent, and not on how much of it is right.
  func isShown(by header: String?) -> Bool {
    let scheme = Array("bearer ".utf8)
    let shown = Array((header ?? "").utf8)
    guard shown.count > scheme.count, zip(shown, scheme).allSatisfy({ $0 | 0x20 == $1 }) else { return false }
    let candidate = Array(shown[scheme.count...]).trimmed
    var difference = candidate.count ^ bytes.count
    for (index, byte) in candidate.enumerated() { difference |= Int(byte ^ bytes[index % bytes.count]) }
    return difference == 0
  }
}

extension [UInt8] {
  /// Without the spaces and tabs around it.
  fileprivate var trimmed: [UInt8] {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let start = drop(while: isSpace)
    return Array(start.prefix(start.lastIndex { !isSpace($0) }.map { $0 - start.startIndex + 1 } ?? 0))
  }
}
