internal import CoreMetrics
internal import Synchronization

/// A number that grows.
final class CounterInstrument: Instrument, CounterHandler, FloatingPointCounterHandler {
  static let kind = MetricFamily.Kind.counter
  private let count = Atomic<Int64>(0)
  private let fraction = Mutex(0.0)

  func increment(by amount: Int64) {
    // A counter that fell would be read as a process that began anew.
    if amount > 0 { count.wrappingAdd(amount, ordering: .relaxed) }
  }

  func increment(by amount: Double) {
    if amount > 0, amount.isFinite { fraction.withLock { $0 += amount } }
  }

  func reset() {
    count.store(0, ordering: .relaxed)
    fraction.withLock { $0 = 0 }
  }

  var value: MetricSample.Value {
    .number(Double(count.load(ordering: .relaxed)) + fraction.withLock { $0 })
  }
}

/// A number that goes up and down: a meter, or a recorder of which the last value counts.
final class GaugeInstrument: Instrument, MeterHandler, RecorderHandler {
  static let kind = MetricFamily.Kind.gauge
  private let number = Mutex(0.0)

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { number.withLock { $0 = value } }
  func record(_ value: Int64) { set(Double(value)) }
  func record(_ value: Double) { set(value) }
  func increment(by amount: Double) { number.withLock { $0 += amount } }
  func decrement(by amount: Double) { number.withLock { $0 -= amount } }

  var value: MetricSample.Value { .number(number.withLock { $0 }) }
}

/// Values of a recorder that are added up. In which unit they are is not known, so that there are no buckets for them.
final class SummaryInstrument: Instrument, RecorderHandler {
  static let kind = MetricFamily.Kind.summary
  private let observations = Mutex(HistogramValue(bounds: []))

  func record(_ value: Int64) { record(Double(value)) }
  func record(_ value: Double) { observations.withLock { $0.observe(value) } }

  var value: MetricSample.Value { .observations(observations.withLock { $0 }) }
}

/// Durations in seconds, by buckets.
final class TimerInstrument: Instrument, TimerHandler {
  static let kind = MetricFamily.Kind.histogram
  private let observations: Mutex<HistogramValue>

  init(bounds: [Double]) { observations = Mutex(HistogramValue(bounds: bounds)) }

  func recordNanoseconds(_ duration: Int64) { observations.withLock { $0.observe(Double(duration) / 1e9) } }

  var value: MetricSample.Value { .observations(observations.withLock { $0 }) }
}
