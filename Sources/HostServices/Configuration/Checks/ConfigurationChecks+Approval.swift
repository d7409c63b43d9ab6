// What it takes for rules to run, told of all settings together.
extension ConfigurationChecks {
  mutating func checkApproval() {
    let rules = configuration.rules
    let approval = rules.approval
    if approval.mode != .none, rules.chain != nil {
      wrong(
        "rules.chain would run other rules than those that were approved; put the chain into chain.lua, or set "
          + "rules.approval to none", at: "rules.chain")
    }
    if approval.mode == .signature {
      if approval.keyFiles.isEmpty {
        wrong(
          "rules.approval is signature, and no key is trusted: name some with rules.approval_keys", at: "rules.approval"
        )
      } else if approval.threshold > approval.keyFiles.count {
        wrong(
          "rules.approval_threshold is \(approval.threshold), and only \(approval.keyFiles.count) keys are trusted",
          at: "rules.approval_threshold")
      }
      if approval.counterFile == nil, approval.minimumCounter == 0 {
        notices.append(
          "every set of rules that was ever signed may run again; rules.approval_counter keeps older ones out")
      }
    } else if !approval.keyFiles.isEmpty || approval.counterFile != nil {
      notices.append("rules.approval is \(approval.mode.rawValue): keys and counters have no effect")
    }
    if (rules.auditLog == nil) != (rules.auditLogKey == nil) {
      wrong(
        "an audit log and its key come together: rules.audit_log, rules.audit_log_key",
        at: rules.auditLog == nil ? "rules.audit_log_key" : "rules.audit_log")
    }
  }
}
