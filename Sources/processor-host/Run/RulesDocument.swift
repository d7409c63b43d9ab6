internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost
internal import RuleApproval

/// The rules as `/rules` shows them.
struct RulesDocument: Encodable {
  struct Rule: Encodable {
    var name: String
    var about: String
    var facts: [String]
  }

  /// What is in force.
  var number: Int
  var digest: String
  var source: String
  var loadedAt: String
  /// How it came to be approved, or that it still has to be.
  var approval: String
  var rules: [Rule]
  /// What the files say, where that is wrong and not in force therefore.
  var refused: RefusedDocument?
  /// While what is in force may still be rolled back.
  var probation: Probation?
  /// What was rolled back, until a person decides what becomes of it.
  var rolledBack: RolledBack?

  struct Probation: Encodable {
    var since: String
    /// How long spans have to come.
    var duration: String
  }

  struct RolledBack: Encodable {
    var digest: String
    var at: String
    var reason: String
    /// What only stays hidden since then.
    var hidden: [String]

    init(_ pending: RollbackMemory.Pending, hidden: HidePolicy) {
      digest = pending.failed
      at = pending.time
      reason = pending.reason
      self.hidden = hidden.steps.map { step in
        step.origin.isEmpty ? "match.\(step.matcher.name)" : "match.\(step.matcher.name) of \(step.origin)"
      }
    }
  }
}

/// What came of reading the rules, as `/rules/reload` answers.
struct ReloadDocument: Encodable {
  /// `unchanged`, `restored`, `swapped` or `failed`.
  var outcome: String
  /// What is in force now.
  var number: Int
  var digest: String
  /// Where it is new: how many spans were inside, and are hidden by it before they leave.
  var hiddenAgain: Int?
  var refused: RefusedDocument?
  /// What came of the configuration file, where there is one.
  var settings: SettingsDocument?
}

/// Rules that are not in force, and why.
struct RefusedDocument: Encodable {
  struct Fault: Encodable {
    var file: String
    var line: Int?
    var source: String?
    var message: String
  }

  /// Missing where the files cannot be read.
  var digest: String?
  var errors: [Fault]

  init(_ refused: RefusedRules) {
    digest = refused.directory?.digest
    errors = refused.errors.errors.map {
      Fault(file: $0.file, line: $0.line, source: $0.sourceLine, message: $0.message)
    }
  }
}

extension Encodable {
  /// As JSON for people, too.
  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map(Array.init) ?? []
  }
}
