internal import ProcessorHost

// What was hidden: counted always; where it stood and what it was, only for somebody who wants to know.
extension Hider {
  func countHit(_ step: Int) { hits[step] += 1 }

  /// Counts a hit at the place where the walk stands.
  func note(_ step: UInt16, _ secret: @autoclosure () -> HideFinding.Secret) {
    hits[Int(step)] += 1
    if isExplaining { explanation.append(HideFinding(place: place, step: Int(step), secret: secret())) }
  }

  /// The same for an attribute of the span that is hidden as a whole.
  func noteAttribute(_ slot: SpanSlot, _ bytes: UnsafePointer<UInt8>, _ step: UInt16) {
    guard isExplaining else { return countHit(Int(step)) }
    within(.key(shown(key: bytes, slot.key))) { note(step, Self.secret(ofValue: slot.value, bytes)) }
  }

  /// Counts the parts of the last text that were hidden.
  func noteText() {
    for (index, step) in texts.steps.enumerated() { note(step, .text(texts.hiddenTexts[index])) }
  }

  func beginExplanation(at owner: HidePlace.Owner) {
    explanation.removeAll()
    place = HidePlace(owner: owner)
  }

  /// Runs `body` one place further in; the place is only worked out while explaining.
  @inline(__always)
  func within(_ step: @autoclosure () -> HidePlace.Step?, _ body: () -> Void) {
    guard isExplaining, let step = step() else { return body() }
    let outside = place
    place.enter(step)
    body()
    place = outside
  }

  /// A key as it may be shown in explanations, which nothing else hides. Afterwards `texts` tells of the key.
  func shown(key: UnsafeBufferPointer<UInt8>) -> String {
    switch texts.hide(key, KeyVerdict(), mask: .max, requested: requested) {
    case .unchanged: String(decoding: key, as: UTF8.self)
    case .replaced: String(decoding: texts.result.bytes, as: UTF8.self)
    case .whole: HideAction.markText
    }
  }

  func shown(key base: UnsafePointer<UInt8>, _ range: Range<Int>) -> String {
    shown(key: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// What an `AnyValue` says, for explanations.
  static func secret(ofValue range: Range<Int>, _ base: UnsafePointer<UInt8>) -> HideFinding.Secret {
    var cursor = WireCursor(base, range)
    guard let member = cursor.nextChecked(), cursor.isAtEnd else { return .opaque(range.count) }
    switch (member.number, member.type) {
    case (FieldNumber.AnyValue.string, .lengthDelimited):
      return .text(Array(UnsafeBufferPointer(start: base + member.payload, count: member.content.count)))
    case (FieldNumber.AnyValue.bool, .varint): return .text(Array((member.value == 0 ? "false" : "true").utf8))
    case (FieldNumber.AnyValue.array, .lengthDelimited):
      // Instrumentation writes a header as an array of one.
      var elements = WireCursor(base, member.content)
      guard let only = elements.nextChecked(), elements.isAtEnd, only.isLengthDelimited else { break }
      return secret(ofValue: only.content, base)
    default:
      if let number = NumberText(member) { return number.withText { .text(Array($0)) } }
    }
    return .opaque(range.count)
  }
}
