/// The text of one file of a rules directory.
public struct RuleSource: Sendable, Equatable {
  /// The most that a rule file may hold.
  public static let maximumBytes = 64 << 10

  /// The file's name: `redact.lua`.
  public var file: String
  /// The file's bytes, which should be UTF-8.
  public var bytes: [UInt8]

  /// A file of this name with these bytes.
  public init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  /// A file of this name with this text.
  public init(file: String, text: String) { self.init(file: file, bytes: Array(text.utf8)) }

  /// The name by which the chain calls the rule: the file's without `.lua`.
  public var name: String { file.hasSuffix(".lua") ? String(file.dropLast(4)) : file }

  /// The text of a line, from 1, without the space around it.
  func line(_ number: Int) -> String? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.indices.contains(number - 1) else { return nil }
    return trimmed(String(decoding: lines[number - 1], as: UTF8.self))
  }

  /// The first line that writes a member of this name, as `name =` or `["name"] =`, outside of a comment.
  func lineWriting(_ member: String) -> Int? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.firstIndex { line in
      let whole = String(decoding: line, as: UTF8.self)
      let text = whole.firstRange(of: "--").map { whole[..<$0.lowerBound] } ?? whole[...]
      return text.ranges(of: member).contains { range in
        let before = text[..<range.lowerBound]
        let rest = trimmed(text[range.upperBound...])
        if before.hasSuffix("[\""), rest.hasPrefix("\"]") { return trimmed(rest.dropFirst(2)).hasPrefix("=") }
        let isWhole = before.last.map { !($0.isLetter || $0.isNumber || $0 == "_") } ?? true
        return isWhole && !before.hasSuffix("local ") && rest.hasPrefix("=") && !rest.hasPrefix("==")
      }
    }.map { $0 + 1 }
  }

  /// An error in this file, with the line's text.
  func error(_ line: Int?, _ message: String) -> RuleError {
    RuleError(file: file, line: line, message: message, sourceLine: line.flatMap(self.line))
  }

  private func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
