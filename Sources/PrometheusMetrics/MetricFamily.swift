/// A metric with all its series, as a scrape shows it.
public struct MetricFamily: Sendable, Equatable {
  /// What kind of numbers a family holds.
  public enum Kind: String, Sendable {
    /// Only ever grows, until the process ends.
    case counter
    /// Goes up and down.
    case gauge
    /// Observations counted by buckets.
    case histogram
    /// The sum and the number of observations.
    case summary
  }

  /// The name; what Prometheus does not allow in it is replaced.
  public var name: String
  /// One sentence on what is counted.
  public var help: String
  /// What kind of numbers these are.
  public var kind: Kind
  /// The series.
  public var samples: [MetricSample]

  /// A family.
  public init(_ name: String, _ kind: Kind, help: String, samples: [MetricSample]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.samples = samples
  }

  /// A family with one series that has no labels.
  public init(_ name: String, _ kind: Kind, help: String, value: Double) {
    self.init(name, kind, help: help, samples: [MetricSample(value)])
  }
}

/// One series of a family at one moment.
public struct MetricSample: Sendable, Equatable {
  /// What a series holds.
  public enum Value: Sendable, Equatable {
    /// The value of a counter or gauge.
    case number(Double)
    /// The observations of a histogram or summary.
    case observations(HistogramValue)
  }

  /// The labels that tell this series from the others of its family.
  public var labels: [MetricLabel]
  /// The value.
  public var value: Value

  /// A series of a counter or gauge.
  public init(_ number: Double, labels: [MetricLabel] = []) {
    self.labels = labels
    value = .number(number)
  }

  /// A series of a counter or gauge.
  public init(_ number: Int, labels: [MetricLabel] = []) { self.init(Double(number), labels: labels) }

  /// A series of a histogram or summary.
  public init(_ observations: HistogramValue, labels: [MetricLabel] = []) {
    self.labels = labels
    value = .observations(observations)
  }
}

/// A label of a series.
public struct MetricLabel: Sendable, Hashable, Comparable {
  /// The name; what Prometheus does not allow in it is replaced.
  public var name: String
  /// Any text.
  public var value: String

  /// A label.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// By name, then by value.
  public static func < (left: MetricLabel, right: MetricLabel) -> Bool {
    (left.name, left.value) < (right.name, right.value)
  }
}
