public import CoreMetrics

/// The backend of swift-metrics: what a package measures through it is shown by a registry.
///
/// Counters end in `_total`. Meters and recorders are gauges; a recorder that aggregates is a summary without
/// quantiles. Timers are histograms whose names end in `_seconds`. What there is no room for is not kept.
public final class PrometheusMetricsFactory: MetricsFactory {
  private let registry: PrometheusRegistry
  private let help: [String: String]
  private let bounds: [Double]

  /// - Parameters:
  ///   - help: the sentences on what is measured, by the labels of swift-metrics.
  ///   - bounds: the buckets of timers, in seconds, rising.
  public init(
    _ registry: PrometheusRegistry, help: [String: String] = [:], bounds: [Double] = HistogramValue.durationBounds
  ) {
    self.registry = registry
    self.help = help
    self.bounds = bounds
  }

  /// A counter.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    make(label, "_total", dimensions) { CounterInstrument() } ?? NOOPMetricsHandler.instance
  }

  /// A counter of fractions.
  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    make(label, "_total", dimensions) { CounterInstrument() } ?? NOOPMetricsHandler.instance
  }

  /// A gauge.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    make(label, "", dimensions) { GaugeInstrument() } ?? NOOPMetricsHandler.instance
  }

  /// A summary where it aggregates, otherwise a gauge of the last value.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    if aggregate { return make(label, "", dimensions) { SummaryInstrument() } ?? NOOPMetricsHandler.instance }
    return make(label, "", dimensions) { GaugeInstrument() } ?? NOOPMetricsHandler.instance
  }

  /// A histogram of seconds.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    make(label, "_seconds", dimensions) { TimerInstrument(bounds: bounds) } ?? NOOPMetricsHandler.instance
  }

  /// Shows the counter no more.
  public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
  /// Shows the counter no more.
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
  /// Shows the meter no more.
  public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
  /// Shows the recorder no more.
  public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
  /// Shows the timer no more.
  public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

  private func make<Made: Instrument>(
    _ label: String, _ ending: String, _ dimensions: [(String, String)], _ make: () -> Made
  ) -> Made? {
    let name = MetricName.with(ending, MetricName.metric(label))
    let labels = dimensions.map { MetricLabel($0.0, $0.1) }
    return registry.instrument(name, labels, help[label] ?? "Measured by the package as \(label).", make)
  }

  private func remove(_ handler: AnyObject) {
    if let instrument = handler as? any Instrument { registry.remove(instrument) }
  }
}
