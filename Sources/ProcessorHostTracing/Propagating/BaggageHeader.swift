/// The value of the header `baggage`. W3C Baggage, section 3.3.
enum BaggageHeader {
  static let maximumMembers = 64
  /// In bytes, commas included.
  static let maximumLength = 8_192

  /// Reads what can be read: members that break the grammar are left out, and those for which there is no room in the
  /// header that goes on. Of several with the same name the last counts.
  static func parse(_ header: String) -> Baggage {
    var header = header
    return header.withUTF8 { bytes in
      var baggage = Baggage()
      var length = 0
      var start = 0
      while start < bytes.count {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: ",") { end += 1 }
        if let entry = BaggageGrammar.entry(bytes[start..<end]) { add(entry, to: &baggage, length: &length) }
        start = end + 1
      }
      return baggage
    }
  }

  /// - Parameter length: of the header that the baggage makes, with a comma for each entry.
  private static func add(_ entry: Baggage.Entry, to baggage: inout Baggage, length: inout Int) {
    let replaced = baggage.entry(entry.name)
    if replaced == nil, baggage.entries.count == maximumMembers { return }
    let newLength = length + memberLength(entry) - (replaced.map(memberLength) ?? 0)
    guard newLength <= maximumLength + 1 else { return }
    length = newLength
    baggage.set(entry)
  }

  /// The header for baggage; empty where nothing of it can be written.
  static func text(_ baggage: Baggage) -> String {
    var output: [UInt8] = []
    var memberCount = 0
    for entry in baggage.entries where memberCount < maximumMembers {
      let length = output.count + (memberCount > 0 ? 0 : -1) + memberLength(entry)
      guard length <= maximumLength, isWritable(entry) else { continue }
      if memberCount > 0 { output.append(UInt8(ascii: ",")) }
      append(entry, to: &output)
      memberCount += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func isWritable(_ entry: Baggage.Entry) -> Bool {
    guard BaggageGrammar.isToken(entry.name.utf8) else { return false }
    if entry.metadata.isEmpty { return true }
    var metadata = entry.metadata
    return metadata.withUTF8 { BaggageGrammar.areProperties($0[...]) }
  }

  /// How long a member is, with its comma.
  private static func memberLength(_ entry: Baggage.Entry) -> Int {
    let metadata = entry.metadata.isEmpty ? 0 : entry.metadata.utf8.count + 1
    var value = 0
    for byte in entry.value.utf8 { value += BaggageGrammar.isPlain(byte) ? 1 : 3 }
    return entry.name.utf8.count + 1 + value + metadata + 1
  }

  private static func append(_ entry: Baggage.Entry, to output: inout [UInt8]) {
    output.append(contentsOf: entry.name.utf8)
    output.append(UInt8(ascii: "="))
    for byte in entry.value.utf8 {
      if BaggageGrammar.isPlain(byte) {
        output.append(byte)
      } else {
        output.append(UInt8(ascii: "%"))
        output.append(digit(byte >> 4))
        output.append(digit(byte & 0xf))
      }
    }
    if entry.metadata.isEmpty { return }
    output.append(UInt8(ascii: ";"))
    output.append(contentsOf: entry.metadata.utf8)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }
}
