package import BuiltinProcessors
package import ProcessorHost

/// What two sets of rules let through of recorded spans: what shows under the new ones and did not, and the reverse.
///
/// Only where, how often, how much and of which kind of characters; never what.
package struct RecordingDiff {
  /// What has changed at one place.
  package struct Change: Sendable, Equatable, Codable {
    /// How it changed.
    package enum Kind: String, Sendable, Codable, CaseIterable {
      /// Characters can be read that could not be.
      case newlyVisible = "newly visible"
      /// Characters can no longer be read.
      case newlyHidden = "newly hidden"
      /// Something else is written there, by a rule's code or as a pseudonym.
      case rewritten
    }

    package var kind: Kind
    /// Where: `attributes.http.url`. What the old rules hide in a key is not shown.
    package var path: String
    /// In how many spans.
    package var spans = 0
    /// How many bytes of text in all; for values that are no text, how many values.
    package var amount = 0
    /// Which characters: letters, digits, other.
    package var characters: Set<String> = []
  }

  package private(set) var changes: [Change] = []
  /// Spans that were looked at.
  package private(set) var spans = 0
  /// Spans that leave under the new rules and did not under the old ones.
  package private(set) var newlyKept = 0
  /// Spans that no longer leave.
  package private(set) var newlyDropped = 0

  private let old: SpanProcessorHost
  private let new: SpanProcessorHost
  private let oldHoldsRate: Bool
  /// Hides in paths what the old rules hide in keys, also where it only does so for some spans; nil where all that they
  /// may hide is too much for one policy, and no key can be told.
  private let redactor: Redactor?

  /// - Parameter keys: the keys for pseudonyms, by the names that rules call them.
  /// - Throws: `HidePolicyError` for a policy that cannot work.
  package init(
    _ old: ReviewedRules, _ new: ReviewedRules, keys: [String: PseudonymKeyRing] = [:]
  ) throws(HidePolicyError) {
    self.old = old.host
    self.new = new.host
    oldHoldsRate = old.hooks.contains { rule in
      ["rate_limit", "sample_dynamic"].contains { ByteSearch.stands(Array($0.utf8), in: rule.source.bytes) }
    }
    // What does not work for the host is told as ever.
    _ = try Redactor(old.policy, keys: keys)
    redactor = old.keyRedactor(keys)
  }

  /// Whether anything shows that did not. Where the old rules hold a rate, a span that now leaves proves nothing: which ones
  /// leave hangs on the clock.
  package var reveals: Bool { newlyKept > 0 && !oldHoldsRate || changes.contains { $0.kind == .newlyVisible } }

  /// Sends spans through both sets, one by one.
  package mutating func add(_ batch: borrowing SpanBatch) {
    for index in 0..<batch.count {
      let given = PlainSpan.all(in: batch.slice(index..<index + 1))
      let before = PlainSpan.all(in: old.processAndWait(batch.slice(index..<index + 1)))
      let after = PlainSpan.all(in: new.processAndWait(batch.slice(index..<index + 1)))
      spans += 1
      switch (given.first, before.first, after.first) {
      case (let given?, let before?, let after?):
        let hide = { [redactor] (key: String) in redactor?.redact(key) ?? HideAction.markText }
        compare(
          SpanTexts(given, hide: hide), SpanTexts(before, hide: hide), SpanTexts(after, hide: hide))
      case (_, nil, _?): newlyKept += 1
      case (_, _?, nil): newlyDropped += 1
      default: break
      }
    }
  }

  private mutating func compare(_ given: SpanTexts, _ before: SpanTexts, _ after: SpanTexts) {
    var seen: [Change] = []
    for difference in SpanDifference.all(given, before, after) { Self.note(&seen, difference) }
    for change in seen { add(change) }
  }

  private static func note(_ seen: inout [Change], _ difference: SpanDifference) {
    if let known = seen.firstIndex(where: { $0.kind == difference.kind && $0.path == difference.shown }) {
      seen[known].amount += difference.amount
      seen[known].characters.formUnion(difference.characters)
      return
    }
    var change = Change(kind: difference.kind, path: difference.shown)
    change.spans = 1
    change.amount = difference.amount
    change.characters = difference.characters
    seen.append(change)
  }

  private mutating func add(_ change: Change) {
    guard let known = changes.firstIndex(where: { $0.kind == change.kind && $0.path == change.path }) else {
      changes.append(change)
      changes.sort { ($0.kind.rawValue, $0.path) < ($1.kind.rawValue, $1.path) }
      return
    }
    changes[known].spans += change.spans
    changes[known].amount += change.amount
    changes[known].characters.formUnion(change.characters)
  }
}
