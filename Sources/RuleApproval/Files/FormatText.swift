internal import ProcessorHost

/// A text file whose first line names its format, taken apart into lines.
struct FormatText {
  struct Line {
    /// From 1.
    var number: Int
    var text: Substring
  }

  let path: String
  /// The lines behind the one that names the format.
  let lines: [Line]

  /// - Parameter isSecret: nothing of the file is shown in an error.
  /// - Throws: `ApprovalError` where the bytes are not whole lines of UTF-8 text, or the first is not `format`.
  init(_ bytes: [UInt8], format: String, path: String, isSecret: Bool = false) throws(ApprovalError) {
    self.path = path
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ApprovalError(path: path, "expected UTF-8 text, found bytes that are none")
    }
    // Scalars and not characters: "\r\n" is one character, at which no line would end.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Substring.init)
    for (index, line) in lines.enumerated() where line.utf8.contains(0x0D) {
      throw ApprovalError(
        path: path, line: index + 1,
        "the line has a carriage return; the file was not kept as it was written (for git, set it to -text)")
    }
    guard lines[0] == format else {
      let found = isSecret ? "another line" : "'\(String.printable(String(lines[0].prefix(60))))'"
      throw ApprovalError(
        path: path, line: 1, "expected '\(format)', found \(bytes.isEmpty ? "an empty file" : found)")
    }
    guard lines.removeLast().isEmpty, !lines.isEmpty else {
      throw ApprovalError(path: path, line: lines.count + 1, "the last line has no end; the file is not whole")
    }
    self.lines = lines.enumerated().dropFirst().map { Line(number: $0.offset + 1, text: $0.element) }
  }

  func error(_ line: Int?, _ message: String) -> ApprovalError { ApprovalError(path: path, line: line, message) }

  /// The rest of the line at `index` behind a word and a space, for files whose lines have a fixed order.
  func value(_ word: String, at index: Int) throws(ApprovalError) -> Substring {
    guard lines.indices.contains(index) else {
      throw error(nil, "expected a line '\(word) …' behind line \(index + 1), found the end")
    }
    guard lines[index].text.hasPrefix(word + " ") else {
      throw error(lines[index].number, "expected a line '\(word) …', found another")
    }
    return lines[index].text.dropFirst(word.count + 1)
  }

  func expectEnd(after count: Int) throws(ApprovalError) {
    if lines.count > count { throw error(lines[count].number, "expected the end of the file, found another line") }
  }
}
