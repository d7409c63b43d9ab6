/// Numbers of bytes as settings have them: `65536`, `64KiB`, `64MiB`, `1GiB`.
enum ByteCount {
  private static let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)]

  static func parse(_ text: String) -> Int? {
    for (unit, shift) in units where text.hasSuffix(unit) {
      guard let number = digits(text.dropLast(unit.count)), number <= Int.max >> shift else { return nil }
      return number << shift
    }
    return digits(text[...])
  }

  /// Writes it in the largest unit in which it is whole.
  static func text(_ bytes: Int) -> String {
    for (unit, shift) in units.reversed() where bytes > 0 && bytes % (1 << shift) == 0 {
      return "\(bytes >> shift)\(unit)"
    }
    return "\(bytes)"
  }

  private static func digits(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }
}
