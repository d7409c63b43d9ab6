internal import ProcessorHost

// Trace states lose whole members: a part of one would no longer be what its vendor wrote.
extension Hider {
  /// Appends the trace state of a link without the members that are hidden.
  func writeTraceState(_ field: WireField, _ base: UnsafePointer<UInt8>) {
    guard let kept = traceStateWithoutSecrets(base, field.content, counts: true) else { return copy(field, base) }
    if !kept.isEmpty { kept.withUnsafeBufferPointer { writeString(field.number, $0) } }
  }

  /// A trace state without the members that are hidden, or nil where it stays as it is.
  ///
  /// Of the `ot` member some fields may go.
  /// - Parameter counts: whether this is more than a look, and what is hidden counts.
  func traceStateWithoutSecrets(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, counts: Bool) -> [UInt8]? {
    let text = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    var kept: [UInt8] = []
    var isChanged = false
    var isFirst = true
    var members = TraceStateMembers(text)
    while let range = members.next() {
      let member = UnsafeBufferPointer(rebasing: text[range])
      if Self.isSamplingMember(member) {
        let left = samplingMemberWithoutSecrets(member, counts: counts)
        if left != nil { isChanged = true }
        if left?.isEmpty ?? false { continue }
        if !isFirst { kept.append(UInt8(ascii: ",")) }
        isFirst = false
        kept += left ?? Array(member)
        continue
      }
      if let (step, secret) = stepHiding(member: member) {
        if counts { within(.key(shown(key: Self.key(ofMember: member)))) { note(step, secret) } }
        isChanged = true
        continue
      }
      if !isFirst { kept.append(UInt8(ascii: ",")) }
      isFirst = false
      kept += member
    }
    return isChanged ? kept : nil
  }

  static func key(ofMember member: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var key = UnsafeBufferPointer(rebasing: member.prefix { $0 != UInt8(ascii: "=") })
    // White space before the sign is not allowed, and must not hide a key.
    while let last = key.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
      key = UnsafeBufferPointer(rebasing: key.dropLast())
    }
    return key
  }

  /// The step under which a member of a trace state goes, and what is secret in it; nil for one that stays.
  private func stepHiding(member: UnsafeBufferPointer<UInt8>) -> (step: UInt16, secret: HideFinding.Secret)? {
    let key = Self.key(ofMember: member)
    let value = UnsafeBufferPointer(
      rebasing: member.dropFirst((member.firstIndex(of: UInt8(ascii: "=")) ?? member.count) + 1))
    let onKey = verdict(onKey: key)
    if onKey.strength != .none { return (onKey.step, secret(value)) }
    let onValue = valueVerdict(value)
    if onValue.strength != .none { return (onValue.step, secret(value)) }
    if mask == 0 { return nil }
    switch texts.hide(member, KeyVerdict(), mask: mask, requested: requested) {
    case .unchanged: return nil
    case .whole(let whole): return (whole.step, secret(member))
    case .replaced: return texts.steps.first.map { ($0, .text(texts.hiddenTexts.first ?? [])) }
    }
  }

  func secret(_ text: UnsafeBufferPointer<UInt8>) -> HideFinding.Secret {
    isExplaining ? .text(Array(text)) : .opaque(0)
  }
}
