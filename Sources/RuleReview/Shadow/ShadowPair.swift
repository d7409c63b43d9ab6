internal import BuiltinProcessors
internal import ProcessorHost

/// The set that runs and a candidate, both loaded anew and side by side, each with breakers and rates of its own: nothing
/// that is done here is seen by the spans that leave.
///
/// `@unchecked Sendable`: it is made on a lane, and from then on only that lane touches it.
final class ShadowPair: @unchecked Sendable {
  /// One of the two sets.
  private struct Side {
    let pipeline: SpanPipeline
    let watch: ShadowWatch

    init(_ rules: ReviewedRules) throws(RuleError) {
      pipeline = try rules.ruleSet.makePipeline()
      watch = ShadowWatch(rules.policy.steps)
      pipeline.observer = watch
    }

    /// - Parameter span: a batch of one span.
    func process(_ span: borrowing SpanBatch) -> SpanBatch {
      watch.begin()
      let skipped = pipeline.ledger.skipped
      let output = pipeline.process(span)
      for (rule, count) in pipeline.ledger.skipped where count != skipped[rule] { watch.skipped(rule) }
      return output
    }
  }

  /// The request that is under way.
  private struct Work {
    let parts: SpanBatch.Parts
    /// The resource and scope of each span.
    let places: [(resource: Int, scope: Int)]
    var next = 0
  }

  /// What a while of work led to.
  struct Slice: Sendable {
    var compared = 0
    /// Spans that are too large to be compared.
    var passedOver = 0
    var changes: [ShadowChange] = []
    /// Whether the request is done.
    var isFinished = false
  }

  /// Larger spans are passed over: how long one takes is how late the comparison notices that its time is up.
  static let maximumSpanBytes = 128 << 10

  /// What the change means by itself, whatever spans come.
  let diff: RuleSetDiff
  private let live: Side
  private let candidate: Side
  private let clock = HeldClock()
  private let redactor: Redactor?
  /// Keys that rules declare to write: others that they write may be made of what is secret.
  private let declaredKeys: Set<String>
  private var work: Work?

  /// Only to be called on a lane, since it enters Lua.
  /// - Throws: `RuleErrors` where the candidate does not load.
  init(
    live: SpanProcessorHost.Configuration, candidate: SpanProcessorHost.Configuration,
    samplingMode: ConsistentProbabilitySampler.Mode, keys: [String: PseudonymKeyRing]
  ) throws {
    let load = { [clock] (configuration: SpanProcessorHost.Configuration) in
      var natives = RuleNatives.builtin(samplingMode: samplingMode, keys: keys)
      natives.rateLimits = { RateLimits(clock: clock) }
      return try ReviewedRules(configuration, natives: natives)
    }
    let (old, new) = (try load(live), try load(candidate))
    diff = try RuleSetDiff(old, new, keys: keys)
    self.live = try Side(old)
    self.candidate = try Side(new)
    redactor = old.keyRedactor(keys)
    declaredKeys = Set((old.rules + new.rules).flatMap { $0.powers.set.keys })
  }

  /// Begins with a request. What cannot be read of it is passed over, as the host refused it.
  func begin(_ request: ShadowMailbox.Request) {
    var bytes = request.bytes
    if request.format == .json {
      guard let document = try? OTLPJSONReader.read(bytes) else { return }
      bytes = document.request
    }
    let parts = Door().admit(bytes).takeBatch().takeParts()
    var places: [(resource: Int, scope: Int)] = []
    for (index, resource) in parts.resources.enumerated() {
      for scope in resource.children { places += parts.scopes[scope].children.map { _ in (index, scope) } }
    }
    work = Work(parts: parts, places: places)
  }

  /// Works on the request for a while.
  /// - Returns: what was found meanwhile.
  func work(for time: Duration) -> Slice {
    var slice = Slice()
    let end = ContinuousClock.now + time
    while let index = work?.next, let count = work?.places.count, index < count {
      // At least one span, however long the last one took.
      if slice.compared + slice.passedOver > 0, ContinuousClock.now >= end { return slice }
      work?.next += 1
      compare(span: index, into: &slice)
    }
    work = nil
    slice.isFinished = true
    return slice
  }

  private func compare(span index: Int, into slice: inout Slice) {
    guard let work else { return }
    let parts = work.parts
    var resource = parts.resources[work.places[index].resource]
    var scope = parts.scopes[work.places[index].scope]
    let around = resource.prefix.count + resource.suffix.count + scope.prefix.count + scope.suffix.count
    let size = parts.spans[index].count + around
    guard size <= Self.maximumSpanBytes else {
      slice.passedOver += 1
      return
    }
    resource.children = 0..<1
    scope.children = 0..<1
    let span = SpanBatch(bytes: parts.bytes, resources: [resource], scopes: [scope], spans: [parts.spans[index]])
    clock.advance()
    let before = live.process(span)
    let after = candidate.process(span)
    slice.compared += 1
    compareFailures(into: &slice)
    switch (before.isEmpty, after.isEmpty) {
    case (true, true): break
    case (true, false): add(.newlyKept, "span", live.watch.fate, into: &slice)
    case (false, true): add(.newlyDropped, "span", candidate.watch.fate, into: &slice)
    case (false, false):
      // Most spans are the same, byte for byte, and need not be read.
      if before.spans == after.spans, before.bytes == after.bytes { return }
      compare(PlainSpan.all(in: span), PlainSpan.all(in: before), PlainSpan.all(in: after), into: &slice)
    }
  }

  private func compareFailures(into slice: inout Slice) {
    let (old, new) = (live.watch.failures, candidate.watch.failures)
    if old.isEmpty, let first = new.first { add(.newlyFailing, "span", first, into: &slice) }
    if new.isEmpty, let first = old.first { add(.noLongerFailing, "span", first, into: &slice) }
  }

  private func compare(
    _ given: [PlainSpan], _ before: [PlainSpan], _ after: [PlainSpan], into slice: inout Slice
  ) {
    guard let given = given.first, let before = before.first, let after = after.first else { return }
    let hide = { [redactor] (key: String) in redactor?.redact(key) ?? HideAction.markText }
    var seen: [ShadowChange.Place: ShadowChange] = [:]
    for difference in SpanDifference.all(
      SpanTexts(given, hide: hide), SpanTexts(before, hide: hide), SpanTexts(after, hide: hide))
    {
      let kind = kind(difference)
      // The set that hides, or writes, says why.
      let side = kind == .newlyVisible || kind == .removed ? live : candidate
      var change = ShadowChange(
        kind, path: shown(difference), reason: .printable(side.watch.reason(at: difference.path)))
      change.spans = 1
      if let known = seen[change.place] { change = known }
      change.add(difference.amount, difference.characters)
      seen[change.place] = change
    }
    slice.changes += seen.values
  }

  private func add(_ kind: ShadowChange.Kind, _ path: String, _ reason: String, into slice: inout Slice) {
    var change = ShadowChange(kind, path: path, reason: .printable(reason))
    change.spans = 1
    slice.changes.append(change)
  }

  private func kind(_ difference: SpanDifference) -> ShadowChange.Kind {
    let place = difference.path
    // A number of few values: that another one stands there says nothing of what came.
    if place == "status.code", difference.standsAfter { return .statusChanged }
    switch difference.kind {
    case .newlyVisible: return .newlyVisible
    case .newlyHidden:
      if !difference.came { return .removed }
      guard difference.standsAfter, candidate.watch.isWritten(at: place) else { return .newlyHidden }
    case .rewritten: if !difference.standsBefore { return .added }
    }
    return place == "name" ? .nameChanged : place == "status.message" ? .statusChanged : .changed
  }

  /// A path as it may be shown. A key that did not come with the span was written by a rule, and may be a copy of what
  /// nobody shall see: it is shown only if a rule declares it, or it is a mark.
  private func shown(_ difference: SpanDifference) -> String {
    if difference.came { return difference.shown }
    guard let dot = difference.shown.firstRange(of: "attributes.") ?? difference.shown.firstRange(of: "resource.")
    else { return difference.shown }
    let key = difference.shown[dot.upperBound...]
    if declaredKeys.contains(String(key)) || key.hasPrefix(HideAction.markText) { return difference.shown }
    return difference.shown[..<dot.upperBound] + "*"
  }
}
