internal import ProcessorHost
internal import Testing

@Suite("The account of the spans")
struct LedgerTests {
  @Test("is balanced over random chains, and counts what really left", arguments: 0..<16)
  func randomChains(seed: UInt64) throws {
    var random = FixedRandom(state: 7000 + seed)
    var maker = RandomRequest(seed: 7000 + seed)
    let stages = (0..<4).map { index in
      RandomStage.make(
        "stage\(index)", FailurePolicy.allCases.randomElement(using: &random) ?? .pass, seed: random.next())
    }
    let rig = try PipelineRig(stages, hide: [HideStep(.words(["a"], except: []))])
    var received = 0
    var left: [PlainSpan] = []
    while received < 150 {
      let request = maker.request()
      received += AdmittedRequest(request).spans.count
      let output = AdmittedRequest(rig.process(request))
      #expect(output.isClean, "what leaves the chain would pass the door")
      left += [PlainSpan](request: output.bytes)
    }
    let ledger = rig.ledger
    #expect(ledger.received == received && ledger.emitted == left.count && ledger.isBalanced)
    #expect(ledger.stripped == left.count { $0.name == "[stripped]" })
  }

  @Test("several lanes give the same spans and the same sum as one")
  func lanes() async throws {
    var maker = RandomRequest(seed: 8000)
    let requests = (0..<40).map { _ in maker.request() }
    let one = try await run(requests, lanes: 1)
    let four = try await run(requests, lanes: 4)
    #expect(one.outputs == four.outputs)
    #expect(one.ledger == four.ledger && one.ledger.isBalanced && one.ledger.received > 100)
  }

  private func run(
    _ requests: [[UInt8]], lanes: Int
  ) async throws -> (outputs: [Int: [UInt8]], ledger: SpanLedger) {
    let host = try SpanProcessorHost(
      .init(processors: [SpanHash()], hide: HidePolicy([HideStep(.words(["a"], except: []))]), lanes: lanes))
    let outputs = await withTaskGroup(of: (Int, [UInt8]).self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask { (index, await host.process(Door().admit(request).takeBatch()).encoded()) }
      }
      return await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
    }
    return (outputs, await host.ledger())
  }

  @Test("ledgers add up")
  func sums() {
    var left = SpanLedger()
    left.received = 3
    left.dropped = ["a": 1]
    left.emitted = 2
    var right = left
    right.sampledOut = ["b": 1]
    right.received = 4
    left += right
    #expect(left.received == 7 && left.dropped == ["a": 2] && left.sampledOut == ["b": 1] && left.isBalanced)
    left.emitted += 1
    #expect(!left.isBalanced)
  }
}

/// A stage that does something else to each span.
private enum RandomStage {
  static func make(_ name: String, _ policy: FailurePolicy, seed: UInt64) -> TestStage {
    var random = FixedRandom(state: seed)
    return TestStage(name, policy) { span in
      switch Int.random(in: 0..<10, using: &random) {
      case 0: span.drop("dropped")
      case 1: span.keep("kept")
      case 2: span.sample(0.5, "half")
      case 3: span.rateLimit("limit") { false }
      case 4: span.name = ""
      case 5: span.links = []
      case 6: span[attribute: "new"] = .map([.init("a", "b")])
      case 7: throw TestFailure()
      default: break
      }
    }
  }
}

/// Does to a span what its own content says, so that the order of spans makes no difference.
private struct SpanHash: SpanProcessor {
  let name = "hash"
  let failurePolicy = FailurePolicy.strip

  func onEnding(_ span: borrowing ReadWriteSpan) throws {
    switch span.spanID.value % 8 {
    case 0: span.drop("dropped")
    case 1: span.sample(0.5, "half")
    case 2: throw TestFailure()
    case 3: span[attribute: "hash"] = .int(Int64(bitPattern: span.spanID.value))
    default: break
    }
  }
}
