package import ProcessorHost

/// Says of a set of rules whether it may run, by a policy.
///
/// What is judged is the set in memory, and not what is on disk by then: a directory that changes between reading and
/// judging does not fit its signatures.
package struct ApprovalCheck: Sendable {
  package let policy: ApprovalPolicy

  package init(_ policy: ApprovalPolicy) { self.policy = policy }

  /// Judges a set by the lock and the signatures in its directory, which are read now.
  /// - Parameter path: the rules directory; nil for rules that are in none, which only a policy without approval accepts.
  package func verdict(of directory: RuleDirectory, at path: String?) -> ApprovalVerdict {
    verdict(of: directory, path.map(ApprovalFiles.init(in:)) ?? ApprovalFiles(), at: path ?? "rules")
  }

  /// Judges a set by a lock and signatures that were read before.
  package func verdict(
    of directory: RuleDirectory, _ files: ApprovalFiles, at path: String = "rules"
  ) -> ApprovalVerdict {
    let digest = directory.digest
    if policy.mode == .none { return .approved(Approval(mode: .none, digest: digest)) }
    let judged = Judged(digest: digest, path: .printable(path))
    let found: RuleFiles
    do {
      found = try RuleFiles(directory)
    } catch {
      return judged.refused(.name, error.description)
    }
    switch policy.mode {
    case .none, .lock: return judge(judged, found, by: files.lock)
    case .signature:
      let changes = (try? files.lock.get()).map { RuleChanges(from: $0.files, to: found) }
      return judge(judged, changes, by: files.signatures)
    }
  }

  private func judge(_ judged: Judged, _ found: RuleFiles, by lock: Result<RuleLock?, ApprovalError>) -> ApprovalVerdict
  {
    let toDo = "review them, then run: processor-host lock \(judged.path)"
    switch lock {
    case .failure(let error): return judged.refused(.unreadable, "\(error); mend it, or: \(toDo)")
    case .success(nil):
      return judged.refused(.missing, "the rules are not locked: \(judged.path) has no \(RuleLock.fileName); \(toDo)")
    case .success(let lock?):
      let changes = RuleChanges(from: lock.files, to: found)
      if changes.isEmpty, lock.digest == judged.digest {
        return .approved(Approval(mode: .lock, digest: judged.digest))
      }
      // The files may all be as locked, and the lock's own line about all of them be wrong.
      let what = changes.isEmpty ? "its digest is not that of its files" : changes.description
      return judged.refused(.changed, "the rules are not as \(RuleLock.fileName) has them: \(what); \(toDo)", changes)
    }
  }

  private func judge(
    _ judged: Judged, _ changes: RuleChanges?, by signatures: Result<RuleSignatures?, ApprovalError>
  ) -> ApprovalVerdict {
    let toDo = "review them, then run: processor-host sign \(judged.path) --key NAME.key"
    let changes = changes?.isEmpty == true ? nil : changes
    let asLocked = changes.map { "; compared with \(RuleLock.fileName): \($0.description)" } ?? ""
    switch signatures {
    case .failure(let error): return judged.refused(.unreadable, "\(error); mend it, or sign anew: \(toDo)", changes)
    case .success(nil):
      return judged.refused(
        .missing, "the rules are not signed: \(judged.path) has no \(RuleSignatures.fileName)\(asLocked); \(toDo)",
        changes)
    case .success(let signatures?):
      let tally = SignatureTally(signatures, of: judged.digest, policy)
      guard let counter = tally.counter else {
        return judged.refused(.signatures, "\(tally.shortfall)\(asLocked); \(toDo)", changes)
      }
      guard counter >= policy.leastCounter else {
        return judged.refused(
          .counter,
          "the rules are signed with counter \(counter), and sets below \(policy.leastCounter) no longer run: this is an "
            + "older set. If it shall run again, sign it anew: processor-host sign \(judged.path) --key NAME.key "
            + "--counter \(policy.leastCounter + 1)",
          changes)
      }
      let names = tally.signers(with: counter)
      return .approved(Approval(mode: .signature, digest: judged.digest, signers: names, counter: counter))
    }
  }
}

/// The set that is judged, for what is said about it.
private struct Judged {
  var digest: String
  var path: String

  func refused(_ code: ApprovalRefusal.Code, _ reason: String, _ changes: RuleChanges? = nil) -> ApprovalVerdict {
    .refused(ApprovalRefusal(code: code, digest: digest, reason: reason, changes: changes))
  }
}
