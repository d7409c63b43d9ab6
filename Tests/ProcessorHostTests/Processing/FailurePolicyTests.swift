internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("When a processor fails")
struct FailurePolicyTests {
  /// A stage that edits, says something of the span's fate and then throws.
  private func failing(_ policy: FailurePolicy, on name: String? = nil) -> TestStage {
    TestStage("failing", policy) { span in
      guard name == nil || span.name == name else { return }
      span[attribute: "mine"] = "hunter-two"
      span[attribute: "earlier"] = nil
      span.name = "hunter-two"
      span.sample(0, "mine")
      span.drop("mine")
      throw TestFailure()
    }
  }

  private let earlier = TestStage("earlier") { $0[attribute: "earlier"] = 1 }
  private let later = TestStage("later") { $0[attribute: "later"] = true }
  private let request = Proto.request(SpanBytes.span("one", SpanBytes.attribute("k", "v")))

  @Test("pass: its edits and verdicts are undone, those of others stay, and later stages run")
  func pass() {
    let rig = PipelineRig([earlier, failing(.pass), later], hiding: NoHiding())
    let span = SpanBytes.span(
      "one", SpanBytes.attribute("k", "v"), SpanBytes.attribute(9, "earlier", Proto.integer(3, 1)),
      SpanBytes.attribute(9, "later", Proto.integer(2, 1)))
    #expect(rig.process(request) == Proto.request(span))
    #expect(rig.ledger.emitted == 1 && rig.ledger.stripped == 0)
    #expect(rig.ledger.failures == ["failing: failed": 1])
  }

  @Test("pass, with nobody else in the chain: the span leaves byte for byte")
  func passUntouched() {
    var maker = RandomRequest(seed: 31)
    for span in maker.spans(10) {
      let request = Proto.request(span)
      #expect(PipelineRig([failing(.pass)], hiding: NoHiding()).process(request) == request)
    }
  }

  @Test("drop: the span goes under the reason of failures, and its neighbours stay")
  func drop() {
    let rig = PipelineRig([failing(.drop, on: "one")], hiding: NoHiding())
    let both = Proto.request(spans: [SpanBytes.span("one"), SpanBytes.span("two")])
    #expect(rig.process(both) == Proto.request(SpanBytes.span("two")))
    #expect(rig.ledger.dropped == ["failure": 1] && rig.ledger.emitted == 1 && rig.ledger.isBalanced)
  }

  @Test("strip: no later stage and no hiding sees the span any more, and it leaves as its frame")
  func strip() {
    let hiding = NoHiding()
    let rig = PipelineRig([earlier, failing(.strip), later], hiding: hiding)
    #expect(rig.spans(request).map(\.name) == ["[stripped]"])
    #expect(later.calls == 0 && hiding.hiddenSpans == 0)
    #expect(rig.ledger.stripped == 1 && rig.ledger.emitted == 1 && rig.ledger.isBalanced)
  }

  @Test("a span that was to be dropped or sampled out is, whether it is stripped or not")
  func verdictsBeforeStrip() {
    let drops = TestStage("drops") { $0.drop("earlier") }
    let dropping = PipelineRig([drops, failing(.strip)], hiding: NoHiding())
    #expect(dropping.spans(request).isEmpty && dropping.ledger.dropped == ["earlier": 1])
    let samples = TestStage("samples") { $0.sample(0, "none") }
    let sampling = PipelineRig([samples, failing(.strip)], hiding: NoHiding())
    #expect(sampling.spans(request).isEmpty && sampling.ledger.sampledOut == ["none": 1])
    #expect(dropping.ledger.stripped == 0 && sampling.ledger.stripped == 0)
  }

  @Test("a failure that drops is not undone by a later failure that passes")
  func dropThenPass() {
    let rig = PipelineRig([failing(.drop), failing(.pass)], hiding: NoHiding())
    #expect(rig.spans(request).isEmpty)
    #expect(rig.ledger.dropped == ["failure": 1] && rig.ledger.failures == ["failing: failed": 2])
  }

  @Test("a Swift processor's error is counted by its type; its text, which may hold anything, is told nobody")
  func errorText() async throws {
    struct Leaky: Error, CustomStringConvertible { var description: String { "hunter-two" } }
    let processor = ClosureProcessor("leaky") { _ in throw Leaky() }
    let host = try SpanProcessorHost(.init(processors: [processor]))
    let output = await host.process(Door().admit(request).takeBatch()).encoded()
    #expect(output == request)
    #expect(await host.ledger().failures == ["leaky: the processor threw a Leaky": 1])
  }
}
