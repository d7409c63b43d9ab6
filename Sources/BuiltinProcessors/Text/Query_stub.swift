struct QueryParameters: Sendable {
  init(names: [String]) {}
  var triggers: [String] { [] }
  func find(in text: ScannedText, into found: inout TextRanges) {}
}
struct AssignmentDetector: TextDetector {
  static let name = "assignment"
  var name: String { Self.name }
  init(_ steps: [(words: [String], except: [String])]) throws(WordTermError) {}
  var triggers: [String] { ["password="] }
  func find(in text: ScannedText, into found: inout TextRanges) {}
  var sample: DetectorSample { DetectorSample(secret: "") }
}
enum TextDetectors {
  static func named(_ name: String) -> (any TextDetector)? { nil }
  static let names: [String] = []
}
