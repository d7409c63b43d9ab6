internal import BuiltinProcessors
internal import Testing

@Suite("Rate limits")
struct RateLimiterTests {
  private func taken(_ limiter: RateLimiter, of attempts: Int) -> Int { (0..<attempts).count { _ in limiter.take() } }

  @Test("A full bucket lets a second's worth through at once, and no more")
  func burst() {
    let clock = ManualClock()
    let limiter = RateLimiter(perSecond: 10, clock: clock)
    #expect(taken(limiter, of: 100) == 10)
    clock.advance(.milliseconds(250))
    #expect(taken(limiter, of: 100) == 2)
    clock.advance(.milliseconds(50))
    #expect(taken(limiter, of: 100) == 1)
  }

  @Test("However long it was quiet, no more than the burst passes")
  func longQuiet() {
    let clock = ManualClock()
    let limiter = RateLimiter(perSecond: 10, burst: 3, clock: clock)
    #expect(taken(limiter, of: 100) == 3)
    clock.advance(.seconds(3600))
    #expect(taken(limiter, of: 100) == 3)
  }

  @Test("In the long run the rate passes, also a rate below one a second")
  func longRun() {
    for rate in [0.5, 7.0, 1000.0] {
      let clock = ManualClock()
      let limiter = RateLimiter(perSecond: rate, burst: 1, clock: clock)
      var count = 0
      for _ in 0..<100_000 {
        clock.advance(.milliseconds(1))
        if limiter.take() { count += 1 }
      }
      #expect(abs(Double(count) - rate * 100) <= 2)
    }
  }

  @Test("A rate of zero or less, or none, lets nothing through", arguments: [0, -1, Double.nan])
  func zero(rate: Double) {
    let clock = ManualClock()
    let limiter = RateLimiter(perSecond: rate, burst: 5, clock: clock)
    #expect(!limiter.take())
    clock.advance(.seconds(100))
    #expect(!limiter.take())
  }

  @Test("A clock that goes backwards gives nothing and takes nothing away")
  func backwards() {
    let clock = ManualClock()
    let limiter = RateLimiter(perSecond: 1, burst: 2, clock: clock)
    #expect(limiter.take())
    clock.advance(.seconds(-50))
    #expect(limiter.take())
    #expect(!limiter.take())
    clock.advance(.seconds(50))
    #expect(!limiter.take())
    clock.advance(.seconds(1))
    #expect(limiter.take())
  }

  @Test("Many threads together take no more than there is")
  func concurrent() async {
    let limiter = RateLimiter(perSecond: 1000, clock: ManualClock())
    let total = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 { group.addTask { (0..<1000).count { _ in limiter.take() } } }
      return await group.reduce(0, +)
    }
    #expect(total == 1000)
  }
}
