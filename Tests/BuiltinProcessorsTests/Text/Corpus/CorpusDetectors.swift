internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost

/// The detectors as `rules/redact.lua` has them, with the words of the lists beside it.
struct CorpusDetectors {
  /// Those with few false alarms, which the shipped rules turn on.
  static let inForce = [
    "assignment", "credit_card", "email", "jwt", "bearer_token", "private_key", "url_credentials", "signed_url",
    "vendor_token",
  ]
  /// Those that a team turns on by their names.
  static let optional = ["iban", "us_ssn", "ip_address", "phone"]

  private let detectors: [String: any TextDetector]

  init() throws {
    var detectors: [String: any TextDetector] = [:]
    for name in (Self.inForce + Self.optional) { detectors[name] = TextDetectors.named(name) }
    detectors["assignment"] = try AssignmentDetector(
      try Self.list("secret_words"), except: try Self.list("harmless_names"))
    self.detectors = detectors
  }

  /// What the detectors of these names hide, in bytes.
  func ranges(in text: String, _ names: [String]) throws -> [Range<Int>] {
    var found = TextRanges()
    for name in names {
      guard let detector = detectors[name] else { throw UnknownDetector(name: name) }
      Array(text.utf8).withUnsafeBufferPointer { detector.find(in: ScannedText($0), into: &found) }
    }
    return found.ranges
  }

  /// A policy that looks for what this detector finds, and for nothing else.
  static func steps(for detector: String) throws -> [HideStep] {
    let words = HideStep(.words(try list("secret_words"), except: try list("harmless_names")))
    return (detector == "assignment" ? [words] : []) + [HideStep(.text([detector]))]
  }

  static func list(_ name: String) throws -> [String] {
    let tests = URL(filePath: #filePath).appending(path: "../../../../..").standardizedFileURL
    let text = try String(contentsOf: tests.appending(path: "rules/lists/\(name).txt"), encoding: .utf8)
    return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }
}

/// A detector that the corpus speaks of and that does not exist.
struct UnknownDetector: Error {
  var name: String
}
