internal import Logging
internal import ProcessorHost

/// One event, ready to be written.
struct LogRecord {
  var time: Timestamp
  var level: Logger.Level
  var label: String
  var message: String
  var metadata: Logger.Metadata

  /// The most characters of one text; backends' messages can be of any length.
  static let maximumText = 4096

  static func cut(_ text: String) -> String {
    text.utf8.count > maximumText ? text.prefix(maximumText) + "…" : text
  }
}

/// Lines for people: time, level, message, and name=value.
struct TextLogFormat {
  let isColoured: Bool

  func line(_ record: LogRecord) -> String {
    var line = paint("\(record.time)", 2) + " " + level(record.level) + " "
    line += String.printable(LogRecord.cut(record.message))
    for (name, value) in record.metadata.sorted(by: { $0.key < $1.key }) {
      line += " " + paint(Self.word(name) + "=", 2) + Self.word(LogRecord.cut("\(value)"))
    }
    return line
  }

  private func level(_ level: Logger.Level) -> String {
    let name = level.rawValue.uppercased()
    let padded = name + String(repeating: " ", count: max(8 - name.count, 0))
    return switch level {
    case .trace, .debug: paint(padded, 2)
    case .info: paint(padded, 32)
    case .notice: paint(padded, 36)
    case .warning: paint(padded, 33)
    case .error, .critical: paint(padded, 31)
    }
  }

  private func paint(_ text: String, _ style: Int) -> String {
    isColoured ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
  }

  /// A name or value that is one word to whoever splits the line.
  private static func word(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy { !" \"=\\".unicodeScalars.contains($0) }
    let printable = String.printable(text)
    if isPlain, printable == text { return text }
    return "\"\(AttributeValue.escaped(text))\""
  }
}

/// JSON objects, one a line. Metadata stand beside time, level, logger and message; one that has such a name is called
/// `metadata.message`.
struct JSONLogFormat {
  private static let ownNames: Set<String> = ["time", "level", "logger", "message"]

  func line(_ record: LogRecord) -> String {
    var line = "{\"time\":\"\(record.time)\",\"level\":\"\(record.level.rawValue)\",\"logger\":"
    Self.write(record.label, to: &line)
    line += ",\"message\":"
    Self.write(record.message, to: &line)
    for (name, value) in record.metadata.sorted(by: { $0.key < $1.key }) {
      line += ","
      Self.write(Self.ownNames.contains(name) ? "metadata." + name : name, to: &line)
      line += ":"
      Self.write(value, to: &line)
    }
    return line + "}"
  }

  private static func write(_ value: Logger.MetadataValue, to line: inout String) {
    switch value {
    case .string(let text): write(text, to: &line)
    case .stringConvertible(let value): write("\(value)", to: &line)
    case .array(let values):
      line += "["
      for (index, value) in values.enumerated() {
        if index > 0 { line += "," }
        write(value, to: &line)
      }
      line += "]"
    case .dictionary(let members):
      line += "{"
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { line += "," }
        write(member.key, to: &line)
        line += ":"
        write(member.value, to: &line)
      }
      line += "}"
    }
  }

  private static func write(_ text: String, to line: inout String) {
    line += "\""
    for scalar in LogRecord.cut(text).unicodeScalars {
      switch scalar {
      case "\"": line += "\\\""
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case _ where mustBeEscaped(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: line.unicodeScalars.append(scalar)
      }
    }
    line += "\""
  }

  /// What JSON asks for, and what a terminal would obey.
  private static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
