/// How a kind of value is read and shown.
struct SettingFormat<Value: Sendable>: Sendable {
  /// What it takes, to be put behind "expects".
  let expected: String
  let shape: SettingShape
  let parse: @Sendable (RawSetting) -> Value?
  let show: @Sendable (Value) -> ShownSetting

  /// The same for a setting that may have no value.
  var optional: SettingFormat<Value?> {
    SettingFormat<Value?>(
      expected: expected, shape: shape, parse: { raw in parse(raw).map(Optional.some) },
      show: { value in value.map(show) ?? .nothing })
  }
}

extension SettingFormat {
  /// A format of one value. Text in quotes is taken only where text is expected.
  static func scalar(
    _ expected: String, takesQuotes: Bool = true, _ parse: @escaping @Sendable (String) -> Value?,
    show: @escaping @Sendable (Value) -> String
  ) -> Self {
    Self(
      expected: expected, shape: .scalar,
      parse: { raw in
        guard case .scalar(let text, let isQuoted) = raw, takesQuotes || !isQuoted else { return nil }
        return parse(text)
      },
      show: { .scalar(show($0)) })
  }
}

extension SettingFormat where Value == String {
  /// Any text that is not empty.
  static func text(_ expected: String) -> Self {
    scalar(expected) {
      $0.isEmpty || $0.utf8.contains(0) ? nil : $0
    } show: {
      $0
    }
  }

  /// The path of a file or directory.
  static var path: Self { text("a path") }
}

extension SettingFormat where Value == String {
  /// The name of an exporter, which stands in lists with commas and in labels.
  static var exporterName: Self {
    scalar("a name of letters, digits, - _ and ., at most 64, other than none") { text in
      let isRight = text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-_.".utf8.contains(byte)
        }
      }
      return isRight && (1...64).contains(text.utf8.count) && text != "none" ? text : nil
    } show: {
      $0
    }
  }
}

extension SettingFormat where Value == Bool {
  static var flag: Self {
    scalar("true or false", takesQuotes: false) {
      Bool($0)
    } show: {
      "\($0)"
    }
  }
}

extension SettingFormat where Value == Int {
  /// A whole number.
  static func count(_ range: ClosedRange<Int>) -> Self {
    scalar("a whole number from \(range.lowerBound) to \(range.upperBound)", takesQuotes: false) { text in
      // `Int` takes a plus sign too.
      guard text.utf8.first.map({ $0 != UInt8(ascii: "+") }) == true, let number = Int(text), range.contains(number)
      else { return nil }
      return number
    } show: {
      "\($0)"
    }
  }

  /// A number of bytes.
  static func bytes(_ range: ClosedRange<Int>) -> Self {
    let low = ByteCount.text(range.lowerBound)
    let high = ByteCount.text(range.upperBound)
    return scalar("bytes from \(low) to \(high), such as 64MiB") { text in
      ByteCount.parse(text).flatMap { range.contains($0) ? $0 : nil }
    } show: {
      ByteCount.text($0)
    }
  }
}

extension SettingFormat where Value == Double {
  /// A number.
  static func number(_ range: ClosedRange<Double>) -> Self {
    scalar("a number from \(range.lowerBound) to \(range.upperBound)", takesQuotes: false) { text in
      // Digits first: `Double` also takes words such as infinity.
      guard text.utf8.first.map({ (0x30...0x39).contains($0) }) == true, let number = Double(text),
        range.contains(number)
      else { return nil }
      return number
    } show: {
      "\($0)"
    }
  }
}

extension SettingFormat where Value == Duration {
  /// A length of time with its unit.
  static func duration(_ range: ClosedRange<Duration>) -> Self {
    let low = DurationText.text(range.lowerBound)
    let high = DurationText.text(range.upperBound)
    return scalar("a time from \(low) to \(high) with its unit ms, s, m or h, such as 5s") { text in
      DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil }
    } show: {
      DurationText.text($0)
    }
  }
}

extension SettingFormat where Value: RawRepresentable<String> & CaseIterable {
  /// One of a few words.
  /// - Parameter aliases: other ways to write them.
  static func choice(_ aliases: [String: Value] = [:]) -> Self where Value: Sendable {
    let names = Value.allCases.map(\.rawValue)
    return scalar("one of " + names.joined(separator: ", ")) { text in
      Value(rawValue: text.lowercased()) ?? aliases[text.lowercased()]
    } show: {
      $0.rawValue
    }
  }
}

extension SettingFormat where Value == ListenAddress? {
  /// Where a server listens, or `none`.
  static var listener: Self {
    Self(
      expected: "HOST:PORT, such as 127.0.0.1:4317, or none", shape: .scalar,
      parse: { raw in
        guard case .scalar(let text, _) = raw else { return nil }
        return text == "none" ? .some(nil) : ListenAddress(text).map(Optional.some)
      },
      show: { .scalar($0?.description ?? "none") })
  }
}

extension SettingFormat where Value == [String] {
  /// Names in their order; `none` is the list of none.
  static func names(_ expected: String) -> Self {
    Self(
      expected: expected, shape: .list,
      parse: { raw in
        guard case .list(let names) = raw else { return nil }
        if names == ["none"] { return [] }
        return names.isEmpty || names.contains(where: \.isEmpty) ? nil : names
      },
      show: { $0.isEmpty ? .scalar("none") : .list($0) })
  }
}

extension SettingFormat where Value == [String: String] {
  /// Values with names.
  static func pairs(
    _ expected: String, where isRight: @escaping @Sendable (_ name: String, _ value: String) -> Bool
  ) -> Self {
    Self(
      expected: expected, shape: .map,
      parse: { raw in
        guard case .map(let pairs) = raw, pairs.allSatisfy({ isRight($0.key, $0.value) }) else { return nil }
        return pairs
      },
      show: { $0.isEmpty ? .nothing : .map($0) })
  }
}
