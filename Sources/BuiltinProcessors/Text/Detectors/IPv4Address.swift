/// IPv4 addresses as text.
enum IPv4Address {
  /// The end of four numbers of 0 to 255 with dots between, which nothing but other marks follow.
  static func end<Text: ByteText>(from start: Int, upTo limit: Int, _ text: Text) -> Int? {
    var index = start
    for part in 0..<4 {
      let end = min(limit, text.end(of: .digit, from: index, atMost: 4))
      guard 1...3 ~= end - index else { return nil }
      var value = 0
      for place in index..<end { value = value * 10 + Int(text[place] &- UInt8(ascii: "0")) }
      guard value <= 255 else { return nil }
      index = end
      if part < 3 {
        guard index < limit, text[index] == UInt8(ascii: ".") else { return nil }
        index += 1
      }
    }
    return index
  }

  /// Adds the addresses in a run of hex digits, colons and dots.
  static func find<Text: ByteText>(
    in run: Range<Int>, _ isBehindWord: Bool, _ isBeforeWord: Bool, _ text: Text, into found: inout TextRanges
  ) {
    var index = run.lowerBound
    while index < run.upperBound {
      // Between colons, dots and digits belong together.
      var end = index
      while end < run.upperBound, text[end] != UInt8(ascii: ":") { end += 1 }
      let isWhole = !(index == run.lowerBound && isBehindWord) && !(end == run.upperBound && isBeforeWord)
      if isWhole, let address = Self.end(from: index, upTo: end, text), isLast(address, end, text),
        !isVersion(index, address, text)
      {
        found.add(index..<address)
      }
      index = end + 1
    }
  }

  /// Whether only the dot of a sentence may follow.
  private static func isLast<Text: ByteText>(_ address: Int, _ end: Int, _ text: Text) -> Bool {
    address == end || address == end - 1 && text[address] == UInt8(ascii: ".")
  }

  /// Whether the word before says so, or the form is the one that browsers give their versions.
  private static func isVersion<Text: ByteText>(_ start: Int, _ end: Int, _ text: Text) -> Bool {
    if text[start - 1] == UInt8(ascii: "/"), text[start - 2].isAlphanumeric, text.has(".0.0.0", at: end - 6) {
      return true
    }
    var index = start
    while start - index < 4, isBeforeVersion(text[index - 1]) { index -= 1 }
    return index < start && (text.hasInAnyCase("version", at: index - 7) || text.hasInAnyCase(" ver", at: index - 4))
  }

  private static func isBeforeVersion(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
    default: false
    }
  }
}
