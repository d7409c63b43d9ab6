internal import ProcessorHost
internal import Testing

@Suite("The phases of the chain")
struct PhaseTests {
  private let request = Proto.request(spans: [SpanBytes.span("one"), SpanBytes.span("two")])

  @Test("stages run in chain order, each span through all before the next; hiding comes behind them, once")
  func order() {
    var steps: [String] = []
    let hiding = NoHiding()
    hiding.onSpan = { steps.append("hide \(ReadWriteSpan($0).name)") }
    let stages = ["a", "b", "c"].map { name in TestStage(name) { steps.append("\(name) \($0.name)") } }
    _ = PipelineRig(stages, hiding: hiding).process(request)
    #expect(steps == ["one", "two"].flatMap { span in ["a", "b", "c", "hide"].map { "\($0) \(span)" } })
  }

  @Test("a stage sees what those before it wrote")
  func edits() {
    let first = TestStage("first") { $0[attribute: "k"] = 1 }
    let second = TestStage("second") { span in
      #expect(span[attribute: "k"] == 1)
      span[attribute: "k"] = 2
    }
    let spans = PipelineRig([first, second], hiding: NoHiding()).spans(request)
    #expect(spans.map(\.attributes) == [[.init("k", 2)], [.init("k", 2)]])
  }

  @Test("hiding hides what stages wrote, also when some of them fail", arguments: [false, true])
  func hidesEdits(fails: Bool) throws {
    let writes = TestStage("writes") { span in
      span[attribute: "api_key"] = "hunter-two"
      span.events = [SpanEvent(name: "e", attributes: [.init("api_key", "hunter-two")])]
    }
    let last = TestStage("last") { _ in if fails { throw TestFailure() } }
    let output = try PipelineRig([writes, last], hide: [HideStep(.names(["api_key"]))]).process(request)
    #expect(!output.contains("hunter"))
    let spans = [PlainSpan](request: output)
    #expect(spans.count == 2)
    #expect(spans.allSatisfy { $0.attributes.first?.value == "[REDACTED]" })
    #expect(spans.allSatisfy { $0.events.first?.attributes.first?.value == "[REDACTED]" })
  }

  @Test("spans that nothing touches leave byte for byte, beside others that were changed")
  func untouchedNeighbours() {
    var maker = RandomRequest(seed: 12)
    var oddity = OddRequest(seed: 12)
    let spans = maker.spans(6).map { oddity.rewrite($0, .span) }
    var turn = 0
    let stage = TestStage { span in
      turn += 1
      if turn.isMultiple(of: 2) { span[attribute: "new"] = true }
    }
    let output = PipelineRig([stage], hiding: NoHiding()).process(Proto.request(spans: spans))
    let left = AdmittedRequest(output).spans
    #expect(left.count == 6)
    for index in stride(from: 0, to: 6, by: 2) { #expect(left[index] == spans[index]) }
    for index in stride(from: 1, to: 6, by: 2) {
      var model = SpanModel(spans[index])
      model.set("new", true)
      #expect(left[index] == model.bytes)
    }
  }

  @Test("an observer is told what each stage did, and of hiding only what was hidden on that span")
  func observer() throws {
    let strips = TestStage("strips", .strip) { span in if span.name == "two" { throw TestFailure() } }
    let writes = TestStage("writes") { $0[attribute: "api_key"] = "hunter-two" }
    let rig = try PipelineRig([writes, strips], hide: [HideStep(.names(["api_key"]))])
    let log = ObserverLog()
    rig.pipeline.observer = log
    _ = rig.process(request)
    #expect(
      log.lines == [
        "writes ran, 1 edits", "strips ran, 0 edits", "finished kept, hidden attributes.api_key",
        "writes ran, 1 edits", "strips failed, strip", "finished kept, stripped",
      ])
  }
}

/// Writes down what an observer is told.
private final class ObserverLog: PipelineObserver {
  private(set) var lines: [String] = []

  func ran(_ stage: String, _ span: SpanWorkspace, since point: SpanWorkspace.Checkpoint) {
    lines.append("\(stage) ran, \(span.editCount(since: point)) edits")
  }

  func failed(_ stage: String, _ failure: StageFailure, policy: FailurePolicy) {
    lines.append("\(stage) failed, \(policy)")
  }

  func finished(_ span: SpanWorkspace, hidden: [HideFinding], outcome: SamplingOutcome, isStripped: Bool) {
    let places = hidden.isEmpty ? "" : ", hidden " + hidden.map(\.path).joined(separator: " ")
    lines.append("finished \(outcome)\(isStripped ? ", stripped" : "")\(places)")
  }
}
