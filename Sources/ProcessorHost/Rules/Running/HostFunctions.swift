internal import CRuleSandbox

/// The functions that the C side of the rule language calls, in one table for all states.
///
/// `nonisolated(unsafe)`: written once here, before anybody reads it, and never again; C only reads it.
nonisolated(unsafe) let hostFunctions: UnsafePointer<rule_host> = {
  let table = UnsafeMutablePointer<rule_host>.allocate(capacity: 1)
  var functions = rule_host()
  installSpanFunctions(&functions)
  installTraceFunctions(&functions)
  installLoadFunctions(&functions)
  table.initialize(to: functions)
  return UnsafePointer(table)
}()

/// The state behind a pointer that C was given, without counting references: the state outlives every call into it.
@inline(__always)
private func with(_ host: UnsafeMutableRawPointer, _ body: (RuleSandbox) -> rule_answer) -> rule_answer {
  Unmanaged<RuleSandbox>.fromOpaque(host)._withUnsafeGuaranteedRef(body)
}

private func installSpanFunctions(_ functions: inout rule_host) {
  functions.get_field = { host, field, out in
    guard let host, let out else { return RULE_ABSENT }
    return with(host) { $0.getField(field, &out.pointee) }
  }
  functions.set_field = { host, field, value in
    guard let host, let value else { return RULE_ABSENT }
    return with(host) { $0.setField(field, value.pointee) }
  }
  functions.get_attribute = { host, owner, index, key, length, out in
    guard let host, let key, let out else { return RULE_ABSENT }
    return with(host) {
      $0.getAttribute(
        owner, Int(index), UnsafeBufferPointer(start: key, count: length), &out.pointee)
    }
  }
  functions.set_attribute = { host, key, length, value in
    guard let host, let key, let value else { return RULE_ABSENT }
    return with(host) { $0.setAttribute(UnsafeBufferPointer(start: key, count: length), &value.pointee) }
  }
  functions.next_attribute = { host, owner, index, position, key, value in
    guard let host, let position, let key, let value else { return RULE_ABSENT }
    return with(host) {
      $0.nextAttribute(
        owner, Int(index), &position.pointee, &key.pointee, &value.pointee)
    }
  }
  functions.count = { host, owner, out in
    guard let host, let out else { return RULE_ABSENT }
    return with(host) { $0.count(owner, &out.pointee) }
  }
  functions.get_part = { host, owner, index, field, out in
    guard let host, let out else { return RULE_ABSENT }
    return with(host) { $0.getPart(owner, Int(index), field, &out.pointee) }
  }
  functions.verb = { host, verb, amount, reason, length in
    guard let host, let reason else { return RULE_ABSENT }
    return with(host) { $0.apply(verb, amount, UnsafeBufferPointer(start: reason, count: length)) }
  }
  functions.hide = { host, serial in
    guard let host else { return RULE_ABSENT }
    return with(host) { $0.hide(serial) }
  }
}

private func installTraceFunctions(_ functions: inout rule_host) {
  functions.get_trace = { host, field, out in
    guard let host, let out else { return RULE_ABSENT }
    return with(host) { $0.getTrace(field, &out.pointee) }
  }
  functions.get_trace_item = { host, field, index, out in
    guard let host, let out else { return RULE_ABSENT }
    return with(host) { $0.getTraceItem(field, Int(index), &out.pointee) }
  }
  functions.open_span = { host, index, call, out in
    guard let host, let out else { return RULE_ABSENT }
    return with(host) { $0.openSpan(Int(index), call, &out.pointee) }
  }
  functions.touches = { host, service, length, out in
    guard let host, let service, let out else { return RULE_ABSENT }
    return with(host) { $0.touches(UnsafeBufferPointer(start: service, count: length), &out.pointee) }
  }
  functions.self_time = { host, index, out in
    guard let host, let out else { return RULE_ABSENT }
    return with(host) { $0.selfTime(Int(index), &out.pointee) }
  }
  functions.set_on_trace = { host, index, key, length, value in
    guard let host, let key, let value else { return RULE_ABSENT }
    return with(host) {
      $0.setOnTrace(index, UnsafeBufferPointer(start: key, count: length), &value.pointee)
    }
  }
  functions.trace_verb = { host, verb, amount, reason, length, group, groupLength in
    guard let host, let reason else { return RULE_ABSENT }
    return with(host) {
      $0.applyToTrace(
        verb, amount, UnsafeBufferPointer(start: reason, count: length),
        group.map { UnsafeBufferPointer(start: $0, count: groupLength) })
    }
  }
}

private func installLoadFunctions(_ functions: inout rule_host) {
  functions.walk = { host, event, value in
    guard let host, let value else { return }
    RuleSandbox.from(host).walked(event, value.pointee)
  }
  functions.declare_settings = { host in
    guard let host else { return RULE_ABSENT }
    let sandbox = RuleSandbox.from(host)
    switch sandbox.declareSettings?(sandbox.builder.result) {
    case .success(let settings):
      sandbox.settings = settings
      return RULE_OK
    case .failure(let error):
      sandbox.declarationError = error
      return sandbox.refuse(error.message)
    case nil:
      return sandbox.refuse("settings are declared while the file loads; keep them in a local and use that in hooks")
    }
  }
  functions.get_setting = { host, name, length, out in
    guard let host, let name, let out else { return RULE_ABSENT }
    let text = String(decoding: UnsafeBufferPointer(start: name, count: length), as: UTF8.self)
    return RuleSandbox.from(host).getSetting(text, &out.pointee)
  }
  functions.open_list = { host, name, length, count in
    guard let host, let name, let count else { return RULE_ABSENT }
    let sandbox = RuleSandbox.from(host)
    let text = String(decoding: UnsafeBufferPointer(start: name, count: length), as: UTF8.self)
    switch sandbox.openList?(text) {
    case .success(let items):
      sandbox.listItems = items.map { Array($0.utf8) }
      count.pointee = UInt32(items.count)
      return RULE_OK
    case .failure(let error): return sandbox.refuse(error.message)
    case nil: return sandbox.refuse("lists are read while the file loads; keep them in a local and use that in hooks")
    }
  }
  functions.get_list_item = { host, index, out in
    guard let host, let out else { return RULE_ABSENT }
    return RuleSandbox.from(host).getListItem(Int(index), &out.pointee)
  }
  functions.declared = { host in
    guard let host else { return RULE_ABSENT }
    let sandbox = RuleSandbox.from(host)
    if case .node(let node) = sandbox.builder.result { sandbox.declared.append(node) }
    return RULE_OK
  }
}
