extension OTelTraceState {
  /// The most members that a trace state may have.
  static let maximumMembers = 32

  /// Appends the trace state with another threshold.
  ///
  /// What the change does not concern stays byte for byte: a trace state that says the same already is appended as it
  /// is. Otherwise the `ot` member comes first, as W3C asks of a member that was changed, `th` first in it, and the
  /// other members and sub-keys follow in their order. An `ot` member without anything left in it goes.
  ///
  /// Two limits can cost something. Where the member's value would grow past 256 characters, its last sub-keys other
  /// than `rv` go: a threshold that is not updated would falsify every count that is derived from it. Where there
  /// would be more than 32 members, the last ones go, as W3C asks.
  ///
  /// - Parameter threshold: nil removes `th`: the probability is unknown.
  package func writing(threshold new: SamplingThreshold?, into output: inout [UInt8]) {
    if isWellFormed, new == threshold {
      output.append(contentsOf: bytes)
      return
    }
    let start = output.count
    var memberCount = 0
    if appendMember(new, to: &output) { memberCount = 1 }
    var members = TraceStateMembers(bytes)
    while memberCount < Self.maximumMembers, let member = members.next() {
      if Self.value(of: member, bytes) != nil { continue }
      if output.count > start { output.append(UInt8(ascii: ",")) }
      output.append(contentsOf: bytes[member])
      memberCount += 1
    }
  }

  /// Appends the `ot` member; false, and nothing appended, where it would be empty.
  private func appendMember(_ new: SamplingThreshold?, to output: inout [UInt8]) -> Bool {
    let start = output.count
    output.append(contentsOf: "ot=".utf8)
    let valueStart = output.count
    if let new {
      output.append(contentsOf: "th:".utf8)
      new.appendTH(to: &output)
    }
    if let value { appendOtherFields(value, valueStart, to: &output) }
    if output.count > valueStart { return true }
    output.removeSubrange(start...)
    return false
  }

  private func appendOtherFields(_ value: Range<Int>, _ valueStart: Int, to output: inout [UInt8]) {
    // Room for `rv`, wherever it stands, is set aside until it is written.
    var reserved = randomness == nil ? 0 : "rv:".utf8.count + SamplingThreshold.digitCount + 1
    var fields = OTelTraceStateFields(bytes, value)
    while let field = fields.next() {
      switch field.name {
      case .threshold: continue
      case .randomness:
        if randomness == nil { continue }
        reserved = 0
      case .other:
        let length = output.count - valueStart + 1 + field.whole.count
        if length + reserved > Self.maximumLength { continue }
      }
      if output.count > valueStart { output.append(UInt8(ascii: ";")) }
      output.append(contentsOf: bytes[field.whole])
    }
  }
}
