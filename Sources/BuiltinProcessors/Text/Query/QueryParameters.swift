/// Finds the values of URL parameters by name: in a URL anywhere in a text, and in a text that is a query itself.
///
/// Names are compared whole, decoded, ASCII letters in either case. Also a URL that is itself the percent-encoded
/// parameter of another one is looked into.
package struct QueryParameters: Sendable {
  private let names: NameSet

  /// - Parameter names: as `NameSet` takes them.
  package init(names: [String]) { self.names = NameSet(names) }

  /// Adds the range of each value, as it is written. Takes time linear in the length of the text.
  package func find(in text: ScannedText, into found: inout TextRanges) { find(inBytes: text, into: &found) }

  /// The same for any bytes that can be read.
  package func find(inBytes text: some ByteText, into found: inout TextRanges) {
    if names.isEmpty { return }
    var scanner = QueryScanner(text: text, names: names)
    scanner.scan(into: &found)
  }
}

private struct QueryScanner<Text: ByteText> {
  let text: Text
  let names: NameSet
  /// Where the parameter's name begins, or nil where none does.
  private var name: Int? = 0
  /// Whether the name would stand behind the `=` of another parameter, as in `state=token%3Dx`, and how often that
  /// sign is percent-escaped.
  private var enclosing: Int?

  /// The longest name, decoded.
  private static var maximumLength: Int { 128 }

  init(text: Text, names: NameSet) {
    self.text = text
    self.names = names
  }

  mutating func scan(into found: inout TextRanges) {
    var index = 0
    while index < text.count {
      let (byte, length, depth) = character(at: index)
      let next = index + length
      if isParting(byte) || byte == UInt8(ascii: "?") {
        name = next
        enclosing = nil
      } else if byte == UInt8(ascii: "=") {
        if let name, depth > enclosing ?? -1, isWanted(name..<index) {
          let end = valueEnd(from: next, depth: depth)
          found.add(next..<end)
          self.name = nil
          index = end
          continue
        }
        name = next
        enclosing = depth
      } else if depth == 0, endsName(byte) {
        name = nil
      }
      index = next
    }
  }

  /// The character at an index, its percent escape decoded if it can part parameters. `\u0026` is one that is not
  /// escaped for a URL.
  private func character(at index: Int) -> (byte: UInt8, length: Int, depth: Int) {
    if let byte = text.unicodeEscape(at: index) { return (byte, text.unicodeEscapeLength, 0) }
    guard let escape = text.percentEscape(at: index) else { return (text[index], 1, 0) }
    return (escape.byte, escape.length, escape.depth)
  }

  private func endsName(_ byte: UInt8) -> Bool {
    byte.isSpaceOrControl || byte.isQuote || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
  }

  private func isWanted(_ raw: Range<Int>) -> Bool {
    // Each character is at most an escape of an escape of an escape.
    guard !raw.isEmpty, raw.count <= Self.maximumLength * 7 else { return false }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.maximumLength) { scratch in
      var count = 0
      var index = raw.lowerBound
      while index < raw.upperBound {
        guard count < Self.maximumLength else { return false }
        if let escape = text.percentEscape(at: index), index + escape.length <= raw.upperBound {
          scratch[count] = escape.byte
          index += escape.length
        } else {
          scratch[count] = text[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : text[index]
          index += 1
        }
        count += 1
      }
      return names.contains(UnsafeBufferPointer(rebasing: scratch[..<count]))
    }
  }

  private func valueEnd(from start: Int, depth: Int) -> Int {
    var index = start
    while index < text.count {
      let (byte, length, escaped) = character(at: index)
      if escaped <= depth, endsName(byte) || isParting(byte) { break }
      index += length
    }
    return index
  }

  private func isParting(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "&") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "#")
  }
}
