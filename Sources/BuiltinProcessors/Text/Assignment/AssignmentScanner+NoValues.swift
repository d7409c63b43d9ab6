/// What stands in the place of a value and is none: null, a placeholder of a query, a variable.
extension AssignmentScanner {
  /// - Parameter range: not empty.
  func isNoValue(_ range: Range<Int>) -> Bool {
    if range.count > AssignmentName.maximumLength { return false }
    var end = range.upperBound
    if end - range.lowerBound > 1, text[end - 1] == UInt8(ascii: ",") || text[end - 1] == UInt8(ascii: ";") { end -= 1 }
    let range = range.lowerBound..<end
    if isNull(range) || isPlaceholder(range) || isDuration(range) || isVersion(range) || isErrorCode(range) {
      return true
    }
    return isSchemeWithoutSecret(range)
  }

  /// `Bearer`, `Bearer $TOKEN`, `Bearer <token>`
  private func isSchemeWithoutSecret(_ range: Range<Int>) -> Bool {
    var end = range.lowerBound
    while end - range.lowerBound < 10, end < range.upperBound, text[end].isLetter { end += 1 }
    let word = range.lowerBound..<end
    guard
      stands("bearer", word, of: 6) || stands("basic", word, of: 5) || stands("digest", word, of: 6)
        || stands("token", word, of: 5) || stands("negotiate", word, of: 9) || stands("ntlm", word, of: 4)
    else { return false }
    if end == range.upperBound { return !stands("token", word, of: 5) }
    guard text[end].isBlank else { return false }
    let rest = min(skipBlanks(from: end), range.upperBound)..<range.upperBound
    if rest.isEmpty { return false }
    if text[rest.lowerBound] == UInt8(ascii: "<"), text[rest.upperBound - 1] == UInt8(ascii: ">") {
      return rest.dropFirst().dropLast().allSatisfy { text.isHeaderName($0) || text[$0].isBlank }
    }
    return isPlaceholder(rest)
  }

  private func stands(_ word: StaticString, _ range: Range<Int>, of length: Int) -> Bool {
    range.count == length && stands(word, range)
  }

  /// `^5.0.1`, `~0.7.0`, `0.6.0`: the version of a package that is named after a secret.
  private func isVersion(_ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    if text[index] == UInt8(ascii: "^") || text[index] == UInt8(ascii: "~") { index += 1 }
    guard range.upperBound - index <= 14 else { return false }
    var dots = 0
    var digits = 0
    for place in index..<range.upperBound {
      if text[place].isDigit {
        digits += 1
      } else if text[place] == UInt8(ascii: "."), digits > 0 {
        dots += 1
        digits = 0
      } else {
        return false
      }
    }
    return dots == 2 && digits > 0
  }

  /// `invalid_grant`: what OAuth answers with (RFC 6749, sections 4.1.2.1 and 5.2; RFC 6750, section 3.1; RFC 8628).
  private func isErrorCode(_ range: Range<Int>) -> Bool {
    let code = text[range]
    return range.count >= 9 && ErrorCodes.all.contains { $0.elementsEqual(code) }
  }

  /// `12ms`, `0.5s`: how long something took that is named after a secret.
  private func isDuration(_ range: Range<Int>) -> Bool {
    var unit = range.lowerBound
    while unit - range.lowerBound < 6, text[unit].isDigit || text[unit] == UInt8(ascii: ".") { unit += 1 }
    guard unit > range.lowerBound else { return false }
    switch range.upperBound - unit {
    case 1: return stands("s", unit..<range.upperBound)
    case 2:
      let unit = unit..<range.upperBound
      return stands("ms", unit) || stands("us", unit) || stands("ns", unit)
    default: return false
    }
  }

  private func isNull(_ range: Range<Int>) -> Bool {
    switch range.count {
    case 1: text[range.lowerBound] == UInt8(ascii: "-")
    case 2: stands("{}", range) || stands("[]", range) || stands("()", range)
    case 3: stands("nil", range) || stands("n/a", range)
    case 4: stands("null", range) || stands("none", range) || stands("true", range)
    case 5: stands("false", range)
    case 6: stands("(null)", range) || stands("(none)", range)
    case 8: stands("[hidden]", range) || stands("[masked]", range)
    case 9: stands("undefined", range)
    case 10: stands("[filtered]", range)
    default: false
    }
  }

  private func stands(_ word: StaticString, _ range: Range<Int>) -> Bool {
    text.hasInAnyCase(word, at: range.lowerBound)
  }

  /// `?`, `$1`, `%s`, `:1`, `@p0`, and the name of a secret as a variable: `:password`, `${DB_PASSWORD}`, `$token`.
  ///
  /// Statements come with these instead of values, so most texts with a password's name hold one. As variables only
  /// names count that would be secret themselves.
  private func isPlaceholder(_ range: Range<Int>) -> Bool {
    let first = text[range.lowerBound]
    var name = range.lowerBound + 1..<range.upperBound
    switch first {
    case UInt8(ascii: "?"), UInt8(ascii: "*"): return name.allSatisfy { text[$0] == first }
    case UInt8(ascii: "$"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "#"):
      if name.isEmpty { return false }
      if first == UInt8(ascii: "@"), text[name.lowerBound] == UInt8(ascii: "p") {
        if name.count > 1, name.dropFirst().allSatisfy({ text[$0].isDigit }) { return true }
      }
      if name.count <= 3, name.allSatisfy({ text[$0].isDigit }) { return true }
      if text[name.lowerBound] == UInt8(ascii: "{") {
        name = name.dropFirst().dropLast()
        if name.count > 2, text[name.lowerBound] == UInt8(ascii: "{") { return isTemplate(name.dropFirst().dropLast()) }
      }
    case UInt8(ascii: "%"):
      if name.count == 1 { return text[name.lowerBound].isLetter }
      guard text[name.lowerBound] == UInt8(ascii: "("), text[name.upperBound - 1] == UInt8(ascii: "s") else {
        return false
      }
      // A parameter of Python's database drivers, whatever it is called.
      name = name.dropFirst().dropLast(2)
      return !name.isEmpty && name.allSatisfy { text.isHeaderName($0) || text[$0].isDigit }
    case UInt8(ascii: "{"):
      guard text[range.upperBound - 1] == UInt8(ascii: "}") else { return false }
      if name.count > 2, text[name.lowerBound] == UInt8(ascii: "{") { return isTemplate(name.dropFirst().dropLast(2)) }
      name = name.dropLast()
    default: return false
    }
    return isIdentifier(name) && terms.hold(text[name], whole: text[name])
  }

  /// `vault_db_password`, ` secrets.GITHUB_TOKEN `, ` .Values.auth.token `: a variable between `{{` and `}}`.
  private func isTemplate(_ range: Range<Int>) -> Bool {
    var range = range
    while let first = range.first, text[first].isBlank { range = range.dropFirst() }
    while let last = range.last, text[last].isBlank { range = range.dropLast() }
    let isPath = range.allSatisfy {
      text.isHeaderName($0) || text[$0] == UInt8(ascii: ".") || text[$0].isDigit
    }
    return isPath && !range.isEmpty && terms.hold(text[range], whole: text[range])
  }

  private func isIdentifier(_ range: Range<Int>) -> Bool {
    guard let first = range.first, text[first].isLetter || text[first] == UInt8(ascii: "_") else {
      return false
    }
    return range.allSatisfy { index in
      text[index].isLetter || text[index] == UInt8(ascii: "_")
        || (text[index].isDigit && text[index - 1] == UInt8(ascii: "_"))
    }
  }
}

private enum ErrorCodes {
  static let all = [
    "access_denied", "authorization_pending", "expired_token", "insufficient_scope", "invalid_client", "invalid_grant",
    "invalid_request", "invalid_scope", "invalid_token", "login_required", "slow_down", "unauthorized_client",
    "unsupported_grant_type", "unsupported_response_type",
  ].map { Array($0.utf8) }
}
