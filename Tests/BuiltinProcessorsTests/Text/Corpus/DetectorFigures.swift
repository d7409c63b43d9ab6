internal import BuiltinProcessors

/// How a detector, or several together, do on the corpus.
struct DetectorFigures {
  let name: String
  /// Secrets that it has to find, and how many of them it covered to the last byte.
  private(set) var secrets = 0
  private(set) var found = 0
  /// Bytes that it hid in planted strings, and those of them that were neither secret nor a neighbour of one.
  private(set) var hidden = 0
  private(set) var overreach = 0
  private(set) var harmless = 0
  /// Harmless strings with something hidden, ready to be read.
  private(set) var alarms: [String] = []
  /// Planted strings with a secret that was not covered, and those in which too much was, ready to be read.
  private(set) var misses: [String] = []
  private(set) var excesses: [String] = []

  init(name: String) { self.name = name }

  var recall: Double { secrets == 0 ? 1 : Double(found) / Double(secrets) }
  /// The share of the hidden bytes that were to be hidden.
  var precision: Double { hidden == 0 ? 1 : Double(hidden - overreach) / Double(hidden) }
  var alarmShare: Double { harmless == 0 ? 0 : Double(alarms.count) / Double(harmless) }

  /// Counts a planted string.
  mutating func add(_ string: PlantedString, of detectors: Set<String>, hidden ranges: [Range<Int>]) {
    let covered = Self.covered(ranges, string.text.utf8.count)
    var allowed = Self.covered(string.secrets.map(\.range) + string.neighbours, string.text.utf8.count)
    var isMissed = false
    for secret in string.secrets where detectors.contains(secret.detector) {
      secrets += 1
      if secret.range.allSatisfy({ covered[$0] }) { found += 1 } else { isMissed = true }
    }
    var excess = 0
    for index in covered.indices where covered[index] {
      hidden += 1
      if !allowed[index] { excess += 1 }
      allowed[index] = true
    }
    overreach += excess
    if isMissed { misses.append(Self.show(string.text, covered)) }
    if excess > 0 { excesses.append(Self.show(string.text, covered)) }
  }

  /// Counts a harmless string.
  mutating func add(_ string: HarmlessString, hidden ranges: [Range<Int>]) {
    harmless += 1
    if !ranges.isEmpty {
      alarms.append("\(string.kind): " + Self.show(string.text, Self.covered(ranges, string.text.utf8.count)))
    }
  }

  private static func covered(_ ranges: [Range<Int>], _ count: Int) -> [Bool] {
    var covered = Array(repeating: false, count: count)
    for range in ranges { for index in range.clamped(to: 0..<count) { covered[index] = true } }
    return covered
  }

  /// The text with what was hidden in brackets.
  private static func show(_ text: String, _ covered: [Bool]) -> String {
    var bytes: [UInt8] = []
    var isInside = false
    for (index, byte) in text.utf8.enumerated() {
      if covered[index] != isInside {
        bytes += Array((isInside ? "⟧" : "⟦").utf8)
        isInside.toggle()
      }
      bytes += byte == 10 ? Array("␊".utf8) : byte == 13 ? Array("␍".utf8) : byte == 9 ? Array("␉".utf8) : [byte]
    }
    return String(decoding: bytes, as: UTF8.self) + (isInside ? "⟧" : "")
  }
}
