/// The user information of URLs in one text.
///
/// It remembers how far it has looked ahead, so that all URLs of a text together take linear time.
struct URLUserInfo {
  private enum Part {
    case at
    case colon
    /// What ends an authority: `/`, `?` or `#`.
    case authorityEnd
    /// What no URL has: white space, quotes, angle brackets.
    case urlEnd
    case other
  }

  /// Whether the marks of the URL are percent-encoded.
  private let isEncoded: Bool
  /// No at sign stands between where somebody last looked for one and here.
  private var nextAt = -1
  private var nextURLEnd = -1

  init(isEncoded: Bool) { self.isEncoded = isEncoded }

  /// The end of the user information that begins at an index, if it gives access.
  mutating func end<Text: ByteText>(from start: Int, scheme: Int, in text: Text) -> Int? {
    var authority = Authority()
    readAuthority(from: start, into: &authority, text)
    while let colon = authority.colon, text[start] != UInt8(ascii: "["),
      part(at: authority.end, text).part == .authorityEnd,
      authority.at.map({ !isHost(after: $0, authority.end, text) }) ?? isPassword(colon, authority.end, text)
    {
      // The password goes on behind what looked like the end of the authority.
      if nextAt < authority.end { nextAt = next(.at, from: authority.end, text) }
      if nextURLEnd < authority.end { nextURLEnd = next(.urlEnd, from: authority.end, text) }
      guard nextAt < nextURLEnd, authority.at == nil || !isBehindSlash(nextAt, text) else { break }
      readAuthority(from: nextAt, into: &authority, text)
    }
    guard let end = authority.at, end > start else { return nil }
    if let colon = authority.colon, colon < end { return end - start > 1 ? end : nil }
    return isToken(start, end, scheme: scheme, text) ? end : nil
  }

  private struct Authority {
    /// The first colon.
    var colon: Int?
    /// The last at sign.
    var at: Int?
    var end = 0
  }

  private func readAuthority<Text: ByteText>(from start: Int, into authority: inout Authority, _ text: Text) {
    var index = start
    reading: while true {
      let (part, length) = part(at: index, text)
      switch part {
      case .at: authority.at = index
      case .colon: if authority.colon == nil, authority.at == nil { authority.colon = index }
      case .authorityEnd, .urlEnd: break reading
      case .other: break
      }
      index += length
    }
    authority.end = index
  }

  /// Whether what follows a colon cannot be a port, nor what stands for one in a template.
  private func isPassword<Text: ByteText>(_ colon: Int, _ end: Int, _ text: Text) -> Bool {
    let start = colon + part(at: colon, text).length
    guard start < end, text[start] != UInt8(ascii: "{"), !text.has("${", at: start) else { return false }
    return text.end(of: .digit, from: start, atMost: end - start) < end
  }

  /// Whether what follows an at sign has a dot or a colon in it, as most hosts have, or is the one that needs none.
  private func isHost<Text: ByteText>(after at: Int, _ end: Int, _ text: Text) -> Bool {
    var index = at + part(at: at, text).length
    if text.hasInAnyCase("localhost", at: index) || index == end { return true }
    while index < end {
      let (part, length) = part(at: index, text)
      if part == .colon || text[index] == UInt8(ascii: ".") { return true }
      index += length
    }
    return false
  }

  /// As in `/@scope/package`.
  private func isBehindSlash<Text: ByteText>(_ at: Int, _ text: Text) -> Bool {
    text[at - 1] == UInt8(ascii: "/") || isEncoded && text.hasInAnyCase("%2f", at: at - 3)
  }

  /// Whether what stands without a password is a token rather than a user's name.
  private func isToken<Text: ByteText>(_ start: Int, _ end: Int, scheme: Int, _ text: Text) -> Bool {
    var hasDigit = false
    for index in start..<end {
      let byte = text[index]
      // Somebody has hidden a part of it.
      if text.hasMark(at: index) { return true }
      if byte.isDigit { hasDigit = true }
      guard ByteClass.base64URL.union([.dot, .tilde, .percent, .plus, .equals]).contains(byte) else { return false }
    }
    if end - start == 3, text.hasInAnyCase("git", at: start) { return false }
    let isHTTP = text.hasInAnyCase("http", at: scheme - 4) || text.hasInAnyCase("https", at: scheme - 5)
    return isHTTP || hasDigit && end - start >= 16
  }

  private func next<Text: ByteText>(_ wanted: Part, from start: Int, _ text: Text) -> Int {
    var index = start
    while index < text.count {
      let (part, length) = part(at: index, text)
      if part == wanted { return index }
      index += length
    }
    return text.count
  }

  @inline(__always)
  private func part<Text: ByteText>(at index: Int, _ text: Text) -> (part: Part, length: Int) {
    guard index < text.count else { return (.urlEnd, 1) }
    if isEncoded, let decoded = text.percentDecoded(at: index) { return (part(decoded), 3) }
    if isEncoded, text[index] == UInt8(ascii: "&") { return (.urlEnd, 1) }
    return (part(text[index]), 1)
  }

  @inline(__always)
  private func part(_ byte: UInt8) -> Part {
    switch byte {
    case UInt8(ascii: "@"): .at
    case UInt8(ascii: ":"): .colon
    case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): .authorityEnd
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "\\"):
      .urlEnd
    default: byte.isSpaceOrControl ? .urlEnd : .other
    }
  }
}
