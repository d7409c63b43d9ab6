internal import ProcessorHost

// The scan before the hiding: every text of a span goes to the scanner, which says of each slot what may stand in it.
extension Hider {
  /// Whether something may have to be hidden inside the texts of a span.
  ///
  /// Also works out the verdicts on the attributes' keys, in `slotVerdicts`.
  func scan(_ span: SpanWorkspace, _ scanner: TextScanner) -> Bool {
    let count = span.slots.count
    scanner.begin(slots: count)
    if slotVerdicts.count < count { slotVerdicts += Array(repeating: KeyVerdict(), count: count - slotVerdicts.count) }
    var hasNewKeys = false
    for index in 0..<count {
      let slot = span.slots[index]
      if slot.isRemoved || !slot.isLengthDelimited { continue }
      let bytes = span.bytes(of: slot)
      switch slot.number {
      case FieldNumber.Span.attributes:
        let key = UnsafeBufferPointer(start: bytes + slot.key.lowerBound, count: slot.key.count)
        let standing = recent.get(key, at: index) ?? standingVerdict(onKey: key, at: index)
        slotVerdicts[index] = withRequested(standing)
        if slotVerdicts[index].strength == .remove { continue }
        if !standing.isKeyClean {
          hasNewKeys = true
          scanner.add(key, slot: index)
        }
        addAttribute(slot, bytes, slotVerdicts[index], index, scanner)
      case FieldNumber.Span.name: add(bytes, slot.content, index, scanner)
      case FieldNumber.Span.events: gather(.event, bytes, slot.content, index, scanner)
      case FieldNumber.Span.links: gather(.link, bytes, slot.content, index, scanner)
      case FieldNumber.Span.status: gather(.status, bytes, slot.content, index, scanner)
      case FieldNumber.Span.traceState: addTraceState(bytes, slot.content, index, scanner)
      case FieldNumber.Span.traceID, FieldNumber.Span.spanID, FieldNumber.Span.parentSpanID: break
      default: addUnknown(bytes, slot.content, index, scanner)
      }
    }
    let hasHits = scanner.scanAdded()
    if hasNewKeys { rememberCleanKeys(span, scanner) }
    return hasHits
  }

  /// The standing verdict on a slot's key, and kept for the next span where nothing more is to be found out about it.
  private func standingVerdict(onKey key: UnsafeBufferPointer<UInt8>, at slot: Int) -> KeyVerdict {
    let verdict = standingVerdict(onKey: key)
    if verdict.isKeyClean { recent.put(key, verdict, at: slot) }
    return verdict
  }

  /// What may stand in a resource or a scope, a bit for each finder.
  func scan(
    header message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ scanner: TextScanner
  ) -> UInt64 {
    scanner.begin(slots: 1)
    gather(message, base, range, 0, scanner)
    return scanner.scanAdded() ? scanner.mask(of: 0) : 0
  }

  /// Keys in which nothing is found need not be looked at again. A key such as `token` holds what triggers a look at an
  /// assignment, and is none.
  private func rememberCleanKeys(_ span: SpanWorkspace, _ scanner: TextScanner) {
    for index in 0..<span.slots.count where span.slots[index].isAttribute {
      let slot = span.slots[index]
      let key = UnsafeBufferPointer(start: span.bytes(of: slot) + slot.key.lowerBound, count: slot.key.count)
      var verdict = standingVerdict(onKey: key)
      // What goes with its key was not scanned.
      if verdict.isKeyClean || slotVerdicts[index].strength == .remove { continue }
      let mask = scanner.mask(of: index)
      if mask != 0 {
        guard case .unchanged = texts.hide(key, KeyVerdict(), mask: mask, requested: .max) else { continue }
      }
      verdict.isKeyClean = true
      cache.put(key, verdict)
    }
  }

  // MARK: What is scanned

  @inline(__always)
  private func addAttribute(
    _ slot: SpanSlot, _ bytes: UnsafePointer<UInt8>, _ verdict: KeyVerdict, _ index: Int, _ scanner: TextScanner
  ) {
    guard hasOnlyKeyAndValue(slot) else { return gather(.keyValue, bytes, slot.content, index, scanner) }
    // What is marked as a whole needs no closer look, unless what stands inside is to take the key along; fields beside
    // key and value would.
    if slot.value.isEmpty || (verdict.strength == .mark && !policy.text.removes) { return }
    var cursor = WireCursor(bytes, slot.value)
    if let member = cursor.nextChecked(), cursor.isAtEnd, member.isLengthDelimited,
      member.number == FieldNumber.AnyValue.string
    {
      slotVerdicts[index].isOfPlainString = true
      add(bytes, member.content, index, scanner)
    } else {
      gather(.anyValue, bytes, slot.value, index, scanner)
    }
  }

  /// Adds every text of a message, however deep.
  private func gather(
    _ message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ slot: Int, _ scanner: TextScanner
  ) {
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      let rule = schema.rule(message, field.number)
      guard field.isLengthDelimited else {
        if message == .anyValue { addNumber(field, slot, scanner) }
        continue
      }
      switch rule.kind {
      case .message, .repeatedMessage: gather(rule.message, base, field.content, slot, scanner)
      case .string where message == .link && field.number == FieldNumber.Link.traceState:
        addTraceState(base, field.content, slot, scanner)
      case .string, .repeatedString: add(base, field.content, slot, scanner)
      case .bytes: addBytes(base, field.content, slot, scanner)
      // A known number in another wire type is an unknown field too.
      case .unknown, .varint, .fixed64, .fixed32: addUnknown(base, field.content, slot, scanner)
      case .traceID, .spanID, .optionalSpanID: break
      }
    }
  }

  @inline(__always)
  private func add(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ slot: Int, _ scanner: TextScanner) {
    scanner.add(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count), slot: slot)
  }

  private func addNumber(_ field: WireField, _ slot: Int, _ scanner: TextScanner) {
    guard let number = NumberText(field) else { return }
    if number.digitCount < NumberText.shortestOfDetectors, !policy.text.looksAtSmallNumbers { return }
    number.withText { scanner.add($0, slot: slot) }
  }

  private func addBytes(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ slot: Int, _ scanner: TextScanner) {
    ReadableText.with(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)) { text, _ in
      scanner.add(text, slot: slot)
    }
  }

  private func addTraceState(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ slot: Int, _ scanner: TextScanner) {
    let text = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    var members = TraceStateMembers(text)
    while let member = members.next() { scanner.add(UnsafeBufferPointer(rebasing: text[member]), slot: slot) }
  }

  private func addUnknown(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ slot: Int, _ scanner: TextScanner) {
    UnknownFieldTexts.forEach(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)) {
      scanner.add($0, slot: slot)
      return false
    }
  }
}
