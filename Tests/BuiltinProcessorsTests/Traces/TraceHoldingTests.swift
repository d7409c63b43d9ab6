internal import BuiltinProcessors
internal import ProcessorHost
internal import TestSupport
internal import Testing

/// When a trace is decided, and what becomes of its spans.
struct TraceHoldingTests {
  private static let dropping = ClosureTraceProcessor("dropping") { $0.drop("unwanted") }

  @Test func aTraceIsDecidedOnceItsRootHasComeAndTheGracePeriodIsOver() throws {
    let rig = try TraceRig()
    rig.add([.of(trace: 1, id: 2, parent: 1)], at: .seconds(0))
    rig.add([.of(trace: 1, id: 1)], at: .seconds(5))
    rig.advance(to: .seconds(6.9))
    #expect(rig.emitted.isEmpty)
    #expect(rig.figures.heldSpans == 2)
    rig.advance(to: .seconds(7))
    #expect(rig.emitted.map(\.spanID.value) == [2, 1])
    #expect(rig.figures.decided == [.complete: 1])
  }

  @Test func aTraceWithoutARootIsDecidedWhenItHasWaitedLongEnough() throws {
    let rig = try TraceRig()
    rig.add([.of(trace: 1, id: 2, parent: 1)], at: .seconds(1))
    rig.add([.of(trace: 1, id: 3, parent: 1)], at: .seconds(29))
    rig.advance(to: .seconds(30.9))
    #expect(rig.emitted.isEmpty)
    rig.advance(to: .seconds(31))
    #expect(rig.emitted.count == 2)
    #expect(rig.figures.decided == [.waited: 1])
    #expect(rig.figures.withoutRoot == 1)
  }

  @Test(arguments: [(false, 0), (true, 1)])
  func aParentInAnotherServiceEndsTheWaitOnlyWhereTheSettingsSaySo(_ endsWithLocalRoot: Bool, _ count: Int) throws {
    let rig = try TraceRig(TraceLimits(endsWithLocalRoot: endsWithLocalRoot))
    var span = PlainSpan.of(trace: 1, id: 2, parent: 1)
    span.flags = 0x301
    rig.add([span], at: .seconds(0))
    rig.advance(to: .seconds(2))
    #expect(rig.emitted.count == count)
    #expect(rig.emitted.allSatisfy { $0 == span })
  }

  @Test func tracesAreDecidedInTheOrderInWhichTheyAreDue() throws {
    let rig = try TraceRig(TraceLimits(wait: .seconds(10), grace: .seconds(2)))
    rig.add([.of(trace: 1, id: 1, parent: 9)], at: .seconds(0))
    rig.add([.of(trace: 2, id: 1, parent: 9)], at: .seconds(0.5))
    rig.add([.of(trace: 3, id: 1)], at: .seconds(7.5))
    rig.add([.of(trace: 4, id: 1)], at: .seconds(9))
    // Due at 10, 10.5, 9.5 and 11 seconds.
    rig.advance(to: .seconds(40))
    #expect(rig.emitted.map(\.traceID.high) == [3, 1, 2, 4])
  }

  @Test func aSpanThatComesTwiceLeavesTwice() throws {
    let rig = try TraceRig()
    rig.add([.of(trace: 1, id: 1), .of(trace: 1, id: 1)])
    rig.add([.of(trace: 1, id: 1)])
    rig.end()
    #expect(rig.emitted.count == 3)
    #expect(rig.ledger.isBalanced)
  }

  @Test func lateSpansFollowTheDecision() throws {
    let tagging = ClosureTraceProcessor("tagging") { trace in
      if trace.traceID.high == 1 { trace.set("slow_trace", true) } else { trace.drop("unwanted") }
    }
    let rig = try TraceRig(TraceLimits(), [tagging])
    rig.add([.of(trace: 1, id: 1), .of(trace: 2, id: 1)], at: .seconds(0))
    rig.advance(to: .seconds(2))
    rig.add([.of(trace: 1, id: 2, parent: 1), .of(trace: 2, id: 2, parent: 1)], at: .seconds(20))
    #expect(rig.emitted.map(\.traceID.high) == [1, 1])
    #expect(rig.emitted.allSatisfy { $0.attributes == [AttributeValue.Entry("slow_trace", true)] })
    #expect(rig.figures.lateKept == 1)
    #expect(rig.figures.lateDropped == 1)
    #expect(rig.figures.heldSpans == 0)
    #expect(rig.ledger.dropped == ["unwanted": 2])
    #expect(rig.ledger.isBalanced)
  }

  @Test func aDecisionThatWasForgottenMakesALateSpanATraceOfItsOwn() throws {
    let rig = try TraceRig(TraceLimits(grace: .zero, decisions: 20), [Self.dropping])
    for trace in 0..<100 { rig.add([.of(trace: UInt64(trace), id: 1)], at: UInt64(trace)) }
    rig.advance(to: 100)
    rig.add([.of(trace: 99, id: 2, parent: 1), .of(trace: 0, id: 2, parent: 1)], at: 200)
    #expect(rig.figures.lateDropped == 1)
    #expect(rig.figures.heldSpans == 1)
    #expect(rig.figures.forgotten == 80)
  }

  @Test func whatComesLateOftenIsRememberedLonger() throws {
    let rig = try TraceRig(TraceLimits(grace: .zero, decisions: 20), [Self.dropping])
    for trace in 0..<100 {
      rig.add([.of(trace: UInt64(trace), id: 1)], at: UInt64(trace))
      rig.advance(to: UInt64(trace))
      rig.add([.of(trace: 0, id: 2, parent: 1)], at: UInt64(trace))
    }
    #expect(rig.figures.lateDropped == 100)
  }

  @Test func attributesThatAreTooManyToBeRememberedAreMissingOnLateSpansAndCounted() throws {
    let numbering = ClosureTraceProcessor("numbering") { $0.set("number", .int(Int64($0.traceID.high))) }
    let rig = try TraceRig(TraceLimits(grace: .zero), [numbering])
    for trace in 0..<5_000 { rig.add([.of(trace: UInt64(trace), id: 1)]) }
    rig.advance(to: 1)
    rig.add([.of(trace: 0, id: 2, parent: 1), .of(trace: 4_999, id: 2, parent: 1)], at: 2)
    let late = rig.emitted.suffix(2)
    #expect(late.map(\.attributes) == [[AttributeValue.Entry("number", .int(0))], []])
    #expect(rig.figures.lateUntagged == 1)
  }

  @Test func skewedClocksWrapNothing() throws {
    let seen = Noted<[UInt64]>([])
    let looking = ClosureTraceProcessor("looking") { trace in
      let duration = trace.durationNanoseconds
      seen.change { $0.append(duration) }
    }
    let rig = try TraceRig(TraceLimits(), [looking])
    rig.add([.of(trace: 1, id: 1, start: .max, end: 5), .of(trace: 1, id: 2, parent: 1, start: .max - 1, end: 0)])
    rig.add([.of(trace: 2, id: 1, start: 0, end: .max), .of(trace: 2, id: 2, parent: 1, start: 7, end: 3)])
    rig.end()
    #expect(seen.value == [0, .max - 7])
  }

  @Test func aFailingProcessorLosesItsOwnEditsAndTheTraceIsKept() throws {
    struct Refusal: Error {}
    let failing = ClosureTraceProcessor("failing") { trace in
      trace.set("failing", true)
      trace.drop("failing")
      throw Refusal()
    }
    let tagging = ClosureTraceProcessor("tagging") { $0.set("tagging", true) }
    let rig = try TraceRig(TraceLimits(), [failing, tagging])
    rig.add([.of(trace: 1, id: 1), .of(trace: 1, id: 2, parent: 1)])
    rig.end()
    #expect(rig.emitted.map(\.attributes) == Array(repeating: [AttributeValue.Entry("tagging", true)], count: 2))
    #expect(rig.ledger.failures == ["failing: the processor threw a Refusal": 1])
  }

  @Test func whatIsSetOnOneSpanStandsThereAlone() throws {
    let tagging = ClosureTraceProcessor("tagging") { trace in
      trace.set("all", .int(1))
      trace.set("all", .int(2))
      if let root = trace.rootIndex {
        trace.set("all", .int(3), onSpan: root)
        trace.set("root", true, onSpan: root)
      }
    }
    let rig = try TraceRig(TraceLimits(), [tagging])
    rig.add([.of(trace: 1, id: 2, parent: 1), .of(trace: 1, id: 1)])
    rig.end()
    #expect(
      rig.emitted.map(\.attributes) == [
        [AttributeValue.Entry("all", .int(2))],
        [AttributeValue.Entry("all", .int(3)), AttributeValue.Entry("root", true)],
      ])
  }

  @Test func aTraceThatAnOlderSetHasHiddenIsHiddenByTheOneThatDecides() throws {
    let tagging = ClosureTraceProcessor("tagging") { $0.set("tagged", true) }
    let rig = try TraceRig(TraceLimits(grace: .zero), ruleSet: 2, hide: [HideStep(.names(["secret"]))], [tagging])
    let secret = [AttributeValue.Entry("secret", "s3cret")]
    // The second came under the set that decides, which has left it as it is: so that it is seen what was hidden again.
    rig.add([.of(trace: 1, id: 1, attributes: secret), .of(trace: 1, id: 2, attributes: secret)], ruleSet: 1)
    rig.add([.of(trace: 2, id: 1, attributes: secret)], ruleSet: 2)
    rig.advance(to: 1)
    rig.add([.of(trace: 1, id: 3, attributes: secret, service: "other")], at: 2, ruleSet: 1)
    let tag = AttributeValue.Entry("tagged", true)
    let hidden = [AttributeValue.Entry("secret", "[REDACTED]"), tag]
    #expect(rig.emitted.map(\.attributes) == [hidden, hidden, secret + [tag], hidden])
    #expect(rig.emitted.map(\.spanID.value) == [1, 2, 1, 3])
  }

  @Test func resourcesAndScopesStandBeforeTheirOwnSpans() throws {
    let rig = try TraceRig()
    rig.add([
      .of(trace: 1, id: 1, service: "a"), .of(trace: 1, id: 2, parent: 1, service: "b"),
      .of(trace: 2, id: 3, service: "b"), .of(trace: 1, id: 4, parent: 1, service: "a"),
    ])
    rig.end()
    let services = rig.emitted.map { ($0.spanID.value, $0.resource.first?.value) }
    #expect(services.map(\.0).sorted() == [1, 2, 3, 4])
    for (id, service) in services { #expect(service == (id == 1 || id == 4 ? "a" : "b")) }
  }
}
