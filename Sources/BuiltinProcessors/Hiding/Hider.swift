internal import ProcessorHost

/// The hide phase of one lane: applies a compiled policy to every surface of a span, once.
///
/// Most spans have little to hide. So each field is first only read, and written anew only where something hits. One
/// lane owns it and it never calls out, so the run-time checks for overlapping accesses are left out.
final class Hider: HidingWorker {
  let ellipsis = Array("...".utf8)
  let mark = Mark.bytes
  /// The mark in memory that stays where it is.
  let markText = WireBuffer(capacity: 64)
  /// The mark as the content of an `AnyValue`.
  let markValue: [UInt8]

  let policy: CompiledPolicy
  let schema = WireSchema.otlp
  let cache = VerdictCache<KeyVerdict>()
  let recent = RecentVerdicts()
  /// Says in which slots something may stand inside text; nil for a policy that does not look there.
  let scanner: TextScanner?
  /// Says what becomes of a text.
  let texts: TextHider
  /// What the policy says of each slot's key, from before the scan.
  @exclusivity(unchecked) var slotVerdicts: [KeyVerdict] = []
  /// The finders that may find something in what is at hand, a bit each.
  @exclusivity(unchecked) var mask: UInt64 = 0
  /// The keys of the span, once one of them had to be hidden.
  @exclusivity(unchecked) var spanKeys: DistinctKeys?
  /// Where rewritten fields are put together before they go into the span's overlay.
  let output = WireBuffer(capacity: 16 * 1024)

  /// The conditional steps that the rules asked for, for the span at hand.
  @exclusivity(unchecked) private(set) var requested: UInt64 = 0
  @exclusivity(unchecked) var hits: [Int]
  @exclusivity(unchecked) var explanation: [HideFinding] = []
  @exclusivity(unchecked) var isExplaining = false {
    didSet { texts.isExplaining = isExplaining }
  }
  /// Where the walk stands, kept only while explaining.
  @exclusivity(unchecked) var place = HidePlace()

  init(_ policy: CompiledPolicy) {
    self.policy = policy
    markText.append(mark)
    markValue = [0x0A, UInt8(mark.count)] + mark
    scanner = policy.text.isEmpty ? nil : TextScanner(policy.text)
    texts = TextHider(policy.text, rings: policy.rings.map(Pseudonymizer.init))
    hits = Array(repeating: 0, count: policy.stepCount)
  }

  // MARK: The span

  func hide(_ span: SpanWorkspace) {
    if isExplaining { beginExplanation(at: .span) }
    if policy.stepCount == 0 { return }
    requested = span.requestedSteps
    // First, on the span as it came: an attribute that goes must not make room for one that was beyond the limit.
    if !policy.limits.isEmpty { limit(span) }
    let hasHits = scanner.map { scan(span, $0) } ?? false
    var index = 0
    let count = span.slots.count
    while index < count {
      let slot = span.slots[index]
      if !slot.isRemoved, slot.isLengthDelimited {
        mask = hasHits ? scanner?.mask(of: index) ?? 0 : 0
        switch slot.number {
        case FieldNumber.Span.attributes: if !staysAsScanned(index) { hideAttribute(span, index, slot) }
        case FieldNumber.Span.events: hideMessage(span, index, slot, .event)
        case FieldNumber.Span.links: hideMessage(span, index, slot, .link)
        case FieldNumber.Span.status: hideMessage(span, index, slot, .status)
        case FieldNumber.Span.name: hideName(span, slot)
        case FieldNumber.Span.traceState: hideTraceState(span, slot)
        case FieldNumber.Span.traceID, FieldNumber.Span.spanID, FieldNumber.Span.parentSpanID: break
        default: hideUnknown(span, index, slot)
        }
      }
      index += 1
    }
    spanKeys = nil
  }

  /// Whether nothing in an attribute is to be hidden, as far as the scan alone can tell.
  @inline(__always)
  private func staysAsScanned(_ index: Int) -> Bool {
    if mask != 0 || scanner == nil || !policy.valueSteps.isEmpty { return false }
    return slotVerdicts[index].isOfPlainString && slotVerdicts[index].isNone
  }

  private func hideAttribute(_ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot) {
    let bytes = span.bytes(of: slot)
    let verdict = scanner == nil ? verdict(onKeyOf: slot, index, bytes) : slotVerdicts[index]
    if verdict.strength == .remove {
      noteAttribute(slot, bytes, verdict.step)
      return span.remove(index)
    }
    if mask == 0 {
      if verdict.strength == .mark { return markAttribute(span, index, slot, verdict) }
      if verdict.strength == .none {
        if !verdict.isCut {
          if isPlain(slot, bytes) || !finds(.keyValue, bytes, slot.content) { return }
        } else if cutPlain(span, index, slot, bytes, verdict) || !finds(.keyValue, bytes, slot.content, verdict) {
          return
        }
      }
    }
    rewriteAttribute(span, index, slot)
  }

  private func markAttribute(_ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot, _ verdict: KeyVerdict) {
    let bytes = span.bytes(of: slot)
    if isMarked(slot, bytes) { return }
    let removal = removal(of: slot.value, bytes)
    noteAttribute(slot, bytes, removal?.step ?? verdict.step)
    if removal != nil { return span.remove(index) }
    markValue.withUnsafeBufferPointer { span.replaceValue(of: index, with: $0) }
  }

  private func rewriteAttribute(_ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot) {
    let bytes = span.bytes(of: slot)
    var cursor = WireCursor(bytes, Int(slot.start)..<Int(slot.end))
    guard let field = cursor.nextChecked() else { return }
    output.truncate(to: 0)
    writeKeyValue(field, bytes, KeyVerdict(), &spanKeys) { DistinctKeys(attributesOf: span) }
    // A value that is to go takes its key along, and nothing is written.
    if output.count == 0 { return span.remove(index) }
    replace(span, index, slot)
  }

  /// Puts what was written in the place of a slot, unless it is what stands there already.
  private func replace(_ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot) {
    let original = UnsafeBufferPointer(start: span.bytes(of: slot) + Int(slot.start), count: Int(slot.end - slot.start))
    if output.bytes.elementsEqual(original) { return }
    span.replace(index) { $0.append(run: output.bytes) }
  }

  /// Whether an attribute's value is the mark already.
  private func isMarked(_ slot: SpanSlot, _ bytes: UnsafePointer<UInt8>) -> Bool {
    guard slot.value.count == markValue.count, hasOnlyKeyAndValue(slot) else { return false }
    return markValue.withUnsafeBufferPointer { mark in
      mark.baseAddress.map { WireBytes.equal(bytes + slot.value.lowerBound, $0, mark.count) } ?? false
    }
  }

  /// Cuts an attribute that is a key and one string; false for what has to be gone into.
  private func cutPlain(
    _ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot, _ bytes: UnsafePointer<UInt8>, _ verdict: KeyVerdict
  ) -> Bool {
    guard isPlain(slot, bytes) else { return false }
    var cursor = WireCursor(bytes, slot.value)
    guard let member = cursor.nextChecked(), member.number == FieldNumber.AnyValue.string else { return false }
    let text = UnsafeBufferPointer(start: bytes + member.payload, count: member.end - member.payload)
    guard cutLength(text, verdict) != nil else { return true }
    output.truncate(to: 0)
    within(.key(shown(key: bytes, slot.key))) { writeCut(member, text, verdict) }
    span.replaceValue(of: index, with: output.bytes)
    return true
  }

  /// Whether an attribute is its key and then its value, with nothing before, between or behind them.
  @inline(__always)
  func hasOnlyKeyAndValue(_ slot: SpanSlot) -> Bool {
    slot.valueEnd == slot.end && slot.keyStart &- slot.payload == Self.prefixLength(slot.key.count)
      && slot.keyEnd < slot.valueStart && slot.valueStart &- slot.keyEnd == Self.prefixLength(slot.value.count)
  }

  /// How long a one-byte tag and the shortest length of a field are.
  @inline(__always)
  private static func prefixLength(_ count: Int) -> UInt32 {
    count < 0x80 ? 2 : 1 + UInt32(truncatingIfNeeded: WireBuffer.varintLength(UInt64(count)))
  }

  /// Whether an attribute is a key and one scalar value that no step looks into.
  @inline(__always)
  private func isPlain(_ slot: SpanSlot, _ bytes: UnsafePointer<UInt8>) -> Bool {
    guard policy.valueSteps.isEmpty, hasOnlyKeyAndValue(slot) else { return false }
    if slot.value.isEmpty { return true }
    var cursor = WireCursor(bytes, slot.value)
    guard let member = cursor.nextChecked(), cursor.isAtEnd else { return false }
    // A number's field that comes length-delimited is an unknown one, and may hold anything.
    if member.isLengthDelimited {
      return member.number == FieldNumber.AnyValue.string || member.number == FieldNumber.AnyValue.bytes
    }
    return member.number <= FieldNumber.AnyValue.double
  }

  private func hideMessage(_ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot, _ message: WireMessage) {
    let bytes = span.bytes(of: slot)
    guard mask != 0 || finds(message, bytes, slot.content) else { return }
    output.truncate(to: 0)
    within(.owner(owner(of: slot, index, span, message))) {
      output.appendMessage(slot.number) { rewrite(message, bytes, slot.content) }
    }
    replace(span, index, slot)
  }

  private func owner(
    of slot: SpanSlot, _ index: Int, _ span: SpanWorkspace, _ message: WireMessage
  ) -> HidePlace.Owner {
    if message == .status { return .status }
    let number = span.slots[...index].count { $0.number == slot.number && !$0.isRemoved }
    return message == .event ? .event(number) : .link(number)
  }

  private func hideName(_ span: SpanWorkspace, _ slot: SpanSlot) {
    if mask == 0, policy.valueSteps.isEmpty { return }
    let bytes = span.bytes(of: slot)
    let text = UnsafeBufferPointer(start: bytes + Int(slot.payload), count: slot.content.count)
    within(.part(.name)) {
      guard let text = hiddenText(text, valueVerdict(text)) else { return }
      span.setText(FieldNumber.Span.name, Array(text))
    }
  }

  private func hideTraceState(_ span: SpanWorkspace, _ slot: SpanSlot) {
    within(.part(.traceState)) {
      guard let kept = traceStateWithoutSecrets(span.bytes(of: slot), slot.content, counts: true) else { return }
      span.setText(FieldNumber.Span.traceState, kept)
    }
  }

  private func hideUnknown(_ span: SpanWorkspace, _ index: Int, _ slot: SpanSlot) {
    let content = UnsafeBufferPointer(start: span.bytes(of: slot) + Int(slot.payload), count: slot.content.count)
    if removesUnknown(content) { span.remove(index) }
  }

  // MARK: Headers

  func hide(header message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    requested = 0
    if isExplaining { beginExplanation(at: message == .scopeSpans ? .scope : .resource) }
    guard policy.stepCount > 0 else { return nil }
    mask = scanner.map { scan(header: message, base, range, $0) } ?? 0
    guard mask != 0 || finds(message, base, range) else { return nil }
    output.truncate(to: 0)
    rewrite(message, base, range)
    let original = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    return output.bytes.elementsEqual(original) ? nil : Array(output.bytes)
  }

  // MARK: Verdicts

  @inline(__always)
  func verdict(onKey key: UnsafeBufferPointer<UInt8>) -> KeyVerdict { withRequested(standingVerdict(onKey: key)) }

  /// The same for the key of a slot, where no scan has worked it out.
  @inline(__always)
  private func verdict(onKeyOf slot: SpanSlot, _ index: Int, _ bytes: UnsafePointer<UInt8>) -> KeyVerdict {
    let key = UnsafeBufferPointer(start: bytes + slot.key.lowerBound, count: slot.key.count)
    if let known = recent.get(key, at: index) { return withRequested(known) }
    let verdict = standingVerdict(onKey: key)
    recent.put(key, verdict, at: index)
    return withRequested(verdict)
  }

  /// The verdict of the standing steps, with the conditional ones that would hit.
  @inline(__always)
  func standingVerdict(onKey key: UnsafeBufferPointer<UInt8>) -> KeyVerdict {
    if let known = cache.get(key) { return known }
    let verdict = policy.verdict(onKey: key)
    cache.put(key, verdict)
    return verdict
  }

  @inline(__always)
  func withRequested(_ verdict: KeyVerdict) -> KeyVerdict {
    verdict.conditional & requested == 0 ? verdict : policy.verdict(verdict, requested: requested)
  }
}
