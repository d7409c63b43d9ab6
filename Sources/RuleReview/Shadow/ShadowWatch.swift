internal import ProcessorHost

/// Remembers what one of two sets did to a span, to say why they differ.
final class ShadowWatch: PipelineObserver {
  private let steps: [HideStep]
  private(set) var outcome = SamplingOutcome.kept
  private(set) var isStripped = false
  /// What failed on the span, with place and message: nothing of the span is in it.
  private(set) var failures: [String] = []
  /// The steps that hid something, and the rules that wrote something, by place.
  private var hidden: [String: String] = [:]
  private var written: [String: String] = [:]
  /// What was hidden in resources and scopes, which is told once for each distinct one.
  private var headers: [String: String] = [:]

  private static let maximumHeaders = 1024

  init(_ steps: [HideStep]) { self.steps = steps }

  func begin() {
    outcome = .kept
    isStripped = false
    failures.removeAll(keepingCapacity: true)
    hidden.removeAll(keepingCapacity: true)
    written.removeAll(keepingCapacity: true)
  }

  func ran(_ stage: String, _ span: SpanWorkspace, since point: SpanWorkspace.Checkpoint) {
    for (slot, _) in span.edits(since: point) {
      let bytes = span.bytes(of: slot)
      written[Self.withoutNumbers(Self.path(slot, bytes))] = stage
    }
  }

  func failed(_ stage: String, _ failure: StageFailure, policy: FailurePolicy) { failures.append("\(failure)") }

  /// Notes that a rule was not called, as it keeps failing.
  func skipped(_ rule: String) { failures.append("\(rule): not called, as it keeps failing") }

  func finished(_ span: SpanWorkspace, hidden findings: [HideFinding], outcome: SamplingOutcome, isStripped: Bool) {
    self.outcome = outcome
    self.isStripped = isStripped
    for finding in findings { hidden[Self.withoutNumbers(Self.path(finding.place))] = reason(finding) }
  }

  func finishedHeader(_ message: WireMessage, hidden findings: [HideFinding], lastSpan: SpanWorkspace?) {
    if headers.count > Self.maximumHeaders { headers.removeAll() }
    for finding in findings { headers[Self.withoutNumbers(Self.path(finding.place))] = reason(finding) }
  }

  /// Why the span does not leave.
  var fate: String {
    switch outcome {
    case .kept: ""
    case .dropped(let reason): "dropped: \(reason)"
    case .sampledOut(let reason): "sampled out: \(reason)"
    }
  }

  /// What hides or writes at a place of the span; empty where it is not known.
  func reason(at path: String) -> String {
    if isStripped { return "stripped: \(failures.last ?? "a rule failed")" }
    let place = Self.withoutNumbers(path)
    return Self.find(place, in: hidden) ?? Self.find(place, in: headers) ?? Self.find(place, in: written) ?? ""
  }

  /// Whether a rule wrote what stands at a place, and nothing was hidden there.
  func isWritten(at path: String) -> Bool {
    let place = Self.withoutNumbers(path)
    return Self.find(place, in: hidden) == nil && Self.find(place, in: written) != nil
  }

  private func reason(_ finding: HideFinding) -> String {
    let step = steps[finding.step]
    return step.origin.isEmpty ? step.matcher.name : "\(step.origin) \(step.matcher.name)"
  }

  /// How far in a place is looked for from the outside: keys can have as many dots as they like.
  private static let maximumDepth = 16

  /// What is known of a place, or of one that holds it.
  private static func find(_ path: String, in known: [String: String]) -> String? {
    if known.isEmpty { return nil }
    var place = path[...]
    for _ in 0..<maximumDepth {
      if let found = known[String(place)] { return found }
      guard let end = place.lastIndex(where: { $0 == "." || $0 == "[" }) else { return nil }
      place = place[..<end]
    }
    return nil
  }

  /// A path without the numbers of elements and of attributes with one key, of which what is hidden knows nothing; those
  /// of events and links stay.
  private static func withoutNumbers(_ path: String) -> String {
    let isMember = path.hasPrefix("events[") || path.hasPrefix("links[")
    let owner = isMember ? path.firstIndex(of: "]").map { path[...$0] } ?? "" : ""
    var kept = Array(owner.utf8)
    var rest = Array(path.utf8.dropFirst(kept.count))[...]
    if let number = rest.lastIndex(of: UInt8(ascii: "#")), isNumber(rest[(number + 1)...]) { rest = rest[..<number] }
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "["), let end = rest.prefix(12).firstIndex(of: UInt8(ascii: "]")),
        isNumber(rest[..<end])
      {
        rest = rest[(end + 1)...]
      } else {
        kept.append(byte)
      }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  private static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// A place as `SpanTexts` calls it.
  private static func path(_ place: HidePlace) -> String {
    switch place.owner {
    case .event(let number): "events[\(number - 1)]" + String(place.path.drop { $0 != "." })
    case .link(let number): "links[\(number - 1)]" + String(place.path.drop { $0 != "." })
    case .resource where place.part == .value: "resource." + place.key
    case .span where place.part == .traceState: "trace_state"
    default: place.path
    }
  }

  private static func path(_ slot: SpanSlot, _ bytes: UnsafePointer<UInt8>) -> String {
    switch slot.number {
    case FieldNumber.Span.attributes: "attributes." + String(wire: bytes, slot.key)
    case FieldNumber.Span.name: "name"
    case FieldNumber.Span.status: "status"
    case FieldNumber.Span.events: "events"
    case FieldNumber.Span.links: "links"
    case FieldNumber.Span.traceState: "trace_state"
    case FieldNumber.Span.kind: "kind"
    default: "field \(slot.number)"
    }
  }
}
