/// Which characters of a text can still be read in what became of it.
///
/// What is left of a text are parts of it in their order, with marks, pseudonyms and dots between them.
struct Visible {
  /// For each byte of the text as it came, whether it is left.
  private(set) var bytes: [Bool]

  /// - Parameter output: what became of the text; nil where it went.
  init(_ output: String?, of text: String) {
    let original = Array(text.utf8)
    bytes = Array(repeating: false, count: original.count)
    guard let output else { return }
    if output == text {
      bytes = Array(repeating: true, count: original.count)
      return
    }
    var start = 0
    for part in Self.parts(of: output) {
      let part = Array(part.utf8)
      guard let place = Self.first(part, in: original, from: start) else { continue }
      for index in place..<place + part.count { bytes[index] = true }
      start = place + part.count
    }
    // What stands at the end of both is rather the end than the same text further ahead.
    if let last = Self.parts(of: output).last, output.hasSuffix(last), text.hasSuffix(last) {
      for index in original.count - last.utf8.count..<original.count { bytes[index] = true }
    }
  }

  /// How many bytes can be read.
  var count: Int { bytes.count { $0 } }

  /// How many bytes another one shows that this one does not.
  func excess(of other: Visible) -> Int { zip(bytes, other.bytes).count { !$0 && $1 } }

  /// Whether another one shows anything more.
  func isExceeded(by other: Visible) -> Bool { excess(of: other) > 0 && other.count > 0 }

  /// The parts between marks and pseudonyms, without the dots of a cut.
  private static func parts(of output: String) -> [Substring] {
    var output = output[...]
    if output.hasSuffix("...") { output = output.dropLast(3) }
    if output.hasPrefix("p1:") { return [] }
    return output.split(separator: "[REDACTED]")
  }

  /// Where a part begins. Linear whatever the texts: spans of strangers are looked at with this.
  private static func first(_ part: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard !part.isEmpty, start + part.count <= text.count else { return nil }
    // For each length of a beginning of the part: how much of it, at its end, is a beginning again.
    var borders = [0, 0]
    for length in 1..<part.count {
      var border = borders[length]
      while border > 0, part[border] != part[length] { border = borders[border] }
      borders.append(part[border] == part[length] ? border + 1 : 0)
    }
    var matched = 0
    for index in start..<text.count {
      while matched > 0, part[matched] != text[index] { matched = borders[matched] }
      if part[matched] == text[index] { matched += 1 }
      if matched == part.count { return index + 1 - matched }
    }
    return nil
  }
}
