enum TextDetectors {
  static func named(_ name: String) -> (any TextDetector)? { nil }
  static let names: [String] = []
}
