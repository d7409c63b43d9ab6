internal import ProcessorHost

// Messages of any kind, however deep: first read, then written anew where something hits.
//
// `inherited` is the cut that a key further out asks for everything below it; it is united with what keys and values
// below say, and the strongest wins.
extension Hider {
  // MARK: Reading

  /// Whether anything inside a message is to be hidden.
  func finds(
    _ message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ inherited: KeyVerdict = KeyVerdict()
  ) -> Bool {
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      guard field.isLengthDelimited else { continue }
      let rule = schema.rule(message, field.number)
      switch rule.kind {
      case .message, .repeatedMessage:
        var verdict = inherited
        if rule.message == .keyValue {
          verdict.unite(self.verdict(onKey: key(base, field.content)))
          if verdict.strength > .cut { return true }
        }
        if finds(rule.message, base, field.content, verdict) { return true }
      case .unknown, .varint, .fixed64, .fixed32:
        // A known number in another wire type is an unknown field too.
        if policy.hidesUnknown(text(base, field), requested: requested) { return true }
      case .string, .repeatedString:
        if isTraceState(field, in: message) {
          if traceStateWithoutSecrets(base, field.content) != nil { return true }
        } else if isHiddenText(field, in: message) {
          if changes(text(base, field), textVerdict(base, field, message, inherited)) { return true }
        }
      case .bytes:
        if inherited.strength == .cut, field.content.count > Int(inherited.length) { return true }
      default: break
      }
    }
    return false
  }

  /// Whether a string becomes another one under a verdict.
  func changes(_ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) -> Bool {
    switch verdict.strength {
    case .none: return false
    case .cut: return cutLength(text, verdict) != nil
    case .mark, .remove: return !text.elementsEqual(mark)
    }
  }

  /// How many bytes a cut leaves, or nil where it changes nothing.
  func cutLength(_ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) -> Int? {
    guard let start = text.baseAddress else { return nil }
    let (kept, isCut) = UTF8Text.prefixLength(start, text.count, scalars: Int(verdict.length))
    // What an earlier pass has cut ends in the dots that it put there; what it has marked says nothing any more.
    if text.elementsEqual(mark) { return nil }
    if !isCut || text[kept...].elementsEqual(ellipsis) { return nil }
    return kept
  }

  private func key(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    let key = KeyValueParts(base, range).key
    return UnsafeBufferPointer(start: base + key.lowerBound, count: key.count)
  }

  private func text(_ base: UnsafePointer<UInt8>, _ field: WireField) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + field.payload, count: field.end - field.payload)
  }

  private func isTraceState(_ field: WireField, in message: WireMessage) -> Bool {
    message == .link && field.number == FieldNumber.Link.traceState
  }

  /// Whether a string of a message is a text that values are looked for in: all but keys.
  private func isHiddenText(_ field: WireField, in message: WireMessage) -> Bool { message != .keyValue }

  private func textVerdict(
    _ base: UnsafePointer<UInt8>, _ field: WireField, _ message: WireMessage, _ inherited: KeyVerdict
  ) -> KeyVerdict {
    // A cut is for the values of keys, not for names beside them.
    var verdict = message == .anyValue ? inherited : KeyVerdict()
    verdict.unite(valueVerdict(text(base, field)))
    return verdict
  }

  func valueVerdict(_ text: UnsafeBufferPointer<UInt8>) -> KeyVerdict {
    if policy.valueSteps.isEmpty { return KeyVerdict() }
    return policy.verdict(onValue: text, requested: requested)
  }

  // MARK: Writing

  /// Appends a message's fields with everything hidden in them.
  func rewrite(
    _ message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ inherited: KeyVerdict = KeyVerdict()
  ) {
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      guard field.isLengthDelimited else {
        copy(field, base)
        continue
      }
      let rule = schema.rule(message, field.number)
      switch rule.kind {
      case .message, .repeatedMessage:
        if rule.message == .keyValue {
          within(message == .keyValueList ? nil : "attributes") { writeKeyValue(field, base, inherited) }
        } else {
          within(rule.message == .resource ? "resource" : rule.message == .scope ? "scope" : nil) {
            output.appendMessage(field.number) { rewrite(rule.message, base, field.content, inherited) }
          }
        }
      case .unknown, .varint, .fixed64, .fixed32:
        if !policy.hidesUnknown(text(base, field), requested: requested) { copy(field, base) }
      case .string, .repeatedString:
        if isTraceState(field, in: message) {
          writeTraceState(field, base)
        } else if isHiddenText(field, in: message) {
          writeText(field, base, textVerdict(base, field, message, inherited))
        } else {
          copy(field, base)
        }
      case .bytes where inherited.strength == .cut && field.content.count > Int(inherited.length):
        note(inherited)
        writeString(field.number, UnsafeBufferPointer(rebasing: text(base, field).prefix(Int(inherited.length))))
      default:
        copy(field, base)
      }
    }
  }

  /// Appends a `KeyValue` field as the verdict on its key has it.
  func writeKeyValue(_ field: WireField, _ base: UnsafePointer<UInt8>, _ inherited: KeyVerdict) {
    let key = key(base, field.content)
    var verdict = self.verdict(onKey: key)
    verdict.unite(inherited)
    if let removal = removal(of: KeyValueParts(base, field.content).value, base) { verdict.unite(removal) }
    within(String(decoding: key, as: UTF8.self)) {
      switch verdict.strength {
      case .remove: note(verdict)
      case .mark:
        note(verdict)
        output.appendMessage(field.number) {
          writeString(FieldNumber.KeyValue.key, key)
          output.appendMessage(FieldNumber.KeyValue.value) { writeMark(FieldNumber.AnyValue.string) }
        }
      case .cut, .none:
        output.appendMessage(field.number) { rewrite(.keyValue, base, field.content, verdict) }
      }
    }
  }

  /// The verdict on a value that is one string, where it is to go with its key.
  func removal(of value: Range<Int>, _ base: UnsafePointer<UInt8>) -> KeyVerdict? {
    if policy.valueSteps.isEmpty { return nil }
    var cursor = WireCursor(base, value)
    while let member = cursor.nextChecked() {
      guard member.isLengthDelimited, member.number == FieldNumber.AnyValue.string else { continue }
      let verdict = valueVerdict(text(base, member))
      return verdict.strength == .remove ? verdict : nil
    }
    return nil
  }

  private func writeTraceState(_ field: WireField, _ base: UnsafePointer<UInt8>) {
    guard let kept = traceStateWithoutSecrets(base, field.content) else { return copy(field, base) }
    if !kept.isEmpty { kept.withUnsafeBufferPointer { writeString(field.number, $0) } }
  }

  /// Appends a string field as a verdict has it.
  func writeText(_ field: WireField, _ base: UnsafePointer<UInt8>, _ verdict: KeyVerdict) {
    switch verdict.strength {
    case .none: copy(field, base)
    case .mark, .remove:
      note(verdict)
      writeMark(field.number)
    case .cut:
      let text = text(base, field)
      guard let kept = cutLength(text, verdict) else { return copy(field, base) }
      note(verdict)
      output.appendTag(field.number, .lengthDelimited)
      output.appendVarint(UInt64(kept + ellipsis.count))
      output.append(run: UnsafeBufferPointer(rebasing: text.prefix(kept)))
      ellipsis.withUnsafeBufferPointer(output.append(run:))
    }
  }

  private func writeMark(_ number: UInt32) {
    mark.withUnsafeBufferPointer { writeString(number, $0) }
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
  func traceStateWithoutSecrets(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    let text = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    let members = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let kept = members.filter { member in
      let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
      var trimmed = member.drop(while: isSpace).prefix { $0 != UInt8(ascii: "=") }
      while let last = trimmed.last, isSpace(last) { trimmed.removeLast() }
      let key = UnsafeBufferPointer(rebasing: trimmed)
      return key.elementsEqual("ot".utf8) || verdict(onKey: key).strength < .mark
    }
    if kept.count == members.count { return nil }
    return Array(kept.joined(separator: [UInt8(ascii: ",")]))
  }
}
