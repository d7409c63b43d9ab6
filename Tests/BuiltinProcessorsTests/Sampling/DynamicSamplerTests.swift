internal import BuiltinProcessors
internal import TestSupport
internal import Testing

@Suite("Dynamic sampling")
struct DynamicSamplerTests {
  private let clock = ManualClock()
  private let sampler: DynamicSampler

  init() { sampler = DynamicSampler(clock: clock) }

  /// Ten seconds of traces of some kinds, mixed, one after the other.
  /// - Returns: the shares that the traces of each kind got.
  @discardableResult
  private func interval(
    _ traffic: [UInt64: Int], perSecond: Double, seed: UInt64 = 1
  ) -> [UInt64: [Double]] {
    var generator = SeededGenerator(seed: seed)
    let traces = traffic.sorted { $0.key < $1.key }.flatMap { Array(repeating: $0.key, count: $0.value) }
    var shares: [UInt64: [Double]] = [:]
    let step = Duration.seconds(10) / traces.count
    for kind in traces.shuffled(using: &generator) {
      shares[kind, default: []].append(sampler.share(ofKind: kind, perSecond: perSecond))
      clock.advance(step)
    }
    clock.advance(.seconds(10) - step * traces.count)
    return shares
  }

  /// How many stay in the mean.
  private func sum(_ shares: [UInt64: [Double]]) -> Double { shares.values.joined().reduce(0, +) }

  @Test("Rare kinds stay whole, common ones share what is left evenly, and in all as many stay as were asked for")
  func steady() {
    var traffic: [UInt64: Int] = [100: 20_000, 101: 5000]
    for rare in 0..<20 as Range<UInt64> { traffic[rare] = 3 }
    interval(traffic, perSecond: 50)
    for seed in 2...6 as ClosedRange<UInt64> {
      let shares = interval(traffic, perSecond: 50, seed: seed)
      for rare in 0..<20 as Range<UInt64> { #expect(shares[rare]?.allSatisfy { $0 == 1 } == true) }
      #expect(abs(sum(shares) - 500) < 10)
      for common in [100, 101] as [UInt64] {
        #expect(abs((shares[common] ?? []).reduce(0, +) - 220) < 5)
      }
    }
  }

  @Test("A kind that is new is cut from its first second on")
  func start() {
    let shares = interval([1: 20_000, 2: 20], perSecond: 50)
    #expect(shares[2]?.allSatisfy { $0 == 1 } == true)
    // A second's 50 and 50/n of the n-th, and then nine times the 50.
    let firstSecond = 50 * (1 + 3.7)
    #expect(sum(shares) < 20 + firstSecond + 450)
  }

  @Test("Where everything fits, everything stays")
  func roomForAll() {
    for _ in 0..<3 {
      let shares = interval([1: 300, 2: 100, 3: 1], perSecond: 60)
      #expect(shares.values.joined().allSatisfy { $0 == 1 })
    }
  }

  @Test("A kind that bursts is cut within the interval, and the others keep what is theirs")
  func burst() {
    let quiet: [UInt64: Int] = [1: 10, 2: 10]
    for _ in 0..<3 { interval(quiet, perSecond: 10) }
    let shares = interval([1: 10, 2: 20_000], perSecond: 10)
    #expect(shares[1]?.allSatisfy { $0 == 1 } == true)
    // Of n traces that come at once, a level of 100 leaves the first 100, and then 100/n of the n-th.
    #expect(sum(shares) < 10 + 110 * (1 + 5.5))
    #expect((shares[2]?.last ?? 1) < 0.01)
  }

  @Test("Many kinds that are new at once take from each other, and not beyond the target")
  func newKinds() {
    for _ in 0..<3 { interval([1: 1000], perSecond: 10) }
    var traffic: [UInt64: Int] = [1: 1000]
    for kind in 1000..<1500 as Range<UInt64> { traffic[kind] = 4 }
    // Of 3,000 that come at once, a level for 100 leaves no more than 100 and then 100/n of the n-th.
    #expect(sum(interval(traffic, perSecond: 10)) < 100 * (1 + 3.5))
    #expect(sum(interval(traffic, perSecond: 10)) < 120)
  }

  @Test("The average follows a kind that comes less, and a kind that has ceased to come is new again")
  func decay() {
    interval([1: 8000], perSecond: 10)
    for average in [8000, 4500, 2750, 1875, 1437.5] as [Double] {
      let first = interval([1: 1000], perSecond: 10)[1]?.first ?? 0
      #expect(abs(first - 100 / average) < 1e-9)
    }
    clock.advance(.seconds(3600))
    #expect(interval([1: 50], perSecond: 10)[1]?.allSatisfy { $0 == 1 } == true)
  }

  @Test("Another target takes what was counted over, at once")
  func otherTarget() {
    for _ in 0..<3 { interval([1: 1000, 2: 10], perSecond: 10) }
    #expect(abs(sampler.share(ofKind: 1, perSecond: 10) - 0.09) < 0.001)
    #expect(abs(sampler.share(ofKind: 1, perSecond: 20) - 0.19) < 0.001)
    #expect(sampler.share(ofKind: 1, perSecond: 1000) == 1)
    #expect(sampler.share(ofKind: 2, perSecond: 0) == 0)
    #expect(sampler.share(ofKind: 2, perSecond: .nan) == 0)
  }

  @Test("Kinds beyond 1,024 count as one, so that endless kinds take no endless memory")
  func bound() {
    let known = UInt64(DynamicSampler.maximumKinds)
    var shares: [Double] = []
    for kind in 0..<known * 20 { shares.append(sampler.share(ofKind: kind, perSecond: 200)) }
    #expect(shares.prefix(Int(known)).allSatisfy { $0 == 1 })
    // 2,000 in ten seconds, less one of each kind, for all others together: of them a second has brought so many.
    #expect(abs(shares[shares.count - 1] - Double(2000 - known) / Double(known * 19 * 10)) < 1e-4)
    // Those that were told apart still are.
    #expect(sampler.share(ofKind: 1, perSecond: 200) == 1)
  }

  @Test("Calls from several threads count one by one")
  func threads() async {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { [sampler] in for _ in 0..<1000 { _ = sampler.share(ofKind: 1, perSecond: 1) } }
      }
    }
    clock.advance(.seconds(5))
    #expect(abs(sampler.share(ofKind: 1, perSecond: 1) - 5.0 / 8001) < 1e-9)
  }
}

@Suite("Rates of a host")
struct RateLimitsTests {
  @Test("Each name counts for itself, and of too many those that are used stay")
  func names() {
    let rates = RateLimits(clock: ManualClock())
    for _ in 0..<1000 {
      _ = rates.share("used", ofKind: 1, perSecond: 1)
      _ = rates.share("left", ofKind: 1, perSecond: 1)
    }
    for name in 0..<1000 {
      #expect(rates.share("\(name)", ofKind: 1, perSecond: 1) == 1)
      #expect(rates.share("used", ofKind: 1, perSecond: 1) <= 0.01)
    }
    #expect(rates.share("left", ofKind: 1, perSecond: 1) == 1)
  }

  @Test("A limit and a share of the same name do not touch each other")
  func limitAndShare() {
    let rates = RateLimits(clock: ManualClock())
    #expect(rates.take("a", perSecond: 1) && !rates.take("a", perSecond: 1))
    #expect(rates.share("a", ofKind: 1, perSecond: 1) == 1)
  }
}

@Suite("Shares of a budget")
struct MaxMinFairnessTests {
  @Test("are max-min fair: the level is where a plain search puts it", arguments: 1...50 as ClosedRange<UInt64>)
  func level(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let demands = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
      Double(Int.random(in: 1...1000, using: &generator))
    }
    let budget = Double(Int.random(in: 0...20_000, using: &generator))
    var fairness = MaxMinFairness()
    fairness.measure([1, 2, 3])
    fairness.measure(demands)
    let level = fairness.level(budget)
    let given = demands.map { min($0, level) }.reduce(0, +)
    if demands.reduce(0, +) <= budget {
      #expect(level == .infinity)
    } else {
      // All of the budget is given, and nobody who gets less than he asks for gets less than another.
      #expect(abs(given - budget) < 1e-6)
    }
  }

  @Test("A budget without demands is enough")
  func nothing() { #expect(MaxMinFairness().level(0) == .infinity) }
}
