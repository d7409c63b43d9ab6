/// One place at which two sets of rules make different things of a span.
struct SpanDifference {
  var kind: RecordingDiff.Change.Kind
  /// Where: `attributes.http.url`, with the numbers of events, links and elements.
  var path: String
  /// The same for a report.
  var shown: String
  /// How many bytes of text; for values that are no text, how many bytes they have when they are written.
  var amount: Int
  /// Which characters: letters, digits, other.
  var characters: Set<String>
  /// Whether something stood there when the span came.
  var came: Bool
  /// Whether something stands there under the old rules, and under the new ones.
  var standsBefore: Bool
  var standsAfter: Bool

  /// - Parameters:
  ///   - given: the span as it came.
  ///   - before: what the old rules make of it.
  ///   - after: what the new ones do.
  static func all(_ given: SpanTexts, _ before: SpanTexts, _ after: SpanTexts) -> [SpanDifference] {
    var found: [SpanDifference] = []
    for (path, value) in after.values {
      let earlier = before.values[path]
      if earlier == value { continue }
      let original = given.values[path]
      func add(_ kind: RecordingDiff.Change.Kind, _ text: String, _ amount: Int) {
        found.append(
          SpanDifference(
            kind: kind, path: path, shown: after.shown[path] ?? "", amount: amount, characters: Self.kinds(of: text),
            came: original != nil, standsBefore: earlier != nil, standsAfter: true))
      }
      guard let original else {
        add(.rewritten, value, value.utf8.count)
        continue
      }
      let old = Visible(earlier, of: original)
      let new = Visible(value, of: original)
      let more = old.excess(of: new)
      let less = new.excess(of: old)
      if more > 0 { add(.newlyVisible, Self.part(original, new, old), more) }
      if less > 0 { add(.newlyHidden, Self.part(original, old, new), less) }
      if more == 0, less == 0 { add(.rewritten, "", value.utf8.count) }
    }
    for (path, earlier) in before.values where after.values[path] == nil {
      found.append(
        SpanDifference(
          kind: .newlyHidden, path: path, shown: before.shown[path] ?? "", amount: earlier.utf8.count,
          characters: Self.kinds(of: earlier), came: given.values[path] != nil, standsBefore: true, standsAfter: false))
    }
    return found
  }

  /// The bytes that one shows and the other does not.
  private static func part(_ text: String, _ visible: Visible, _ other: Visible) -> String {
    let bytes = zip(text.utf8, zip(visible.bytes, other.bytes)).filter { $0.1.0 && !$0.1.1 }.map(\.0)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func kinds(of text: String) -> Set<String> {
    var kinds: Set<String> = []
    for scalar in text.unicodeScalars {
      let isDigit = ("0"..."9").contains(scalar)
      kinds.insert(isDigit ? "digits" : scalar.properties.isAlphabetic ? "letters" : "other")
    }
    return kinds
  }
}
