internal import CRuleSandbox

// What `on_trace` reads, sets and says. Each access is checked against the rule's powers.
extension RuleSandbox {
  private static let noRoom =
    "the hook sets more on this trace than there is room for; set each attribute once on each span"
  private static let noTrace = "there is no trace here; a trace can only be used inside on_trace"

  func getTrace(_ field: rule_trace_field, _ out: inout rule_value) -> rule_answer {
    guard let call = trace else { return refuse(Self.noTrace) }
    let trace = call.trace
    if field.rawValue < RULE_TRACE_NAMED_COUNT.rawValue, access.powers.traceFields & (1 << field.rawValue) == 0 {
      return refuseReading(TraceField(rawValue: field.rawValue)?.path ?? "this field")
    }
    switch field {
    case RULE_TRACE_ID:
      let digits = trace.id.description
      lend(digits.utf8, &out)
      return RULE_OK
    case RULE_TRACE_DURATION:
      out.type = RULE_NUMBER
      out.number = Double(trace.durationNanoseconds) / 1e9
      return RULE_OK
    case RULE_TRACE_DURATION_MS: return give(integer: Int64(trace.durationNanoseconds / 1_000_000), &out)
    case RULE_TRACE_COMPLETE: return give(trace.isComplete, &out)
    case RULE_TRACE_SPAN_COUNT, RULE_TRACE_SPANS: return give(integer: Int64(trace.spans.count), &out)
    case RULE_TRACE_ERROR_COUNT: return give(integer: Int64(trace.errorCount), &out)
    case RULE_TRACE_SERVICES: return give(integer: Int64(call.services(&out.cost).count), &out)
    case RULE_TRACE_ROOT:
      guard let root = trace.root else { return RULE_ABSENT }
      return give(integer: Int64(root), &out)
    case RULE_TRACE_PATH:
      guard mayReadTimes else { return refuseTimes("trace:critical_path") }
      return give(integer: Int64(call.criticalPath(&out.cost).count), &out)
    default: return give(integer: call.number, &out)
    }
  }

  /// One of what `getTrace` has counted.
  func getTraceItem(_ field: rule_trace_field, _ index: Int, _ out: inout rule_value) -> rule_answer {
    guard let call = trace else { return refuse(Self.noTrace) }
    if field == RULE_TRACE_PATH { return give(integer: Int64(call.criticalPath(&out.cost)[index]), &out) }
    lend(call.services(&out.cost)[index], &out)
    return RULE_OK
  }

  func openSpan(_ index: Int, _ number: Int64, _ out: inout rule_value) -> rule_answer {
    guard let call = trace, call.number == number, call.trace.spans.indices.contains(index) else {
      return refuse("the span belongs to a trace that has gone; spans cannot be kept")
    }
    if call.open(index) { out.cost = 2 + SpanAccess.searchCost(call.trace.reader) }
    return RULE_OK
  }

  func touches(_ service: UnsafeBufferPointer<UInt8>, _ out: inout rule_value) -> rule_answer {
    guard let call = trace else { return refuse(Self.noTrace) }
    guard access.powers.traceFields & TraceField.services.bit != 0 else { return refuseReading("trace.services") }
    let names = call.services(&out.cost)
    out.cost += Int64(names.count)
    return give(names.contains { WireBytes.equal($0, service) }, &out)
  }

  func selfTime(_ index: Int, _ out: inout rule_value) -> rule_answer {
    guard let call = trace else { return refuse(Self.noTrace) }
    guard mayReadTimes else { return refuseTimes("trace:self_time") }
    out.type = RULE_NUMBER
    out.number = Double(call.selfTime(of: index, &out.cost)) / 1e9
    return RULE_OK
  }

  /// Sets an attribute on one span or on all.
  func setOnTrace(_ index: Int64, _ key: UnsafeBufferPointer<UInt8>, _ value: inout rule_value) -> rule_answer {
    guard let call = trace else { return refuse(Self.noTrace) }
    let name = String(decoding: key, as: UTF8.self)
    guard let settable = access.powers.set[name] else {
      return refuse("the rule may not set attributes.\(shown(key)); add it to can.set with its type if it should")
    }
    let span = index == Int64(RULE_ALL_SPANS) ? nil : Int(index)
    lent.truncate(to: 0)
    if settable == .spanName, value.type == RULE_SPAN, span != nil {
      _ = call.open(Int(value.integer))
      let text = call.trace.reader.text(FieldNumber.Span.name)
      // A part of a name is not what hiding has looked at.
      guard text.count <= TraceCall.maximumName else { return RULE_OK }
      value.cost = 2 + SpanAccess.searchCost(call.trace.reader) + Int64(text.count / 16)
      AttributeValue.string(String(decoding: text, as: UTF8.self)).encode(into: lent)
    } else if !encode(value, as: settable) {
      return refuse("attributes.\(shown(key)) takes \(Self.sentence(settable)), as can.set says")
    }
    guard call.set(Array(key), Array(lent.bytes), on: span) else {
      return refuse(Self.noRoom)
    }
    return RULE_OK
  }

  func applyToTrace(
    _ verb: rule_verb, _ amount: Double, _ reason: UnsafeBufferPointer<UInt8>, _ group: UnsafeBufferPointer<UInt8>?
  ) -> rule_answer {
    guard let call = trace else { return refuse(Self.noTrace) }
    let trace = call.trace
    guard let name = declared(verb, reason) else { return refuseReason(verb, "traces") }
    if verb != RULE_VERB_DROP, !noteReason(name, call) { return refuse(Self.noRoom) }
    switch verb {
    case RULE_VERB_KEEP: trace.verdict.keep(name)
    case RULE_VERB_SAMPLE: trace.verdict.sample(amount, name)
    case RULE_VERB_DROP: trace.verdict.drop(name)
    // A trace that is already kept or dropped takes no room.
    case _ where trace.verdict.isSettled: break
    case RULE_VERB_SAMPLE_DYNAMIC:
      let share = access.dynamicShare?(name.name, group.map(Self.hash) ?? 0, amount) ?? 1
      trace.verdict.sampleArriving(share, name)
    default:
      let limit = name.name + (group.map { " #\(Self.hash($0) % TraceCall.rateGroups)" } ?? "")
      trace.verdict.rateLimit(hasRoom: access.rateLimit?(limit, amount) ?? true, name)
    }
    return RULE_OK
  }

  /// Has the host write the reason on all spans where it is the one for which the trace stays; false where there is no
  /// room for it.
  private func noteReason(_ reason: SpanReason, _ call: TraceCall) -> Bool {
    guard let key = access.powers.reasonAttribute else { return true }
    lent.truncate(to: 0)
    AttributeValue.string(reason.name).encode(into: lent)
    return call.set(Array(key.utf8), Array(lent.bytes), on: nil, where: reason)
  }

  /// What a text is known by, the same on every host: FNV-1a.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let hash = text.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return hash ^ hash >> 32
  }

  private var mayReadTimes: Bool { access.powers.fields & SpanField.duration.bit != 0 }

  private func refuseTimes(_ verb: String) -> rule_answer {
    refuse("the rule may not read duration, of which \(verb) tells; add it to can.read if it should")
  }

  private func give(_ flag: Bool, _ out: inout rule_value) -> rule_answer {
    out.type = RULE_BOOLEAN
    out.integer = flag ? 1 : 0
    return RULE_OK
  }
}
