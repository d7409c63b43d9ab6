/// The header `Retry-After`: seconds, or a date. RFC 9110, Retry-After and Date/Time Formats.
package enum RetryAfter {
  /// How long to wait; nil where the header says nothing that can be understood.
  /// - Parameters:
  ///   - value: the header's value.
  ///   - date: the answer's own `Date`: the difference of two dates of one clock does not depend on ours.
  ///   - now: seconds since 1970 by our clock, for an answer without one.
  package static func wait(_ value: String?, date: String?, now: @autoclosure () -> Int) -> Duration? {
    guard let value = value?.trimmingSpaces(), !value.isEmpty else { return nil }
    if value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      // More digits than a number takes are a wait beyond all limits, not none.
      return .seconds(min(Int(value) ?? longest, longest))
    }
    guard let end = HTTPDate.seconds(value) else { return nil }
    let start = date.flatMap(HTTPDate.seconds) ?? now()
    return .seconds(min(max(end - start, 0), longest))
  }

  /// A hundred years.
  private static let longest = 3_153_600_000
}

/// Dates as HTTP writes them, in the three forms that a recipient has to read.
enum HTTPDate {
  private static let months: [Substring: Int] = [
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11,
    "Dec": 12,
  ]

  /// Seconds since 1970, or nil for what is no such date.
  static func seconds(_ text: String) -> Int? {
    let words = text.split(whereSeparator: { $0 == " " || $0 == "," })
    if words.count == 6, words[5] == "GMT" { return seconds(words[1], words[2], words[3], words[4]) }
    if words.count == 5, words[0].count == 3 { return seconds(words[2], words[1], words[4], words[3]) }
    guard words.count == 4, words[3] == "GMT" else { return nil }
    let parts = words[1].split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2].count == 2, let year = number(parts[2]) else { return nil }
    // Of the form with two digits nothing new is written; what is meant is near.
    return seconds(parts[0], parts[1], "\(year < 70 ? 2000 + year : 1900 + year)", words[2])
  }

  private static func seconds(_ day: Substring, _ month: Substring, _ year: Substring, _ time: Substring) -> Int? {
    let clock = time.split(separator: ":", omittingEmptySubsequences: false).map(number)
    guard let day = number(day), (1...31).contains(day), let month = months[month],
      let year = number(year), (1900...9999).contains(year), clock.count == 3,
      let hour = clock[0], hour < 24, let minute = clock[1], minute < 60, let second = clock[2], second <= 60
    else { return nil }
    return (days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second
  }

  /// Days since 1 January 1970 in the Gregorian calendar, counted in years that begin in March.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month > 2 ? year : year - 1
    let month = month > 2 ? month - 3 : month + 9
    let beforeYear = year * 365 + year / 4 - year / 100 + year / 400
    return beforeYear + (month * 153 + 2) / 5 + day - 1 - 719_468
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}
