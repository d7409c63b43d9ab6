internal import Synchronization

/// What is shown at a scrape: instruments that are kept here, and collectors that are asked then.
///
/// The number of series is bounded: what labels do not fit is left out, and counted as
/// `prometheus_series_left_out`.
public final class PrometheusRegistry: Sendable {
  /// Gives families as they are at the moment. Called once a scrape, and by several scrapes at a time.
  public typealias Collector = @Sendable () async -> [MetricFamily]

  /// How much a scrape shows at most.
  public struct Limits: Sendable, Equatable {
    /// Families that instruments may make.
    public var families: Int
    /// Series of one family.
    public var seriesPerFamily: Int

    /// Limits; by default 1,000 families of 1,000 series.
    public init(families: Int = 1000, seriesPerFamily: Int = 1000) {
      self.families = families
      self.seriesPerFamily = seriesPerFamily
    }
  }

  /// The value of the header Content-Type with which `text` is sent.
  public static let contentType = ExpositionText.contentType

  private struct State {
    var collectors: [Collector] = []
    var instruments = InstrumentTable()
  }

  private let limits: Limits
  private let state = Mutex(State())

  /// A registry with nothing in it.
  public init(limits: Limits = Limits()) { self.limits = limits }

  /// Adds a collector.
  public func register(_ collector: @escaping Collector) { state.withLock { $0.collectors.append(collector) } }

  /// Everything there is, in the text exposition format 0.0.4, in an order that does not change.
  public func text() async -> String {
    let (collectors, instruments) = state.withLock { ($0.collectors, $0.instruments.families) }
    var gathered = GatheredFamilies(limits: limits)
    for family in instruments { gathered.add(family) }
    for collector in collectors { for family in await collector() { gathered.add(family) } }
    var text = ExpositionText()
    for family in gathered.all() { text.write(family) }
    return text.text
  }

  // MARK: Instruments

  /// The instrument of these labels, made where there is none; nil where there is no room, or the name belongs to
  /// instruments of another kind.
  func instrument<Made: Instrument>(
    _ name: String, _ labels: [MetricLabel], _ help: String, _ make: () -> Made
  ) -> Made? {
    state.withLock { state in
      state.instruments.instrument(name, labels, help, limits, make)
    }
  }

  func remove(_ instrument: any Instrument) { state.withLock { $0.instruments.remove(instrument) } }
}
