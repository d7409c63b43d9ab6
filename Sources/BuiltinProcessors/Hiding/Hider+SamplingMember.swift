internal import ProcessorHost

// The `ot` member of a trace state is OpenTelemetry's: how the span was sampled. A sender may have written anything else
// into it, and later versions will. So its fields are treated like members, but for the numbers of sampling, which stay
// byte for byte: without them every count that is derived from the span would be false.
extension Hider {
  static func isSamplingMember(_ member: UnsafeBufferPointer<UInt8>) -> Bool {
    key(ofMember: member).elementsEqual("ot".utf8)
  }

  /// An `ot` member without the fields that are hidden, nil where it stays as it is; empty where nothing is left of it.
  /// - Parameter counts: whether this is more than a look, and what is hidden counts.
  func samplingMemberWithoutSecrets(_ member: UnsafeBufferPointer<UInt8>, counts: Bool) -> [UInt8]? {
    guard var left = fieldsLeft(of: member, mask, takesAll: false, counts: counts) else { return nil }
    for pass in 1...TextHider.passes {
      // Fields that came to stand beside each other were not scanned so.
      let next = left.withUnsafeBufferPointer {
        fieldsLeft(of: $0, .max, takesAll: pass == TextHider.passes, counts: counts)
      }
      guard let next else { break }
      left = next
    }
    return left
  }

  /// The member without the fields in which something is to be hidden, nil where there are none.
  /// - Parameter takesAll: whether one of them takes all others along, but for the numbers of sampling.
  private func fieldsLeft(
    of member: UnsafeBufferPointer<UInt8>, _ mask: UInt64, takesAll: Bool, counts: Bool
  ) -> [UInt8]? {
    let start = (member.firstIndex(of: UInt8(ascii: "=")) ?? member.count - 1) + 1
    var fields = Fields(member, from: start)
    if fields.areAllNumbers { return nil }
    var onMember = verdict(onKey: Self.key(ofMember: member))
    onMember.unite(valueVerdict(UnsafeBufferPointer(rebasing: member[start...])))
    for index in fields.all.indices where !fields.all[index].isNumber {
      let (key, value) = Self.keyAndValue(of: UnsafeBufferPointer(rebasing: member[fields.all[index].range]))
      var verdict = onMember
      verdict.unite(self.verdict(onKey: key))
      verdict.unite(valueVerdict(value))
      if verdict.strength != .none { fields.all[index].step = verdict.step }
    }
    texts.search.forEachFind(in: member, mask: mask, requested: requested) { find in
      fields.hide(find.range, find.verdict.step)
    }
    guard let step = fields.all.lazy.compactMap(\.step).first else { return nil }
    if takesAll { fields.hide(start..<member.count, step) }
    if counts { note(fields, member) }
    return fields.shown(of: member, from: start)
  }

  private func note(_ fields: Fields, _ member: UnsafeBufferPointer<UInt8>) {
    within(.key(shown(key: Self.key(ofMember: member)))) {
      for field in fields.all {
        guard let step = field.step else { continue }
        let (key, value) = Self.keyAndValue(of: UnsafeBufferPointer(rebasing: member[field.range]))
        within(key.isEmpty ? nil : .key(shown(key: key))) { note(step, secret(value)) }
      }
    }
  }

  /// What stands before the colon of a field, without white space, and behind it; all is value where there is none.
  private static func keyAndValue(
    of field: UnsafeBufferPointer<UInt8>
  ) -> (key: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
    guard let colon = field.firstIndex(of: UInt8(ascii: ":")) else {
      return (UnsafeBufferPointer(rebasing: field.prefix(0)), field)
    }
    var key = field[..<colon]
    while let first = key.first, isBlank(first) { key = key.dropFirst() }
    while let last = key.last, isBlank(last) { key = key.dropLast() }
    return (UnsafeBufferPointer(rebasing: key), UnsafeBufferPointer(rebasing: field[(colon + 1)...]))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

/// The fields of an `ot` member, well-formed or not: what stands between semicolons.
private struct Fields {
  struct Field {
    var range: Range<Int>
    /// Whether it is one of the numbers of sampling, or empty, and stays whatever happens.
    var isNumber: Bool
    /// The step under which it goes.
    var step: UInt16?
  }

  var all: [Field] = []

  init(_ member: UnsafeBufferPointer<UInt8>, from start: Int) {
    var begin = start
    while begin <= member.count {
      let end = member[begin...].firstIndex(of: UInt8(ascii: ";")) ?? member.count
      let field = UnsafeBufferPointer(rebasing: member[begin..<end])
      all.append(Field(range: begin..<end, isNumber: field.isEmpty || OTelTraceState.isNumber(field)))
      begin = end + 1
    }
  }

  var areAllNumbers: Bool { all.allSatisfy(\.isNumber) }

  /// Lets the fields go that a part touches.
  mutating func hide(_ part: Range<Int>, _ step: UInt16) {
    // The first one that ends behind the part's beginning.
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if all[middle].range.upperBound <= part.lowerBound { low = middle + 1 } else { high = middle }
    }
    while low < all.count, all[low].range.lowerBound < part.upperBound {
      if !all[low].isNumber, all[low].step == nil { all[low].step = step }
      low += 1
    }
  }

  /// What stays of the member; empty where no field does.
  func shown(of member: UnsafeBufferPointer<UInt8>, from start: Int) -> [UInt8] {
    let kept = all.filter { $0.step == nil }
    if kept.allSatisfy(\.range.isEmpty) { return [] }
    return Array(member[..<start]) + kept.map { Array(member[$0.range]) }.joined(separator: [UInt8(ascii: ";")])
  }
}
