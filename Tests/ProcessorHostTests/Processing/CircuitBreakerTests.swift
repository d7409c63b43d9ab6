internal import ProcessorHost
internal import Testing

@Suite("The breaker of a stage that keeps failing")
struct CircuitBreakerTests {
  private func request(_ count: Int, _ name: String = "a") -> [UInt8] {
    Proto.request(spans: Array(repeating: SpanBytes.span(name), count: count))
  }

  @Test(
    "opens after so many failures in a row, and applies the policy without calling", arguments: FailurePolicy.allCases)
  func opens(policy: FailurePolicy) {
    let stage = TestStage("failing", policy) { _ in throw TestFailure() }
    let rig = PipelineRig([stage], hiding: NoHiding())
    let count = CircuitBreaker.threshold + 500
    let spans = rig.spans(request(count))
    #expect(stage.calls == CircuitBreaker.threshold)
    #expect(rig.ledger.failures == ["failing: failed": CircuitBreaker.threshold])
    #expect(rig.ledger.skipped == ["failing": 500])
    let names: [FailurePolicy: String] = [.pass: "a", .strip: "[stripped]"]
    #expect(spans.map(\.name) == (names[policy].map { Array(repeating: $0, count: count) } ?? []))
    #expect(rig.ledger.isBalanced && rig.ledger.received == count)
  }

  @Test("tries again after a pause: one more failure opens it again, a success closes it")
  func triesAgain() {
    var isBroken = true
    let stage = TestStage("sometimes") { _ in if isBroken { throw TestFailure() } }
    let rig = PipelineRig([stage], hiding: NoHiding())
    _ = rig.process(request(CircuitBreaker.threshold + CircuitBreaker.pause))
    #expect(stage.calls == CircuitBreaker.threshold)
    _ = rig.process(request(1 + CircuitBreaker.pause))
    #expect(stage.calls == CircuitBreaker.threshold + 1)
    isBroken = false
    _ = rig.process(request(10))
    #expect(stage.calls == CircuitBreaker.threshold + 11)
    isBroken = true
    _ = rig.process(request(CircuitBreaker.threshold - 1))
    #expect(rig.ledger.skipped == ["sometimes": 2 * CircuitBreaker.pause])
  }

  @Test("stays closed while a success stands between failures")
  func notInARow() {
    var turn = 0
    let stage = TestStage("sometimes") { _ in
      turn += 1
      if !turn.isMultiple(of: CircuitBreaker.threshold) { throw TestFailure() }
    }
    let rig = PipelineRig([stage], hiding: NoHiding())
    _ = rig.process(request(CircuitBreaker.threshold * 10))
    #expect(rig.ledger.skipped.isEmpty && stage.calls == CircuitBreaker.threshold * 10)
  }

  @Test("is each stage's own")
  func perStage() {
    let failing = TestStage("failing") { _ in throw TestFailure() }
    let fine = TestStage("fine") { $0[attribute: "k"] = true }
    let spans = PipelineRig([failing, fine], hiding: NoHiding()).spans(request(CircuitBreaker.threshold + 10))
    #expect(spans.allSatisfy { $0.attributes == [.init("k", true)] })
    #expect(fine.calls == CircuitBreaker.threshold + 10)
  }
}
