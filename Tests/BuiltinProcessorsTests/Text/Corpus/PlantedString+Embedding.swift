extension PlantedString {
  /// The string among the lines of a longer one.
  func betweenLines() -> PlantedString {
    embedded("starting worker 3 of 8\nlistening on port 8080\n", "\nshutting down\n") { [$0] }
  }

  /// The string as a member of a JSON object, with what JSON escapes.
  func inJSON() -> PlantedString {
    embedded("{\"level\":\"info\",\"msg\":\"", "\",\"line\":17}") { byte in
      switch byte {
      case UInt8(ascii: "\n"): Array("\\n".utf8)
      case UInt8(ascii: "\r"): Array("\\r".utf8)
      case UInt8(ascii: "\t"): Array("\\t".utf8)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
      default: [byte]
      }
    }
  }

  /// The string as a parameter of a form, percent-encoded.
  func inForm() -> PlantedString {
    embedded("lang=de&note=", "&page=2") { byte in
      let isPlain = (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
      if isPlain || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") {
        return [byte]
      }
      let digits = Array("0123456789ABCDEF".utf8)
      return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  private func embedded(_ before: String, _ after: String, _ write: (UInt8) -> [UInt8]) -> PlantedString {
    var bytes = Array(before.utf8)
    var places: [Int] = []
    for byte in text.utf8 {
      places.append(bytes.count)
      bytes += write(byte)
    }
    places.append(bytes.count)
    bytes += Array(after.utf8)
    let moved = { (range: Range<Int>) in places[range.lowerBound]..<places[range.upperBound] }
    return PlantedString(
      text: String(decoding: bytes, as: UTF8.self),
      secrets: secrets.map { Secret(detector: $0.detector, range: moved($0.range)) },
      neighbours: neighbours.map(moved))
  }
}
