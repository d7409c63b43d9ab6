/// Names as Prometheus allows them.
enum MetricName {
  /// A metric's name: letters, digits and `_`. The colon is left to recording rules.
  static func metric(_ name: String) -> String { sanitized(name) }

  /// A label's name: the same, and not with the two underscores that Prometheus keeps for itself.
  static func label(_ name: String, in kind: MetricFamily.Kind) -> String {
    var name = sanitized(name)
    while name.hasPrefix("__") { name.removeFirst() }
    let isReserved = (kind == .histogram && name == "le") || (kind == .summary && name == "quantile")
    return isReserved ? "exported_" + name : name
  }

  /// The name with an ending, where it does not have it.
  static func with(_ ending: String, _ name: String) -> String { name.hasSuffix(ending) ? name : name + ending }

  private static func sanitized(_ name: String) -> String {
    var bytes = name.unicodeScalars.map { scalar -> UInt8 in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_": UInt8(ascii: scalar)
      default: UInt8(ascii: "_")
      }
    }
    if bytes.isEmpty || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[0]) {
      bytes.insert(UInt8(ascii: "_"), at: 0)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension MetricSample {
  /// The same series with labels as they may be shown: names allowed, none twice, in order.
  func normalized(in kind: MetricFamily.Kind) -> MetricSample {
    var copy = self
    copy.labels = []
    for label in labels.sorted() {
      let name = MetricName.label(label.name, in: kind)
      // Two names can become one; both values are kept then.
      if let index = copy.labels.firstIndex(where: { $0.name == name }) {
        copy.labels[index].value += ";" + label.value
      } else {
        copy.labels.append(MetricLabel(name, label.value))
      }
    }
    copy.labels.sort()
    return copy
  }
}
