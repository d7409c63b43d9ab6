internal import ProcessorHost

// Messages of any kind, however deep: first read, then written anew where something hits.
//
// `inherited` is what a key further out asks for everything below it; it is united with what keys and values below say,
// and the strongest wins.
extension Hider {
  // MARK: Reading

  /// Whether anything inside a message is to be hidden, where no scan has found anything inside its texts.
  ///
  /// - Parameter inherited: none, or a cut.
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
          if verdict.strength != .none { return true }
        }
        if finds(rule.message, base, field.content, verdict) { return true }
      case .unknown, .varint, .fixed64, .fixed32:
        // A known number in another wire type is an unknown field too.
        if hidesUnknown(text(base, field)) { return true }
      case .string, .repeatedString:
        if isTraceState(field, in: message) {
          if traceStateWithoutSecrets(base, field.content, counts: false) != nil { return true }
        } else if isHiddenText(field, in: message) {
          if changes(text(base, field), textVerdict(base, field, message, inherited)) { return true }
        }
      case .bytes:
        if field.content.count > Int(inherited.cut) { return true }
      default: break
      }
    }
    return false
  }

  /// Whether a string becomes another one under a verdict.
  func changes(_ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) -> Bool {
    switch verdict.strength {
    case .none: verdict.isCut && cutLength(text, verdict) != nil
    case .keepLast, .pseudonym: true
    case .mark, .remove: !text.elementsEqual(mark)
    }
  }

  /// How many bytes a cut leaves, or nil where it changes nothing.
  func cutLength(_ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) -> Int? {
    guard let start = text.baseAddress else { return nil }
    let (kept, isCut) = UTF8Text.prefixLength(start, text.count, scalars: Int(verdict.cut))
    // What an earlier pass has cut ends in the dots that it put there.
    if !isCut || text[kept...].elementsEqual(ellipsis) || texts.isStandIn(text) { return nil }
    return kept
  }

  private func key(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    let key = KeyValueParts(base, range).key
    return UnsafeBufferPointer(start: base + key.lowerBound, count: key.count)
  }

  private func text(_ base: UnsafePointer<UInt8>, _ field: WireField) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + field.payload, count: field.end - field.payload)
  }

  func isTraceState(_ field: WireField, in message: WireMessage) -> Bool {
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

  /// Whether a field that the host does not know is to go, where no scan has found anything in it.
  private func hidesUnknown(_ payload: UnsafeBufferPointer<UInt8>) -> Bool {
    policy.stepHiding(unknownField: payload, requested: requested) != nil
  }

  /// Whether a field that the host does not know is to go; counted.
  func removesUnknown(_ payload: UnsafeBufferPointer<UInt8>) -> Bool {
    var isRemoved = false
    within(.part(.unknownField)) {
      if let step = policy.stepHiding(unknownField: payload, requested: requested) {
        note(step, .opaque(payload.count))
        isRemoved = true
      } else if mask != 0 {
        isRemoved = UnknownFieldTexts.forEach(payload) { text in
          switch texts.hide(text, KeyVerdict(), mask: mask, requested: requested) {
          case .unchanged: return false
          case .replaced: noteText()
          case .whole(let whole): note(whole.step, .text(Array(text)))
          }
          return true
        }
      }
    }
    return isRemoved
  }

  // MARK: Writing

  /// Appends a message's fields with everything hidden in them.
  func rewrite(
    _ message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ inherited: KeyVerdict = KeyVerdict()
  ) {
    var keys: DistinctKeys?
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      guard field.isLengthDelimited else {
        if message == .anyValue { writeScalar(field, base, inherited) } else { copy(field, base) }
        continue
      }
      let rule = schema.rule(message, field.number)
      switch rule.kind {
      case .message, .repeatedMessage:
        if rule.message == .keyValue {
          writeKeyValue(field, base, inherited, &keys) { DistinctKeys(attributesOf: message, base, range) }
        } else {
          output.appendMessage(field.number) { rewrite(rule.message, base, field.content, inherited) }
        }
      case .unknown, .varint, .fixed64, .fixed32:
        if !removesUnknown(text(base, field)) { copy(field, base) }
      case .string, .repeatedString:
        if isTraceState(field, in: message) {
          within(.part(.traceState)) { writeTraceState(field, base) }
        } else if isHiddenText(field, in: message) {
          within(Self.place(of: field, in: message)) {
            writeText(field, base, textVerdict(base, field, message, inherited))
          }
        } else {
          copy(field, base)
        }
      case .bytes: writeBytes(field, base, inherited)
      default: copy(field, base)
      }
    }
  }

  /// Which part of its owner a string field is that is no attribute; nil for the text of a value.
  private static func place(of field: WireField, in message: WireMessage) -> HidePlace.Step? {
    switch message {
    case .event: .part(.name)
    case .status: .part(.message)
    case .scope: .part(field.number == FieldNumber.Scope.name ? .name : .version)
    case .resourceSpans, .scopeSpans: .part(.schemaURL)
    case .entityReference: .part(.entityReference)
    default: nil
    }
  }

  /// Appends a `KeyValue` field as the verdict on its key has it.
  ///
  /// - Parameters:
  ///   - keys: the keys beside it, made where they are needed.
  ///   - neighbours: makes them.
  func writeKeyValue(
    _ field: WireField, _ base: UnsafePointer<UInt8>, _ inherited: KeyVerdict, _ keys: inout DistinctKeys?,
    _ neighbours: () -> DistinctKeys
  ) {
    let key = key(base, field.content)
    let value = KeyValueParts(base, field.content).value
    var verdict = self.verdict(onKey: key)
    verdict.unite(inherited)
    if let removal = removal(of: value, base) { verdict.unite(removal) }
    var shownKey: [UInt8]?
    if mask != 0 {
      switch texts.hide(key, KeyVerdict(), mask: mask, requested: requested) {
      case .unchanged: break
      case .whole(let removal): verdict.unite(removal)
      case .replaced:
        let hidden = Array(texts.result.bytes)
        within(.part(.key)) { within(.key(String(decoding: hidden, as: UTF8.self))) { noteText() } }
        if keys == nil { keys = neighbours() }
        shownKey = keys?.distinct(hidden)
      }
    }
    within(.key(shown(key: key))) {
      switch verdict.strength {
      case .remove: note(verdict.step, Self.secret(ofValue: value, base))
      case .mark:
        let start = output.count
        output.appendMessage(field.number) {
          write(shownKey, or: key)
          output.appendMessage(FieldNumber.KeyValue.value) { writeMark(FieldNumber.AnyValue.string) }
        }
        // What was marked before is nothing new, whatever becomes of its key.
        let isUnchanged =
          shownKey == nil
          ? output.bytes[start...].elementsEqual(
            UnsafeBufferPointer(start: base + field.start, count: field.end - field.start))
          : UnsafeBufferPointer(start: base + value.lowerBound, count: value.count).elementsEqual(markValue)
        if !isUnchanged { note(verdict.step, Self.secret(ofValue: value, base)) }
      case .none, .keepLast, .pseudonym:
        output.appendMessage(field.number) { rewriteKeyValue(base, field.content, shownKey, verdict) }
      }
    }
  }

  private func rewriteKeyValue(
    _ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ shownKey: [UInt8]?, _ verdict: KeyVerdict
  ) {
    guard let shownKey else { return rewrite(.keyValue, base, range, verdict) }
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      if field.isLengthDelimited, field.number == FieldNumber.KeyValue.key {
        shownKey.withUnsafeBufferPointer { writeString(field.number, $0) }
      } else {
        rewrite(.keyValue, base, field.start..<field.end, verdict)
      }
    }
  }

  private func write(_ shownKey: [UInt8]?, or key: UnsafeBufferPointer<UInt8>) {
    guard let shownKey else { return writeString(FieldNumber.KeyValue.key, key) }
    shownKey.withUnsafeBufferPointer { writeString(FieldNumber.KeyValue.key, $0) }
  }

  /// The verdict on a value that is one scalar, where it is to go with its key.
  func removal(of value: Range<Int>, _ base: UnsafePointer<UInt8>) -> KeyVerdict? {
    if policy.valueSteps.isEmpty, mask == 0 { return nil }
    var cursor = WireCursor(base, value)
    while let member = cursor.nextChecked() {
      let found: KeyVerdict?
      switch (member.number, member.type) {
      case (FieldNumber.AnyValue.string, .lengthDelimited):
        let verdict = valueVerdict(text(base, member))
        found = verdict.strength == .remove ? verdict : removal(ofText: text(base, member))
      case (FieldNumber.AnyValue.bytes, .lengthDelimited):
        found = ReadableText.with(text(base, member)) { text, _ in removal(ofText: text) }
      default: found = NumberText(member)?.withText { removal(ofText: $0) }
      }
      if let found { return found }
    }
    return nil
  }

  private func removal(ofText text: UnsafeBufferPointer<UInt8>) -> KeyVerdict? {
    guard mask != 0, case .whole(let whole) = texts.hide(text, KeyVerdict(), mask: mask, requested: requested),
      whole.strength == .remove
    else { return nil }
    return whole
  }

  // MARK: Values

  /// What becomes of a text, counted; nil where it stays. Valid until the next text is looked at.
  func hiddenText(_ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) -> UnsafeBufferPointer<UInt8>? {
    switch texts.hide(text, verdict, mask: mask, requested: requested) {
    case .unchanged: return nil
    case .replaced:
      noteText()
      return texts.result.bytes
    case .whole(let whole):
      if text.elementsEqual(mark) { return nil }
      note(whole.step, .text(Array(text)))
      return markText.bytes
    }
  }

  /// Appends a string field as a verdict has it.
  private func writeText(_ field: WireField, _ base: UnsafePointer<UInt8>, _ verdict: KeyVerdict) {
    guard let hidden = hiddenText(text(base, field), verdict) else { return copy(field, base) }
    writeString(field.number, hidden)
  }

  /// Appends a string field that a cut shortens.
  func writeCut(_ field: WireField, _ text: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict) {
    guard let kept = cutLength(text, verdict) else { return }
    note(verdict.cutStep, .text(Array(text[kept...])))
    output.appendTag(field.number, .lengthDelimited)
    output.appendVarint(UInt64(kept + ellipsis.count))
    output.append(run: UnsafeBufferPointer(rebasing: text.prefix(kept)))
    ellipsis.withUnsafeBufferPointer(output.append(run:))
  }

  /// Appends a number or a boolean of a value; what is hidden of it makes a string of it.
  private func writeScalar(_ field: WireField, _ base: UnsafePointer<UInt8>, _ verdict: KeyVerdict) {
    var verdict = verdict
    // A cut is for what has a length.
    verdict.cut = KeyVerdict.uncut
    guard mask != 0 || verdict.strength != .none else { return copy(field, base) }
    guard let number = NumberText(field) else {
      // Two values are no secret that a pseudonym could keep.
      if verdict.strength == .none || schema.rule(.anyValue, field.number).kind == .unknown { return copy(field, base) }
      note(verdict.step, Self.secret(ofValue: field.start..<field.end, base))
      return writeMark(FieldNumber.AnyValue.string)
    }
    number.withText { text in
      guard let hidden = hiddenText(text, verdict) else { return copy(field, base) }
      writeString(FieldNumber.AnyValue.string, hidden)
    }
  }

  /// Appends bytes: hidden as text where they are text, as a whole where they are not.
  private func writeBytes(_ field: WireField, _ base: UnsafePointer<UInt8>, _ verdict: KeyVerdict) {
    let bytes = text(base, field)
    if verdict.strength != .none {
      var uncut = verdict
      uncut.cut = KeyVerdict.uncut
      // What a pseudonym or a mark stands for is text.
      if uncut.strength == .keepLast { uncut.strength = .mark }
      let hidden = hiddenText(bytes, uncut) ?? bytes
      return writeString(FieldNumber.AnyValue.string, hidden)
    }
    let hidden = mask == 0 ? nil : hiddenBytes(bytes)
    let shown = hidden ?? bytes
    if shown.count > Int(verdict.cut) {
      note(verdict.cutStep, .opaque(shown.count - Int(verdict.cut)))
      writeString(field.number, UnsafeBufferPointer(rebasing: shown.prefix(Int(verdict.cut))))
    } else if let hidden {
      writeString(field.number, hidden)
    } else {
      copy(field, base)
    }
  }

  private func hiddenBytes(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    ReadableText.with(bytes) { text, isValid in
      guard let hidden = hiddenText(text, KeyVerdict()) else { return nil }
      return isValid ? hidden : markText.bytes
    }
  }

  private func writeMark(_ number: UInt32) {
    mark.withUnsafeBufferPointer { writeString(number, $0) }
  }

  func writeString(_ number: UInt32, _ text: UnsafeBufferPointer<UInt8>) {
    output.appendTag(number, .lengthDelimited)
    output.appendVarint(UInt64(text.count))
    output.append(run: text)
  }

  func copy(_ field: WireField, _ base: UnsafePointer<UInt8>) {
    output.append(base + field.start, field.end - field.start)
  }
}
