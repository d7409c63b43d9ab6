internal import ProcessorHost
internal import Testing

@Suite("Value by value, whatever the policy and the span")
struct ReadableValueTests {
  private static let seeds = 0..<8 as Range<UInt64>
  private static let policies = 60
  private static let spans = 8

  @Test("One more step never lets anything be read that could not be read before", arguments: seeds)
  func adding(seed: UInt64) throws {
    var maker = RandomSpan(seed: seed)
    for _ in 0..<Self.policies {
      let steps = maker.steps()
      let more = (steps + [maker.step()]).shuffled(using: &maker.random)
      let (rig, stricter) = (try HidingRig(steps), try HidingRig(more))
      for _ in 0..<Self.spans {
        let span = maker.span()
        let before = ReadableValues(try rig.hide(span))
        let after = ReadableValues(try stricter.hide(span))
        #expect(before.firstNot(in: ReadableValues(span)) == nil, "\(steps)")
        #expect(after.firstNot(in: before) == nil, "\(more) after \(steps)")
      }
    }
  }

  @Test("Whatever the order of the steps, the same bytes leave, and a second pass changes none", arguments: seeds)
  func orderAndRepetition(seed: UInt64) throws {
    var maker = RandomSpan(seed: seed &+ 100)
    for _ in 0..<Self.policies {
      let steps = maker.steps()
      let (rig, shuffled) = (try HidingRig(steps), try HidingRig(steps.shuffled(using: &maker.random)))
      for _ in 0..<Self.spans {
        let once = rig.hide(maker.span().encodedRequest())
        // What the limits dropped is counted once; nothing is left for them to drop again.
        #expect(rig.hide(once) == once, "\(steps)")
        #expect(shuffled.hide(once) == once, "\(steps)")
        let admission = Door().admit(once)
        #expect(admission.refusals.isEmpty && admission.notes.isClean && admission.batch.encoded() == once)
      }
      let span = maker.span().encodedRequest()
      #expect(shuffled.hide(span) == rig.hide(span), "\(steps)")
    }
  }

  @Test("A policy that hits nothing leaves every byte", arguments: seeds)
  func hitsNothing(seed: UInt64) throws {
    var maker = RandomSpan(seed: seed &+ 200)
    let actions: [HideAction] = [.mark, .remove, .cut(0)]
    let steps = actions.flatMap { action in
      [
        HideStep(.words(["absent", "keys", "pass"], except: []), action),
        HideStep(.names(["passwor", "notes"]), action), HideStep(.prefixes(["passwords", "user.id."]), action),
        HideStep(.values(["The same everywhere", "<"]), action),
        HideStep(.beyond(AttributeLimits(attributes: 8, events: 3, links: 3)), .remove),
        HideStep(.words(["password", "note", "api", "user", "token"], except: RandomSpan.keys), action),
        HideStep(.names(RandomSpan.keys), action, isConditional: true),
      ]
    }
    let rig = try HidingRig(steps)
    for _ in 0..<200 {
      let request = maker.span().encodedRequest()
      #expect(rig.hide(request) == request)
    }
  }

  @Test("What a lane remembers of keys changes no answer, in another order and among thousands of other keys")
  func memory() throws {
    var maker = RandomSpan(seed: 300)
    let steps = (0..<6).map { _ in maker.step() }
    let rig = try HidingRig(steps)
    let spans = (0..<300).map { _ in maker.span() }
    let first = try spans.map(rig.hide)
    var number = 0
    for index in spans.indices.shuffled(using: &maker.random) {
      var crowd = PlainSpan()
      crowd.attributes = (0..<40).map { _ in
        number += 1
        // Some words are secret, some keys are longer than what is remembered.
        let tail = String(repeating: "x", count: number % 7 == 0 ? 150 : 0)
        return .init(number % 3 == 0 ? "password.\(number).\(tail)" : "key.\(number).\(tail)", .int(Int64(number)))
      }
      #expect(try rig.hide(crowd) == (try HidingRig(steps).hide(crowd)))
      #expect(try rig.hide(spans[index]) == first[index])
    }
  }
}
