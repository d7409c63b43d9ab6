/// One pass over a text for the shapes of numbers that detectors ask for.
///
/// Every shape has a digit or two colons in it, and these have the same high bits. So the pass asks of eight bytes at once
/// whether one of them has those bits, and looks at what stands around it only there. It may name what no detector
/// takes, but passes over nothing that one does: the separators are those that the detectors know, percent-encoded
/// ones among them. Each byte is read a bounded number of times.
///
/// Unsafe code: it reads 32 bytes at once. What it relies on is that it asks first whether they are there.
package struct NumberShapeScan {
  private let text: ScannedText
  private let bytes: UnsafeRawPointer
  private let shapes: NumberShapes
  private let runLength: Int

  /// What is told of a place: its shape, and an index behind at least one byte of it and within or behind its text.
  package typealias Body = (_ shape: NumberShapes, _ end: Int) -> Void

  /// Runs `body` for each place of one of these shapes.
  ///
  /// - Parameter runLength: the fewest digits of runs that are told, too; 0 where none are.
  package static func forEach(
    of shapes: NumberShapes, digitRun runLength: Int = 0, in text: UnsafeBufferPointer<UInt8>, _ body: Body
  ) {
    guard let start = text.baseAddress, !shapes.isEmpty else { return }
    NumberShapeScan(text: ScannedText(text), bytes: UnsafeRawPointer(start), shapes: shapes, runLength: runLength)
      .run(body)
  }

  private func run(_ body: Body) {
    var place = 0
    var digits = 0
    var runEnd = -2
    while true {
      place = nextCandidate(from: place)
      if place >= text.count { return }
      let byte = text[place]
      if byte.isDigit {
        let end = group(from: place, body)
        if place != runEnd + 1 || !DigitRuns.isSeparator(text[runEnd]) { digits = 0 }
        let missing = runLength - digits
        digits += end - place
        if missing > 0, digits >= runLength { body(.digitRun, place + missing) }
        runEnd = end
        place = end
      } else {
        if byte == UInt8(ascii: ":"), shapes.contains(.address) { colon(at: place, body) }
        place += 1
      }
    }
  }

  // MARK: Leaping

  /// The index of the next digit or colon, or of another byte with the same high bits.
  @inline(__always)
  private func nextCandidate(from start: Int) -> Int {
    var place = start
    while place &+ 32 <= text.count {
      let four = bytes.loadUnaligned(fromByteOffset: place, as: SIMD4<UInt64>.self)
      let marks = Self.candidates(four)
      let both = marks.lowHalf | marks.highHalf
      if both[0] | both[1] != 0 { return place &+ Self.first(of: marks) }
      place &+= 32
    }
    while place < text.count, text[place] & 0xD0 != 0x10 { place &+= 1 }
    return place
  }

  /// One bit in each byte that has bit 4 and neither of the two highest, nor bits 2 and 3 together: those from 0x30 to
  /// 0x3B, and control characters. The equals signs of URLs are none of them.
  @inline(__always)
  private static func candidates(_ bytes: SIMD4<UInt64>) -> SIMD4<UInt64> {
    let others = (bytes &>> 2) | (bytes &>> 3) | ((bytes &<< 1) & (bytes &<< 2))
    return bytes & ~others & SIMD4(repeating: 0x1010_1010_1010_1010)
  }

  @inline(__always)
  private static func first(of marks: SIMD4<UInt64>) -> Int {
    for index in 0..<3 where marks[index] != 0 {
      return index &* 8 &+ UInt64(littleEndian: marks[index]).trailingZeroBitCount / 8
    }
    return 24 &+ UInt64(littleEndian: marks[3]).trailingZeroBitCount / 8
  }

  // MARK: Digits

  /// Looks at what stands around the digits that begin here; the index behind them.
  @inline(__always)
  private func group(from start: Int, _ body: Body) -> Int {
    var end = start + 1
    while text[end].isDigit { end += 1 }
    if shapes.contains(.account), end - start >= 2 { account(digits: start, body) }
    if shapes.contains(.phone) { international(digits: start, body) }
    switch text[end] {
    case UInt8(ascii: "."):
      if shapes.contains(.address) { address(dot: end, body) }
      northAmerican(start, end, body)
    case UInt8(ascii: "-"):
      socialSecurity(start, end, body)
      northAmerican(start, end, body)
    case UInt8(ascii: " "): socialSecurity(start, end, body)
    case UInt8(ascii: ")"): areaInParentheses(start, end, body)
    default: break
    }
    return end
  }

  private func account(digits: Int, _ body: Body) {
    let first = text[digits - 2]
    let second = text[digits - 1]
    guard first.isLetter, second.isLetter, !text[digits - 3].isAlphanumeric || isBehindEscape(digits - 2),
      IBANDetector.length(first.smallLetter, second.smallLetter) > 0
    else { return }
    var index = digits + 2
    for _ in 0..<2 {
      if text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: "+") {
        index += 1
      } else if text.has("%20", at: index) {
        index += 3
      }
      let end = text.end(of: .alphanumeric, from: index, atMost: 4)
      guard end - index == 4 else { return }
      index = end
    }
    body(.account, index)
  }

  private func socialSecurity(_ start: Int, _ end: Int, _ body: Body) {
    guard shapes.contains(.socialSecurity), end - start >= 3, digits(2, from: end + 1), text[end + 3] == text[end],
      digits(4, from: end + 4)
    else { return }
    body(.socialSecurity, end)
  }

  private func address(dot: Int, _ body: Body) {
    var index = dot + 1
    for _ in 0..<2 {
      let end = text.end(of: .digit, from: index, atMost: 3)
      guard end > index, text[end] == UInt8(ascii: ".") else { return }
      index = end + 1
    }
    if text[index].isDigit { body(.address, dot) }
  }

  // MARK: Telephone numbers

  private func northAmerican(_ start: Int, _ end: Int, _ body: Body) {
    guard shapes.contains(.phone), end - start >= 3, isAreaOrExchange(end - 3), isAreaOrExchange(end + 1),
      text[end + 4] == text[end], digits(4, from: end + 5)
    else { return }
    body(.phone, end)
  }

  private func areaInParentheses(_ start: Int, _ end: Int, _ body: Body) {
    guard shapes.contains(.phone), end - start == 3, text[start - 1] == UInt8(ascii: "("), isAreaOrExchange(start)
    else {
      return
    }
    var index = end + 1
    switch text[index] {
    case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "+"): index += 1
    case UInt8(ascii: "%"): if text.has("%20", at: index) { index += 3 }
    default: break
    }
    if isAreaOrExchange(index), !text[index + 3].isAlphanumeric { body(.phone, end) }
  }

  /// A plus sign before the digits, with nothing but the marks between that numbers are written with.
  private func international(digits start: Int, _ body: Body) {
    if text[start] == UInt8(ascii: "0") { return }
    var sign = start - 1
    while isPhoneMark(text[sign]) { sign -= 1 }
    let isEncoded =
      text[sign].smallLetter == UInt8(ascii: "b") && text[sign - 1] == UInt8(ascii: "2")
      && text[sign - 2] == UInt8(ascii: "%")
    guard isEncoded || text[sign] == UInt8(ascii: "+") else { return }
    var count = 0
    var index = start
    while count < 8 {
      if text[index].isDigit { count += 1 } else if !isPhoneMark(text[index]) { return }
      index += 1
    }
    body(.phone, start + 1)
  }

  /// What stands between the digits; percent-encoded marks are made of these and of digits.
  @inline(__always)
  private func isPhoneMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"),
      UInt8(ascii: "%"):
      true
    default: false
    }
  }

  // MARK: Colons

  private func colon(at index: Int, _ body: Body) {
    if text[index + 1] == UInt8(ascii: ":") { return twoColons(at: index, body) }
    var place = index
    for _ in 0..<6 {
      guard text[place] == UInt8(ascii: ":") else { return }
      let end = text.end(of: .hex, from: place + 1, atMost: 4)
      guard end > place + 1 else { return }
      place = end
    }
    body(.address, index + 1)
  }

  /// Names such as `std::vector` have two colons, too, and letters beyond hex around them.
  private func twoColons(at index: Int, _ body: Body) {
    guard text[index - 1].hexValue != nil || text[index + 2].hexValue != nil else { return }
    var start = index
    while text[start - 1].hexValue != nil { start -= 1 }
    if isWord(text[start - 1]), !isBehindEscape(start) { return }
    if isWord(text[text.end(of: .hex, from: index + 2)]) { return }
    body(.address, index + 1)
  }

  // MARK: Bytes

  /// Whether an escape may end right before an index: then what follows is the beginning of a word.
  private func isBehindEscape(_ index: Int) -> Bool {
    (1...6).contains { text[index - $0] == UInt8(ascii: "\\") || text[index - $0] == UInt8(ascii: "%") }
  }

  private func digits(_ count: Int, from start: Int) -> Bool {
    text.end(of: .digit, from: start, atMost: count) == start + count
  }

  /// Three digits of which the first is neither 0 nor 1.
  private func isAreaOrExchange(_ index: Int) -> Bool {
    text[index] > UInt8(ascii: "1") && digits(3, from: index)
  }

  @inline(__always)
  private func isWord(_ byte: UInt8) -> Bool { byte.isAlphanumeric || byte == UInt8(ascii: "_") }
}
