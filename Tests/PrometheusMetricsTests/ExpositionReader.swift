/// Reads the text exposition format as strictly as Prometheus' own linter does.
struct ExpositionReader {
  struct Fault: Error { var line: Substring }

  struct Series: Hashable {
    var name: String
    var labels: [String: String]
  }

  private(set) var values: [Series: String] = [:]
  private(set) var types: [String: String] = [:]

  init(_ text: String) throws {
    guard text.utf8.last == UInt8(ascii: "\n") else { throw Fault(line: "no end of the last line") }
    var helped: String?
    var current: String?
    for line in text.unicodeScalars.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(
      Substring.init)
    {
      if line.hasPrefix("# HELP ") {
        helped = String(line.dropFirst(7).prefix { $0 != " " })
        current = nil
      } else if line.hasPrefix("# TYPE ") {
        let words = line.split(separator: " ")
        let name = words.count == 4 ? String(words[2]) : ""
        guard name == helped, types[name] == nil, Self.isName(name) else { throw Fault(line: line) }
        types[name] = String(words[3])
        current = name
      } else {
        let (series, value) = try Self.sample(line)
        guard let current, Self.belongs(series.name, current, types[current]), values[series] == nil,
          value == "NaN" || Double(value.replacing("Inf", with: "inf")) != nil
        else { throw Fault(line: line) }
        values[series] = value
      }
    }
  }

  private static func belongs(_ name: String, _ family: String, _ type: String?) -> Bool {
    switch type {
    case "counter", "gauge": name == family
    case "summary": [family + "_sum", family + "_count"].contains(name)
    case "histogram": [family + "_sum", family + "_count", family + "_bucket"].contains(name)
    default: false
    }
  }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
    }
  }

  private static func sample(_ line: Substring) throws -> (Series, String) {
    var rest = line.unicodeScalars[...]
    func take(while isTaken: (Unicode.Scalar) -> Bool) -> String {
      let taken = rest.prefix(while: isTaken)
      rest = rest[taken.endIndex...]
      return String(taken)
    }
    func expect(_ scalar: Unicode.Scalar) throws {
      guard rest.popFirst() == scalar else { throw Fault(line: line) }
    }
    let name = take { $0 != "{" && $0 != " " }
    guard isName(name) else { throw Fault(line: line) }
    var labels: [String: String] = [:]
    if rest.first == "{" {
      repeat {
        rest.removeFirst()
        let label = take { $0 != "=" }
        guard isName(label), !label.hasPrefix("__"), labels[label] == nil else { throw Fault(line: line) }
        try expect("=")
        try expect("\"")
        var value = String.UnicodeScalarView()
        while let scalar = rest.popFirst(), scalar != "\"" {
          guard scalar == "\\" else {
            value.append(scalar)
            continue
          }
          switch rest.popFirst() {
          case "\\": value.append("\\")
          case "\"": value.append("\"")
          case "n": value.append("\n")
          default: throw Fault(line: line)
          }
        }
        labels[label] = String(value)
      } while rest.first == ","
      try expect("}")
    }
    try expect(" ")
    return (Series(name: name, labels: labels), String(rest))
  }
}
