internal import ProcessorHost
internal import Synchronization

/// The rates of a host by name, shared by its lanes and shards.
package final class RateLimits: RateLimitNative {
  private struct Dynamic {
    /// Those that are used anew push out the one that was not used for longest.
    static let maximumSamplers = 256

    var samplers: [String: (sampler: DynamicSampler, used: UInt64)] = [:]
    var uses: UInt64 = 0
  }

  private let limiters = Mutex<[String: RateLimiter]>([:])
  private let dynamic = Mutex(Dynamic())
  private let clock: any Clock<Duration>

  /// - Parameter clock: what time is read from.
  package init(clock: any Clock<Duration> = ContinuousClock()) { self.clock = clock }

  package func take(_ name: String, perSecond: Double) -> Bool {
    let limiter = limiters.withLock { known in
      if let limiter = known[name], limiter.perSecond == perSecond { return limiter }
      let limiter = RateLimiter(perSecond: perSecond, clock: clock)
      known[name] = limiter
      return limiter
    }
    return limiter.take()
  }

  package func share(_ name: String, ofKind kind: UInt64, perSecond: Double) -> Double {
    let sampler = dynamic.withLock { dynamic in
      dynamic.uses += 1
      if let known = dynamic.samplers[name]?.sampler {
        dynamic.samplers[name]?.used = dynamic.uses
        return known
      }
      if dynamic.samplers.count >= Dynamic.maximumSamplers,
        let oldest = dynamic.samplers.min(by: { $0.value.used < $1.value.used })
      {
        dynamic.samplers[oldest.key] = nil
      }
      let sampler = DynamicSampler(clock: clock)
      dynamic.samplers[name] = (sampler, dynamic.uses)
      return sampler
    }
    return sampler.share(ofKind: kind, perSecond: perSecond)
  }
}
