/// Names and separators that only look like those of an assignment, told by what stands around them.
extension AssignmentScanner {
  /// Whether what stands behind a separator is no value of the name before it.
  func isAside(at start: Int, _ name: AssignmentName, _ separator: AssignmentSeparator, isSpaced: Bool) -> Bool {
    guard separator.depth == 0 else { return false }
    if isFolder(at: start, name) { return true }
    guard separator.isColon else { return false }
    if isSpaced { return !name.isQuoted && isPassed(name) }
    return isPathComponent(name) || isPseudoClass(at: start, name, separator) || isAddress(at: start, name)
  }

  /// `PWD=/srv/desk`: the folder of a process stands in every dump of an environment. In small letters, and behind the
  /// semicolon of a connection string, it is a password.
  private func isFolder(at start: Int, _ name: AssignmentName) -> Bool {
    let range = name.range
    guard range.count == 3 || range.count == 6,
      text[range].elementsEqual("PWD".utf8)
        || text[range].elementsEqual("OLDPWD".utf8), byte(before: range.lowerBound) != UInt8(ascii: ";")
    else { return false }
    let value = start + text.backslashes(from: start)
    return text[text[value].isQuote ? value + 1 : value] == UInt8(ascii: "/")
  }

  /// `urn:ietf:params:oauth:grant-type`: a component of a path whose separators are colons.
  private func isPathComponent(_ name: AssignmentName) -> Bool {
    let start = name.range.lowerBound
    let before = byte(before: start - 1)
    return !name.isQuoted && !name.isSpaced && byte(before: start) == UInt8(ascii: ":") && before.isPlainName
  }

  /// `.token:hover`, `[type="password"]:focus`: a selector of a style sheet.
  private func isPseudoClass(at start: Int, _ name: AssignmentName, _ separator: AssignmentSeparator) -> Bool {
    let isSelector =
      text[name.range.lowerBound] == UInt8(ascii: ".")
      || byte(before: separator.range.lowerBound) == UInt8(ascii: "]")
    guard isSelector else { return false }
    var end = start
    while end - start < 16, text[end].isLetter || text[end] == UInt8(ascii: "-") { end += 1 }
    let word = text[start..<end]
    return PseudoClasses.names.contains { $0.elementsEqual(word) }
  }

  /// `#<Session:0x000000010a3b2c80>`: where an object of Ruby lies in memory.
  private func isAddress(at start: Int, _ name: AssignmentName) -> Bool {
    let before = name.range.lowerBound
    return byte(before: before) == UInt8(ascii: "<") && byte(before: before - 1) == UInt8(ascii: "#")
      && text.hasInAnyCase("0x", at: start)
  }

  /// `--- PASS: TestLogin`, `second pass: 17`: something was passed, or gone through.
  private func isPassed(_ name: AssignmentName) -> Bool {
    guard name.range.count == 4, text.hasInAnyCase("pass", at: name.range.lowerBound) else { return false }
    return Self.passings.contains { passing in
      let start = name.range.lowerBound - passing.utf8CodeUnitCount
      return start >= floor && text.hasInAnyCase(passing, at: start)
    }
  }

  private static var passings: [StaticString] {
    ["--- ", "first ", "second ", "third ", "final ", "last ", "next ", "each "]
  }
}

/// The pseudo-classes that style sheets use most.
private enum PseudoClasses {
  static let names = [
    "active", "after", "before", "checked", "disabled", "empty", "enabled", "first-child", "focus", "focus-visible",
    "focus-within", "hover", "invalid", "last-child", "not", "nth-child", "placeholder", "required", "root", "valid",
    "visited",
  ].map { Array($0.utf8) }
}
