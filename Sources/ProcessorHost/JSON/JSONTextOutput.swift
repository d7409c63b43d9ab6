/// Appends JSON tokens to a buffer, commas and indentation between them.
package struct JSONTextOutput {
  private let output: WireBuffer
  private let isIndented: Bool
  private var level = 0
  /// Whether something stands before the next member or element in its container.
  private var hasPrevious = false

  package init(_ output: WireBuffer, isIndented: Bool) {
    self.output = output
    self.isIndented = isIndented
  }

  package mutating func open(_ bracket: UInt8) {
    output.append(bracket)
    level += 1
    hasPrevious = false
  }

  package mutating func close(_ bracket: UInt8) {
    level -= 1
    if hasPrevious { breakLine() }
    output.append(bracket)
    hasPrevious = true
  }

  /// Goes on to the next element of an array.
  package mutating func element() {
    if hasPrevious { output.append(JSONByte.comma) }
    hasPrevious = true
    breakLine()
  }

  /// Goes on to the next member of an object; its value comes next.
  package mutating func name(_ name: StaticString) {
    element()
    output.append(JSONByte.quote)
    output.append(name.utf8Start, name.utf8CodeUnitCount)
    output.append(JSONByte.quote)
    output.append(JSONByte.colon)
    if isIndented { output.append(0x20) }
  }

  /// Appends text that needs no quotes.
  package func raw(_ text: String) { output.append(text.utf8) }

  /// Appends between quotes what `body` writes; it needs no escapes.
  func quoted(_ body: (WireBuffer) -> Void) {
    output.append(JSONByte.quote)
    body(output)
    output.append(JSONByte.quote)
  }

  /// Appends the shortest digits that give the same double again.
  func double(_ value: Double) {
    if value.isFinite {
      raw(value.description)
    } else {
      raw(value.isNaN ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"")
    }
  }

  /// Appends UTF-8 as a string, with escapes where JSON or JavaScript (U+2028, U+2029) ask for them.
  package func string(_ text: UnsafeBufferPointer<UInt8>) {
    output.append(JSONByte.quote)
    if let base = text.baseAddress {
      var runStart = 0
      var at = 0
      while at < text.count {
        guard let length = escapedLength(text, at) else {
          at += 1
          continue
        }
        output.append(base + runStart, at - runStart)
        escape(text, at, length)
        at += length
        runStart = at
      }
      output.append(base + runStart, text.count - runStart)
    }
    output.append(JSONByte.quote)
  }

  /// How many bytes from `at` on have to be written as one escape; nil when none have to.
  private func escapedLength(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
    switch text[at] {
    case ..<0x20, 0x7F, JSONByte.quote, JSONByte.backslash: 1
    case 0xE2 where at + 2 < text.count && text[at + 1] == 0x80 && text[at + 2] & 0xFE == 0xA8: 3
    default: nil
    }
  }

  private func escape(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, _ length: Int) {
    let byte = text[at]
    output.append(JSONByte.backslash)
    switch byte {
    case JSONByte.quote, JSONByte.backslash: output.append(byte)
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    case 0x09: output.append(UInt8(ascii: "t"))
    default:
      let unit: UInt16 = length == 3 ? 0x2000 | UInt16(text[at + 2] & 0x3F) : UInt16(byte)
      output.append(JSONByte.lowerU)
      for shift in [12, 8, 4, 0] as [UInt16] {
        output.append(Hexadecimal.letter(UInt8(truncatingIfNeeded: unit >> shift & 0xF)))
      }
    }
  }

  private func breakLine() {
    guard isIndented else { return }
    output.append(0x0A)
    for _ in 0..<2 * level { output.append(0x20) }
  }
}
