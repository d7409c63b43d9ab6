/// A string with secrets in it whose places are known.
struct PlantedString {
  /// A secret, and the detector that has to find it.
  struct Secret {
    var detector: String
    /// Where it stands, in bytes.
    var range: Range<Int>
  }

  private(set) var text = ""
  private(set) var secrets: [Secret] = []
  /// What may be hidden along with the secrets, in bytes.
  private(set) var neighbours: [Range<Int>] = []

  init(text: String, secrets: [Secret], neighbours: [Range<Int>]) {
    self.text = text
    self.secrets = secrets
    self.neighbours = neighbours
  }

  init(heading: String, text line: String) throws {
    let detectors = heading.split(separator: ",").map(String.init)
    var placeholders = CorpusPlaceholders(line: line)
    var bytes: [UInt8] = []
    var opened: (start: Int, detector: String?)?
    var rest = Corpus.controls(placeholders.fill(line)).unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch (scalar, opened) {
      case ("⟦", nil):
        var detector = detectors[0]
        if detectors.count > 1 {
          let name = String(String.UnicodeScalarView(rest.prefix { $0 != "|" }))
          guard detectors.contains(name) else { throw Self.error(line, "a secret does not name its detector") }
          detector = name
          rest.removeFirst(name.unicodeScalars.count + 1)
        }
        opened = (bytes.count, detector)
      case ("⟨", nil): opened = (bytes.count, nil)
      case ("⟧", let (start, detector?)?):
        secrets.append(Secret(detector: detector, range: start..<bytes.count))
        opened = nil
      case ("⟩", let (start, nil)?):
        neighbours.append(start..<bytes.count)
        opened = nil
      case ("⟦", _), ("⟨", _), ("⟧", _), ("⟩", _): throw Self.error(line, "brackets do not match")
      default: bytes += Array(String(scalar).utf8)
      }
    }
    guard opened == nil, Set(secrets.map(\.detector)) == Set(detectors), secrets.allSatisfy({ !$0.range.isEmpty })
    else {
      throw Self.error(line, "a bracket stays open, or a detector has no secret")
    }
    text = String(decoding: bytes, as: UTF8.self)
  }

  private static func error(_ line: String, _ reason: String) -> CorpusError {
    CorpusError(file: "planted", line: 0, reason: "\(reason): \(line)")
  }
}
