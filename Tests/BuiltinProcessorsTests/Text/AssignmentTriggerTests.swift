internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("Assignments: triggers")
struct AssignmentTriggerTests {
  /// The detector with its triggers made ready among those of all others, as rules look for them.
  private struct Rig {
    let detector: AssignmentDetector
    let scanner: TriggerScanner

    init(_ words: [String], _ exceptions: [String]) throws {
      detector = try AssignmentDetector(words, except: exceptions)
      scanner = try #require(TriggerScanner(for: "assignment", among: TextDetectors.all + [detector]))
    }

    /// Checks the text, if something is found in it, behind so many bytes that say nothing.
    func check(_ text: [UInt8], behind padding: Int, sourceLocation: SourceLocation = #_sourceLocation) -> Bool {
      if AssignmentRig.ranges(text, detector.find).isEmpty { return false }
      let padded = Array(repeating: UInt8(ascii: "\n"), count: padding) + text
      let isFound = scanner.matches(padded)
      #expect(isFound, "\(padding): \(String(decoding: text, as: UTF8.self))", sourceLocation: sourceLocation)
      return true
    }
  }

  @Test("Every string of the corpus in which something is found has a trigger, wherever it stands")
  func corpus() throws {
    let rig = try Rig(CorpusDetectors.list("secret_words"), CorpusDetectors.list("harmless_names"))
    let planted = try Corpus.planted() + Corpus.outOfReach()
    let texts =
      try (planted + planted.map { $0.inJSON() } + planted.map { $0.inForm() }).map(\.text)
      + Corpus.harmless().map(\.text)
    var generator = SeededGenerator(seed: 11)
    var count = 0
    for text in texts {
      for padding in [0, 31, 64, Int.random(in: 1...300, using: &generator)] {
        if rig.check(Array(text.utf8), behind: padding) { count += 1 }
      }
    }
    #expect(count > 4000)
  }

  @Test(
    "Every random text in which something is found has a trigger, wherever it stands",
    arguments: [AssignmentRig.words, ["пароль", "token"], ["api_key", "hunter_2"], ["password"]])
  func random(words: [String]) throws {
    let rig = try Rig(words, AssignmentRig.exceptions)
    var generator = SeededGenerator(seed: 12)
    var count = 0
    for _ in 0..<20_000 {
      let text = AssignmentPropertyTests.text(&generator)
      if rig.check(text, behind: .random(in: 0...300, using: &generator)) { count += 1 }
    }
    #expect(count > 100)
  }
}
