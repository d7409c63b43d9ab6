/// Finds one kind of secret inside text, such as the numbers of credit cards.
///
/// A detector is asked only about texts in which one of its triggers was found, in one pass with those of all others;
/// `find` then says where exactly the secrets stand.
package protocol TextDetector: Sendable {
  /// The name by which `match.text` asks for it.
  var name: String { get }

  /// Hyperscan expressions, one of which matches somewhere in every text in which `find` finds something, unless there
  /// are enough digits in it (`digitRun`) or a number of the right shape (`numberShapes`).
  ///
  /// Cheap ones: they are run over everything, and what they hit too often costs a call of `find`.
  var triggers: [String] { get }

  /// A trigger that is no expression: so many digits with at most one separator between two of them (`DigitRuns`). Nil
  /// where expressions alone do.
  var digitRun: Int? { get }

  /// More triggers that are no expressions: shapes of numbers, which are looked for in one pass for all detectors. None
  /// where others do.
  var numberShapes: NumberShapes { get }

  /// Adds the range of each secret, in bytes. Takes time linear in the length of the text, whatever stands in it.
  func find(in text: ScannedText, into found: inout TextRanges)

  /// A text with a secret of this kind, to try whether it is found.
  var sample: DetectorSample { get }
}

extension TextDetector {
  package var digitRun: Int? { nil }
  package var numberShapes: NumberShapes { [] }
}

/// A text with a secret in it.
package struct DetectorSample: Sendable {
  /// What stands before the secret.
  package var before: String
  /// What is to be hidden, all of it.
  package var secret: String
  /// What stands behind the secret.
  package var after: String

  package init(before: String = "", secret: String, after: String = "") {
    self.before = before
    self.secret = secret
    self.after = after
  }

  /// The whole text.
  package var text: String { before + secret + after }
}
