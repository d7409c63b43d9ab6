/// The shapes of numbers that detectors ask for and that are looked for natively (`NumberShapeScan`).
///
/// Nearly any letter or digit can begin one of them. So a pattern library steps through every byte for them, and took
/// more time for these few than for all else together.
package struct NumberShapes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The two letters of a country that has account numbers at the beginning of a word, two digits, and eight letters or
  /// digits in fours.
  package static let account = NumberShapes(rawValue: 1 << 0)
  /// Groups of three, two and four digits, with hyphens or with spaces.
  package static let socialSecurity = NumberShapes(rawValue: 1 << 1)
  /// Four numbers with dots between; two colons with a hex digit beside them and no word around them; six colons with
  /// hex digits between.
  package static let address = NumberShapes(rawValue: 1 << 2)
  /// Eight digits behind a plus sign; groups of three, three and four digits with the separators of North America.
  package static let phone = NumberShapes(rawValue: 1 << 3)
  /// A run of digits as long as was asked for (`DigitRuns`).
  package static let digitRun = NumberShapes(rawValue: 1 << 4)
}

/// Which finders ask for which shape, a bit for each finder.
struct NumberFinders: Sendable {
  private(set) var shapes: NumberShapes = []
  private var account: UInt64 = 0
  private var socialSecurity: UInt64 = 0
  private var address: UInt64 = 0
  private var phone: UInt64 = 0

  mutating func add(_ shapes: NumberShapes, finder: UInt64) {
    self.shapes.formUnion(shapes)
    if shapes.contains(.account) { account |= finder }
    if shapes.contains(.socialSecurity) { socialSecurity |= finder }
    if shapes.contains(.address) { address |= finder }
    if shapes.contains(.phone) { phone |= finder }
  }

  /// The finders that ask for one shape.
  func finders(of shape: NumberShapes) -> UInt64 {
    switch shape {
    case .account: account
    case .socialSecurity: socialSecurity
    case .address: address
    default: phone
    }
  }
}
