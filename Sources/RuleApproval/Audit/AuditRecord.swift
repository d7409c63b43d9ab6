internal import ProcessorHost

/// A line of the audit log: a JSON object whose last member is the MAC of all before it.
struct AuditRecord {
  /// What a record vouches for when the host did not live to finish the lines before it.
  struct Torn: Equatable {
    var bytes: UInt64
    var digest: String
  }

  /// Ends a line that was not finished, when the log goes on after it. No record ends so.
  static let tornMark = Array(" ~torn\n".utf8)
  /// More than any line has.
  static let maximumLength = 16384

  private static let macStart = Array(",\"mac\":\"".utf8)
  private static let macLength = macStart.count + 64 + 2

  let sequence: UInt64
  let torn: Torn?
  /// The line without its MAC and what follows.
  let body: ArraySlice<UInt8>
  let mac: AuditMAC

  /// The text of a record up to its MAC.
  static func body(
    _ event: AuditEvent, sequence: UInt64, at time: Timestamp, torn: Torn?
  ) -> [UInt8] {
    var text = "{\"seq\":\(sequence)"
    if let torn { text += ",\"torn_bytes\":\(torn.bytes),\"torn_sha256\":\"\(torn.digest)\"" }
    text += ",\"time\":\"\(time)\",\"event\":\"\(event.kind.rawValue)\""
    if let digest = event.digest { text += ",\"digest\":\(quoted(digest, limit: 200))" }
    if let before = event.before { text += ",\"before\":\(quoted(before, limit: 200))" }
    text += ",\"reason\":\(quoted(event.reason, limit: AuditEvent.maximumReason))"
    return Array(text.utf8)
  }

  /// A whole line.
  static func line(_ body: [UInt8], _ mac: AuditMAC) -> [UInt8] {
    body + macStart + Array("\(mac)\"}\n".utf8)
  }

  /// Text in JSON, of at most `limit` bytes before quoting. What cannot be seen is written out, as a log is read in
  /// terminals.
  private static func quoted(_ text: String, limit: Int) -> String {
    var rest = limit
    var result = "\""
    for scalar in String.printable(text).unicodeScalars {
      rest -= scalar.utf8.count
      if rest < 0 {
        result += "…"
        break
      }
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }

  /// Takes a line apart, without its end; nil for one that has no MAC where it should be.
  ///
  /// Nothing of it is to be believed before the MAC is checked.
  init?(parsing line: ArraySlice<UInt8>) {
    guard line.count > Self.macLength, line.suffix(2).elementsEqual([UInt8(ascii: "\""), UInt8(ascii: "}")]) else {
      return nil
    }
    let end = line.suffix(Self.macLength)
    let digits = end.dropFirst(Self.macStart.count).dropLast(2)
    guard end.starts(with: Self.macStart),
      let mac = LowercaseHex.bytes(String(decoding: digits, as: UTF8.self), count: 32)
    else { return nil }
    self.mac = AuditMAC(bytes: mac)
    body = line.dropLast(Self.macLength)
    var reader = MemberReader(rest: body)
    sequence = reader.number(after: "{\"seq\":") ?? 0
    if let bytes = reader.number(after: ",\"torn_bytes\":"), let digest = reader.digest(after: ",\"torn_sha256\":\"") {
      torn = Torn(bytes: bytes, digest: digest)
    } else {
      torn = nil
    }
  }
}

/// Reads the members that stand first in a record, as the log writes them.
private struct MemberReader {
  var rest: ArraySlice<UInt8>

  mutating func number(after name: String) -> UInt64? {
    guard rest.starts(with: name.utf8) else { return nil }
    let digits = rest.dropFirst(name.utf8.count).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest[digits.endIndex...]
    return DecimalNumber.value(String(decoding: digits, as: UTF8.self))
  }

  mutating func digest(after name: String) -> String? {
    guard rest.starts(with: name.utf8) else { return nil }
    let digits = rest.dropFirst(name.utf8.count).prefix(64)
    rest = rest[digits.endIndex...]
    return digits.count == 64 ? String(decoding: digits, as: UTF8.self) : nil
  }
}
