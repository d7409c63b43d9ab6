/// A place in a JSON text, as a person looks for it.
struct JSONLocation {
  var line: Int
  var column: Int
  var path: String
  /// The kind of what stands there, and its length; never the value.
  var found: String
}

/// Finds the line, the column and the JSON path of offsets by walking the text once more.
///
/// So that reading keeps no path: only texts with faults pay, and they once for all their faults.
struct JSONLocator {
  private enum Step {
    case member(JSONString?)
    case element(Int)
  }

  private var scanner: JSONScanner
  private var steps: [Step] = []
  private var expectsName = false
  private var line: Int
  private var column = 1
  private var counted = 0

  private init(_ scanner: JSONScanner, firstLine: Int) {
    self.scanner = scanner
    self.line = firstLine
  }

  /// The places of `offsets`, in the order given.
  static func locate(
    _ offsets: [Int], in text: UnsafeBufferPointer<UInt8>, firstLine: Int
  ) -> [JSONLocation] {
    guard let base = text.baseAddress else {
      return offsets.map { _ in JSONLocation(line: firstLine, column: 1, path: "$", found: "nothing") }
    }
    var locator = JSONLocator(JSONScanner(base, JSONByte.orderMarkLength(text)..<text.count), firstLine: firstLine)
    locator.counted = locator.scanner.position
    var found: [Int: JSONLocation] = [:]
    for offset in offsets.sorted() where found[offset] == nil { found[offset] = locator.locate(offset) }
    return offsets.compactMap { found[$0] }
  }

  private mutating func locate(_ target: Int) -> JSONLocation {
    while walk(to: target) {}
    while counted < min(target, scanner.end) {
      let byte = scanner.base[counted]
      counted += 1
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    let text = UnsafeBufferPointer(start: scanner.base, count: scanner.end)
    return JSONLocation(line: line, column: column, path: path, found: JSONFinding.describe(text, at: target))
  }

  /// Passes one token; false when the target lies in it or before it.
  private mutating func walk(to target: Int) -> Bool {
    scanner.skipWhitespace()
    let start = scanner.position
    guard start < scanner.end else { return false }
    let byte = scanner.base[start]
    if byte == JSONByte.quote { return walkString(to: target) }
    guard start < target else { return false }
    scanner.position += 1
    switch byte {
    case JSONByte.openBrace:
      steps.append(.member(nil))
      expectsName = true
    case JSONByte.openBracket:
      steps.append(.element(0))
    case JSONByte.closeBrace, JSONByte.closeBracket:
      if !steps.isEmpty { steps.removeLast() }
      expectsName = false
    case JSONByte.comma:
      if case .element(let index)? = steps.popLast() {
        steps.append(.element(index + 1))
      } else {
        steps.append(.member(nil))
        expectsName = true
      }
    default:
      break
    }
    return true
  }

  private mutating func walkString(to target: Int) -> Bool {
    let start = scanner.position
    guard expectsName || start < target else { return false }
    do {
      let string = try scanner.string()
      if expectsName {
        if !steps.isEmpty { steps[steps.count - 1] = .member(string) }
        expectsName = false
      }
      return scanner.position <= target
    } catch {
      scanner.position = start
      return false
    }
  }

  private var path: String {
    var path = "$"
    for step in steps.prefix(Self.maximumSteps) {
      switch step {
      case .element(let index): path += "[\(index)]"
      case .member(let name?): path += JSONFinding.member(scanner.base, name)
      case .member(nil): break
      }
    }
    return steps.count > Self.maximumSteps ? path + "…" : path
  }

  private static let maximumSteps = 128
}
