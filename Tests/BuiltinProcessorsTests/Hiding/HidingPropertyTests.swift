internal import ProcessorHost
internal import Testing

@Suite("Whatever the policy and the span")
struct HidingPropertyTests {
  private static let seeds = 0..<12 as Range<UInt64>
  private static let rounds = 15

  @Test("The order of steps changes nothing", arguments: seeds)
  func order(seed: UInt64) throws {
    var maker = RandomHiding(seed: seed)
    for _ in 0..<Self.rounds {
      let steps = maker.steps()
      let request = maker.request()
      let output = try HidingRig(steps).hide(request)
      let shuffled = steps.shuffled(using: &maker.random)
      #expect(try HidingRig(shuffled).hide(request) == output, "\(steps)")
      #expect(try HidingRig(steps.reversed()).hide(request) == output, "\(steps)")
    }
  }

  @Test("One more step never reveals", arguments: seeds)
  func adding(seed: UInt64) throws {
    var maker = RandomHiding(seed: seed &+ 1000)
    for _ in 0..<Self.rounds {
      let steps = maker.steps()
      let request = maker.request()
      let more = steps + [maker.step()]
      let before = maker.visible(in: try HidingRig(steps).hide(request))
      let after = maker.visible(in: try HidingRig(more).hide(request))
      for (secret, length) in after {
        #expect(length <= before[secret, default: 0], "\(secret) under \(more)")
      }
    }
  }

  @Test("Hiding twice is hiding once", arguments: seeds)
  func twice(seed: UInt64) throws {
    var maker = RandomHiding(seed: seed &+ 2000)
    for _ in 0..<Self.rounds {
      let steps = maker.steps()
      let rig = try HidingRig(steps)
      let once = rig.hide(maker.request())
      let twice = rig.hide(once)
      let difference = twice == once ? "" : Self.difference(once, twice)
      #expect(difference == "", "\(steps)")
    }
  }

  /// Where two requests part, as text.
  private static func difference(_ left: [UInt8], _ right: [UInt8]) -> String {
    let lines = { (request: [UInt8]) in PlainSpan.all(in: Door().admit(request).takeBatch()).map { "\($0)" } }
    return zip(lines(left), lines(right)).filter { $0 != $1 }.map { "\($0)\n\($1)" }.joined(separator: "\n")
  }

  @Test("What leaves is canonical and passes a door as it is", arguments: seeds)
  func canonical(seed: UInt64) throws {
    var maker = RandomHiding(seed: seed &+ 3000)
    for _ in 0..<Self.rounds {
      let output = try HidingRig(maker.steps()).hide(maker.request())
      let admission = Door().admit(output)
      #expect(admission.refusals.isEmpty)
      #expect(admission.notes.isClean)
      #expect(admission.batch.encoded() == output)
    }
  }

  @Test("The memory of verdicts never changes an answer", arguments: seeds)
  func cache(seed: UInt64) throws {
    var maker = RandomHiding(seed: seed &+ 4000)
    let steps = maker.steps()
    let rig = try HidingRig(steps)
    // One worker sees all spans and remembers keys; a new one has nothing to remember.
    for _ in 0..<Self.rounds {
      let request = maker.request()
      #expect(rig.hide(request) == (try HidingRig(steps).hide(request)))
    }
  }

  @Test("A policy without steps changes no byte", arguments: seeds)
  func nothing(seed: UInt64) throws {
    var maker = RandomHiding(seed: seed &+ 5000)
    let rig = try HidingRig([])
    for _ in 0..<Self.rounds {
      let request = maker.request()
      #expect(rig.hide(request) == Door().admit(request).batch.encoded())
    }
  }
}
