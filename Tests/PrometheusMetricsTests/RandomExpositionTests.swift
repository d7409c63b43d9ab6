import PrometheusMetrics
import TestSupport
import Testing

struct RandomExpositionTests {
  private static let pieces = [
    "a", "le", "quantile", "__name__", "http.route", "9", "", "\"", "\\", "\n", "\r", " ", "é", "}", ",", "=", "#",
    "\u{0}", "{",
    "\u{2028}", "\\n",
  ]

  private func text(_ numbers: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0..<4, using: &numbers)).map { _ in Self.pieces.randomElement(using: &numbers) ?? "" }.joined()
  }

  private func family(_ numbers: inout SeededGenerator) -> MetricFamily {
    let kind = [MetricFamily.Kind.counter, .gauge, .histogram, .summary].randomElement(using: &numbers) ?? .gauge
    let samples = (0..<Int.random(in: 0..<5, using: &numbers)).map { _ in
      let labels = (0..<Int.random(in: 0..<4, using: &numbers)).map { _ in
        MetricLabel(text(&numbers), text(&numbers))
      }
      if kind == .counter || kind == .gauge {
        let numbersOfAllKinds = [0, 0.1, -1, 1e300, .infinity, -.infinity, .nan, 9_007_199_254_740_992]
        return MetricSample(numbersOfAllKinds.randomElement(using: &numbers) ?? 0, labels: labels)
      }
      var observations = HistogramValue()
      for _ in 0..<Int.random(in: 0..<9, using: &numbers) { observations.observe(.random(in: 0...60, using: &numbers)) }
      return MetricSample(observations, labels: labels)
    }
    return MetricFamily(text(&numbers), kind, help: text(&numbers), samples: samples)
  }

  @Test func whateverIsCollectedTheTextIsValid() async throws {
    var numbers = SeededGenerator(seed: 20_260_711)
    var series = 0
    for _ in 0..<300 {
      let families = (0..<6).map { _ in family(&numbers) }
      let registry = PrometheusRegistry(limits: .init(seriesPerFamily: 3))
      registry.register { families }
      let read = try ExpositionReader(await registry.text())
      series += read.values.count
      for (name, type) in read.types where type == "histogram" {
        for (count, value) in read.values where count.name == name + "_count" {
          let all = ExpositionReader.Series(
            name: name + "_bucket", labels: count.labels.merging(["le": "+Inf"]) { _, new in new })
          #expect(read.values[all] == value)
        }
      }
    }
    #expect(series > 3000)
  }

  @Test func valuesOfLabelsComeBackAsTheyWere() async throws {
    for value in Self.pieces where value != "\r" {
      let registry = PrometheusRegistry()
      registry.register {
        [MetricFamily("a", .gauge, help: "", samples: [MetricSample(1, labels: [.init("b", value)])])]
      }
      let read = try ExpositionReader(await registry.text())
      #expect(read.values[.init(name: "a", labels: ["b": value])] == "1")
    }
  }
}
