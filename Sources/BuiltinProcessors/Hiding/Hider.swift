internal import ProcessorHost

/// The hide phase of one lane: applies a compiled policy to every surface of a span, once.
///
/// Most spans have little to hide. So each field is first only read, and written anew only where something hits. One
/// lane owns it and it never calls out, so the run-time checks for overlapping accesses are left out.
final class Hider: HidingWorker {
  let policy: CompiledPolicy
  let schema = WireSchema.otlp
  private let cache = VerdictCache<KeyVerdict>()
  /// Where rewritten fields are put together before they go into the span's overlay.
  private let output = WireBuffer(capacity: 16 * 1024)

  /// The conditional steps that the rules asked for, for the span at hand.
  @exclusivity(unchecked) private(set) var requested: UInt64 = 0
  @exclusivity(unchecked) private(set) var hits: [Int]
  private(set) var explanation: [HideFinding] = []
  @exclusivity(unchecked) var isExplaining = false
  /// Where the walk stands, kept only while explaining.
  private var path: [String] = []

  init(_ policy: CompiledPolicy) {
    self.policy = policy
    hits = Array(repeating: 0, count: policy.stepCount)
  }

  // MARK: The span

  func hide(_ span: SpanWorkspace) {
    if policy.stepCount == 0 { return }
    requested = span.requestedSteps
    if isExplaining { explanation.removeAll() }
    var index = 0
    let count = span.slots.count
    while index < count {
      let slot = span.slots[index]
      if !slot.isRemoved, slot.isLengthDelimited {
        switch slot.number {
        case FieldNumber.Span.attributes: hideAttribute(span, index, slot)
        case FieldNumber.Span.events: rewriteIfNeeded(span, index, slot, .event, "events")
        case FieldNumber.Span.links: rewriteIfNeeded(span, index, slot, .link, "links")
        case FieldNumber.Span.traceState: hideTraceState(span, slot)
        case FieldNumber.Span.traceID, FieldNumber.Span.spanID, FieldNumber.Span.parentSpanID, FieldNumber.Span.name:
          break
        case FieldNumber.Span.status: rewriteIfNeeded(span, index, slot, .status, "status")
        default: hideUnknown(span, index, slot)
        }
      }
      index += 1
    }
    if !policy.limits.isEmpty { limit(span) }
  }

  private func hideAttribute(_ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot) {
    let bytes = span.bytes(of: slot)
    let verdict = verdict(onKey: UnsafeBufferPointer(start: bytes + slot.key.lowerBound, count: slot.key.count))
    if verdict.strength == .none, isPlain(slot, bytes) { return }
    if verdict.strength == .remove {
      span.remove(index)
      note(verdict, "attributes." + String(wire: bytes, slot.key))
      return
    }
    if verdict.strength == .none, !finds(.keyValue, bytes, slot.content) { return }
    output.truncate(to: 0)
    if isExplaining { path.append("attributes") }
    let isChanged = writeKeyValue(FieldNumber.Span.attributes, bytes, slot.content)
    if isExplaining { path.removeLast() }
    if isChanged { span.replace(index) { $0.append(run: output.bytes) } }
  }

  /// Whether an attribute is a key and one scalar value that no step looks into.
  @inline(__always)
  private func isPlain(_ slot: SpanSlot, _ bytes: UnsafePointer<UInt8>) -> Bool {
    guard policy.valueSteps.isEmpty, slot.valueEnd == slot.end, slot.keyEnd < slot.valueStart else { return false }
    if slot.value.isEmpty { return true }
    var cursor = WireCursor(bytes, slot.value)
    guard let member = cursor.nextChecked(), cursor.isAtEnd else { return false }
    return member.number <= FieldNumber.AnyValue.double || member.number == FieldNumber.AnyValue.bytes
  }

  private func rewriteIfNeeded(
    _ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot, _ message: WireMessage, _ name: String
  ) {
    let bytes = span.bytes(of: slot)
    guard finds(message, bytes, slot.content) else { return }
    output.truncate(to: 0)
    if isExplaining { path.append(elementName(span, index, slot, name)) }
    output.appendMessage(slot.number) { rewrite(message, bytes, slot.content) }
    if isExplaining { path.removeLast() }
    span.replace(index) { $0.append(run: output.bytes) }
  }

  private func elementName(_ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot, _ name: String) -> String {
    if name == "status" { return name }
    let earlier = span.slots[..<index].count { $0.number == slot.number && !$0.isRemoved }
    return "\(name)[\(earlier)]"
  }

  private func hideTraceState(_ span: SpanWorkspace, _ slot: SpanSlot) {
    let bytes = span.bytes(of: slot)
    if let kept = traceStateWithoutSecrets(bytes, slot.content) { span.setText(FieldNumber.Span.traceState, kept) }
  }

  private func hideUnknown(_ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot) {
    let content = UnsafeBufferPointer(start: span.bytes(of: slot) + Int(slot.payload), count: slot.content.count)
    if policy.hidesUnknown(content) { span.remove(index) }
  }

  // MARK: Headers

  func hide(header message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    requested = 0
    guard finds(message, base, range) else { return nil }
    output.truncate(to: 0)
    rewrite(message, base, range)
    return Array(output.bytes)
  }

  // MARK: Verdicts

  @inline(__always)
  func verdict(onKey key: UnsafeBufferPointer<UInt8>) -> KeyVerdict {
    let verdict: KeyVerdict
    if let known = cache.get(key) {
      verdict = known
    } else {
      verdict = policy.verdict(onKey: key)
      cache.put(key, verdict)
    }
    return verdict.conditional & requested == 0 ? verdict : policy.verdict(verdict, requested: requested)
  }

  func countHit(_ step: Int) { hits[step] += 1 }

  /// Counts a hit; the name of its place is only made for somebody who wants to know.
  private func note(_ verdict: KeyVerdict, _ place: @autoclosure () -> String? = nil) {
    hits[Int(verdict.step)] += 1
    if isExplaining {
      let places = path + (place().map { [$0] } ?? [])
      explanation.append(HideFinding(path: places.joined(separator: "."), step: Int(verdict.step)))
    }
  }

  // MARK: Reading

  /// Whether anything inside a message is to be hidden.
  private func finds(_ message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Bool {
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      guard field.isLengthDelimited else { continue }
      let rule = schema.rule(message, field.number)
      let content = field.content
      switch rule.kind {
      case .message, .repeatedMessage:
        if rule.message == .keyValue {
          let key = KeyValueParts(base, content).key
          let bytes = UnsafeBufferPointer(start: base + key.lowerBound, count: key.count)
          if verdict(onKey: bytes).strength != .none { return true }
        }
        if finds(rule.message, base, content) { return true }
      case .unknown:
        if policy.hidesUnknown(UnsafeBufferPointer(start: base + content.lowerBound, count: content.count)) {
          return true
        }
      case .string:
        if message == .link, traceStateWithoutSecrets(base, content) != nil { return true }
        if message == .anyValue, valueVerdict(base, content).strength != .none { return true }
      default: break
      }
    }
    return false
  }

  private func valueVerdict(_ base: UnsafePointer<UInt8>, _ content: Range<Int>) -> KeyVerdict {
    if policy.valueSteps.isEmpty { return KeyVerdict() }
    return policy.verdict(
      onValue: UnsafeBufferPointer(start: base + content.lowerBound, count: content.count), requested: requested)
  }

  // MARK: Writing

  /// Appends a message's fields with everything hidden in them.
  private func rewrite(_ message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      let content = field.content
      let rule = field.isLengthDelimited ? schema.rule(message, field.number) : WireFieldRule(.varint)
      switch rule.kind {
      case .message, .repeatedMessage:
        if rule.message == .keyValue {
          if isExplaining { path.append(message == .resource ? "resource.attributes" : "attributes") }
          writeKeyValue(field.number, base, content)
          if isExplaining { path.removeLast() }
        } else {
          output.appendMessage(field.number) { rewrite(rule.message, base, content) }
        }
      case .unknown:
        let payload = UnsafeBufferPointer(start: base + content.lowerBound, count: content.count)
        if !policy.hidesUnknown(payload) { copy(field, base) }
      case .string where message == .link && traceStateWithoutSecrets(base, content) != nil:
        let kept = traceStateWithoutSecrets(base, content) ?? []
        if !kept.isEmpty { kept.withUnsafeBufferPointer { writeString(field.number, $0) } }
      case .string where message == .anyValue:
        let verdict = valueVerdict(base, content)
        if verdict.strength == .none {
          copy(field, base)
        } else {
          writeText(field, base, verdict)
          note(verdict)
        }
      default:
        copy(field, base)
      }
    }
  }

  /// Appends a `KeyValue` field as the verdict on its key has it; false where it is as it was.
  @discardableResult
  private func writeKeyValue(_ number: UInt32, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Bool {
    let parts = KeyValueParts(base, range)
    let key = UnsafeBufferPointer(start: base + parts.key.lowerBound, count: parts.key.count)
    let verdict = verdict(onKey: key)
    let start = output.count
    switch verdict.strength {
    case .remove:
      note(verdict, String(wire: base, parts.key))
      return true
    case .mark:
      output.appendMessage(number) {
        writeString(FieldNumber.KeyValue.key, key)
        output.appendMessage(FieldNumber.KeyValue.value) {
          writeMark(FieldNumber.AnyValue.string)
        }
      }
    case .cut:
      output.appendMessage(number) {
        writeString(FieldNumber.KeyValue.key, key)
        output.appendMessage(FieldNumber.KeyValue.value) { writeCut(base, parts.value, verdict) }
      }
    case .none:
      if isExplaining { path.append(String(wire: base, parts.key)) }
      output.appendMessage(number) { rewrite(.keyValue, base, range) }
      if isExplaining { path.removeLast() }
      return true
    }
    let isSame = isSame(from: start, base, range)
    if !isSame { note(verdict, String(wire: base, parts.key)) }
    return !isSame
  }

  /// Whether the field just written holds what stood there before.
  private func isSame(from start: Int, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Bool {
    var cursor = WireCursor(UnsafePointer(output.base), start..<output.count)
    guard let field = cursor.nextChecked(), field.end - field.payload == range.count else { return false }
    return WireBytes.equal(UnsafePointer(output.base) + field.payload, base + range.lowerBound, range.count)
  }

  /// Appends an `AnyValue` whose strings, however deep, are cut.
  private func writeCut(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ verdict: KeyVerdict) {
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      let content = field.content
      switch (field.number, field.type) {
      case (FieldNumber.AnyValue.string, .lengthDelimited): writeText(field, base, verdict)
      case (FieldNumber.AnyValue.bytes, .lengthDelimited):
        let kept = min(content.count, Int(verdict.length))
        writeString(field.number, UnsafeBufferPointer(start: base + content.lowerBound, count: kept))
      case (FieldNumber.AnyValue.array, .lengthDelimited), (FieldNumber.AnyValue.keyValueList, .lengthDelimited):
        output.appendMessage(field.number) { writeCutElements(field, base, verdict) }
      default: copy(field, base)
      }
    }
  }

  private func writeCutElements(_ list: WireField, _ base: UnsafePointer<UInt8>, _ verdict: KeyVerdict) {
    var cursor = WireCursor(base, list.payload..<list.end)
    while let element = cursor.nextChecked() {
      guard element.isLengthDelimited else { continue }
      let content = element.payload..<element.end
      if list.number == FieldNumber.AnyValue.array {
        output.appendMessage(element.number) { writeCut(base, content, verdict) }
        continue
      }
      let parts = KeyValueParts(base, content)
      let key = UnsafeBufferPointer(start: base + parts.key.lowerBound, count: parts.key.count)
      if self.verdict(onKey: key).strength > .cut {
        writeKeyValue(element.number, base, content)
        continue
      }
      output.appendMessage(element.number) {
        writeString(FieldNumber.KeyValue.key, key)
        output.appendMessage(FieldNumber.KeyValue.value) { writeCut(base, parts.value, verdict) }
      }
    }
  }

  /// Appends a string field as a verdict has it.
  private func writeText(_ field: WireField, _ base: UnsafePointer<UInt8>, _ verdict: KeyVerdict) {
    guard verdict.strength == .cut else { return writeMark(field.number) }
    let start = base + field.payload
    let count = field.end - field.payload
    let (kept, isCut) = UTF8Text.prefixLength(start, count, scalars: Int(verdict.length))
    output.appendTag(field.number, .lengthDelimited)
    output.appendVarint(UInt64(kept + (isCut ? 3 : 0)))
    output.append(start, kept)
    if isCut { Self.ellipsis.withUnsafeBufferPointer(output.append(run:)) }
  }

  private static let ellipsis = Array("...".utf8)
  private static let mark = Array(HideAction.markText.utf8)

  private func writeMark(_ number: UInt32) {
    Self.mark.withUnsafeBufferPointer { writeString(number, $0) }
  }

  private func writeString(_ number: UInt32, _ text: UnsafeBufferPointer<UInt8>) {
    output.appendTag(number, .lengthDelimited)
    output.appendVarint(UInt64(text.count))
    output.append(run: text)
  }

  private func copy(_ field: WireField, _ base: UnsafePointer<UInt8>) {
    output.append(base + field.start, field.end - field.start)
  }

  /// A trace state without the members whose keys are hidden, or nil where it stays as it is.
  ///
  /// The `ot=` member is the host's own and stays.
  private func traceStateWithoutSecrets(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    let text = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    let members = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let kept = members.filter { member in
      let trimmed = member.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      let key = UnsafeBufferPointer(rebasing: trimmed.prefix { $0 != UInt8(ascii: "=") })
      return key.elementsEqual("ot".utf8) || verdict(onKey: key).strength < .mark
    }
    if kept.count == members.count { return nil }
    return Array(kept.joined(separator: [UInt8(ascii: ",")]))
  }
}
