/// Finds the values of assignments inside text whose name holds a term: `password=…`, `token: …`, members of JSON and
/// of JSON in JSON, parameters of URLs, dumps of headers, flags of commands, elements of XML.
package struct AssignmentDetector: TextDetector {
  private let terms: AssignmentTerms
  package let triggers: [String]
  package let sample: DetectorSample

  /// - Parameters:
  ///   - words: the terms of a step that looks for words in keys.
  ///   - exceptions: the names that the step leaves alone.
  /// - Throws: `WordTermError` for a term without a letter or digit.
  package init(_ words: [String], except exceptions: [String] = []) throws(WordTermError) {
    terms = try AssignmentTerms(words, except: exceptions)
    let phrases = words.map(WordSplitter.phrase)
    triggers = AssignmentTriggers(phrases, holdPassword: terms.holdPassword).expressions
    sample = Self.sample(phrases, terms)
  }

  package var name: String { "assignment" }

  package func find(in text: ScannedText, into found: inout TextRanges) { find(inBytes: text, into: &found) }

  /// The same for any bytes that can be read.
  package func find(inBytes text: some ByteText, into found: inout TextRanges) {
    if terms.isEmpty { return }
    var scanner = AssignmentScanner(text, terms)
    scanner.scan(into: &found)
  }

  /// An assignment to the first term that is not excepted, or to a name with it.
  private static func sample(_ phrases: [[UInt8]], _ terms: AssignmentTerms) -> DetectorSample {
    for phrase in phrases {
      let name = phrase.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "_") : $0 }
      for candidate in [name, Array("sample_".utf8) + name] {
        if candidate.withUnsafeBufferPointer({ terms.hold($0, whole: $0) }) {
          return DetectorSample(before: String(decoding: candidate, as: UTF8.self) + "=", secret: "xK4mQ9vT2w")
        }
      }
    }
    return DetectorSample(secret: "")
  }
}
