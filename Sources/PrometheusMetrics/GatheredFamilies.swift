/// The families of one scrape, put together so that the text is valid: each name once, each series once, in order.
struct GatheredFamilies {
  static let leftOutName = "prometheus_series_left_out"

  private let limits: PrometheusRegistry.Limits
  private var families: [String: MetricFamily] = [:]
  private var seen: [String: Set<[MetricLabel]>] = [:]
  private var leftOut = 0

  init(limits: PrometheusRegistry.Limits) { self.limits = limits }

  mutating func add(_ family: MetricFamily) {
    let name = MetricName.metric(family.name)
    var merged = families[name] ?? MetricFamily(name, family.kind, help: family.help, samples: [])
    guard merged.kind == family.kind else {
      leftOut += family.samples.count
      return
    }
    for sample in family.samples {
      let sample = sample.normalized(in: family.kind)
      guard merged.samples.count < limits.seriesPerFamily, sample.fits(family.kind),
        seen[name, default: []].insert(sample.labels).inserted
      else {
        leftOut += 1
        continue
      }
      merged.samples.append(sample)
    }
    families[name] = merged
  }

  /// All families by name, their series by labels. A family without series is not shown.
  func all() -> [MetricFamily] {
    var sorted: [MetricFamily] = []
    let count = MetricFamily(
      Self.leftOutName, .gauge, help: "Series that this scrape leaves out: too many, twice, or of another kind.",
      value: Double(leftOut))
    for (name, var family) in families where name != Self.leftOutName && !family.samples.isEmpty {
      family.samples.sort { $0.labels.lexicographicallyPrecedes($1.labels) }
      sorted.append(family)
    }
    return (sorted + [count]).sorted { $0.name < $1.name }
  }
}

extension MetricSample {
  fileprivate func fits(_ kind: MetricFamily.Kind) -> Bool {
    switch value {
    case .number: kind == .counter || kind == .gauge
    case .observations: kind == .histogram || kind == .summary
    }
  }
}
