/// Something that is counted or measured in this process.
protocol Instrument: AnyObject, Sendable {
  static var kind: MetricFamily.Kind { get }
  var value: MetricSample.Value { get }
}

/// The instruments by name and labels.
struct InstrumentTable {
  private struct Family {
    var kind: MetricFamily.Kind
    var help: String
    var series: [[MetricLabel]: any Instrument] = [:]
  }

  private var table: [String: Family] = [:]

  /// The instrument of these labels, made where there is none; nil where there is no room for it.
  mutating func instrument<Made: Instrument>(
    _ name: String, _ labels: [MetricLabel], _ help: String, _ limits: PrometheusRegistry.Limits, _ make: () -> Made
  ) -> Made? {
    let labels = labels.sorted()
    if table[name] == nil {
      guard table.count < limits.families else { return nil }
      table[name] = Family(kind: Made.kind, help: help)
    }
    guard let family = table[name], family.kind == Made.kind else { return nil }
    if let known = family.series[labels] { return known as? Made }
    guard family.series.count < limits.seriesPerFamily else { return nil }
    let made = make()
    table[name]?.series[labels] = made
    return made
  }

  mutating func remove(_ instrument: any Instrument) {
    for name in table.keys {
      guard let labels = table[name]?.series.first(where: { $0.value === instrument })?.key else { continue }
      table[name]?.series[labels] = nil
      if table[name]?.series.isEmpty == true { table[name] = nil }
      return
    }
  }

  var families: [MetricFamily] {
    table.map { name, family in
      let samples = family.series.map { labels, instrument in
        var sample = MetricSample(0, labels: labels)
        sample.value = instrument.value
        return sample
      }
      return MetricFamily(name, family.kind, help: family.help, samples: samples)
    }
  }
}
