internal import Foundation

/// Strings as they stand in telemetry, with what is secret in them marked by hand.
///
/// A file has a line for each string: a heading, a tab, the text. `␊`, `␍` and `␉` stand for a newline, a carriage
/// return and a tab. Planted strings have the placeholders of `CorpusPlaceholders`.
///
/// - `harmless.txt`: nothing in the text is secret. The heading is what kind of string it is, and after spaces the
///   detectors that may rightly find something, such as `ip_address` in an access log.
/// - `planted.txt`: the heading names the detectors, separated by commas, and `⟦…⟧` marks each secret. Where there are
///   several detectors, each secret begins with the name of its own: `⟦email|alice@example.com⟧`. `⟨…⟩` marks what may
///   go along with a secret and need not, such as the scheme before a bearer token.
/// - `out_of_reach.txt`: like `planted.txt`, with secrets that detectors are not expected to find, so that what is
///   missed is known.
enum Corpus {
  static func harmless() throws -> [HarmlessString] { try readHarmless.get() }

  static func planted() throws -> [PlantedString] { try readPlanted.get() }

  static func outOfReach() throws -> [PlantedString] { try lines(of: "out_of_reach").map(PlantedString.init) }

  private static let readHarmless = Result {
    try lines(of: "harmless").map { heading, text in
      let words = heading.split(separator: " ").map(String.init)
      return HarmlessString(kind: words[0], holds: Set(words.dropFirst()), text: controls(text))
    }
  }

  private static let readPlanted = Result { try lines(of: "planted").map(PlantedString.init) }

  /// The text with the control characters for the symbols that stand for them.
  static func controls(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar {
          case "␊": "\n"
          case "␍": "\r"
          case "␉": "\t"
          default: scalar
          }
        }))
  }

  private static func lines(of file: String) throws -> [(heading: String, text: String)] {
    guard let url = Bundle.module.url(forResource: file, withExtension: "txt") else {
      throw CorpusError(file: file, line: 0, reason: "is not among the resources of the tests")
    }
    let text = try String(contentsOf: url, encoding: .utf8)
    return try text.split(separator: "\n").enumerated().map { index, line in
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw CorpusError(file: file, line: index + 1, reason: "is not a heading, a tab and a text")
      }
      return (String(parts[0]), String(parts[1]))
    }
  }
}

/// A string in which there is nothing to hide.
struct HarmlessString {
  /// What it is: `sql`, `stack.java`.
  var kind: String
  /// Detectors that may rightly find something in it.
  var holds: Set<String>
  var text: String
}

/// A line of the corpus that cannot be read.
struct CorpusError: Error {
  var file: String
  var line: Int
  var reason: String
}
