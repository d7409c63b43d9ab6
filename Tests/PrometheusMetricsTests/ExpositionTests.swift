import PrometheusMetrics
import Testing

struct ExpositionTests {
  private func text(_ families: MetricFamily..., limits: PrometheusRegistry.Limits = .init()) async -> String {
    let registry = PrometheusRegistry(limits: limits)
    registry.register { families }
    let own = "# HELP prometheus_series_left_out "
    // What the registry says of itself is another test's.
    return await registry.text().split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix(own) && !$0.hasPrefix("# TYPE prometheus_series_left_out") }
      .filter { !$0.hasPrefix("prometheus_series_left_out 0") }.joined(separator: "\n")
  }

  @Test func aFamilyHasItsHelpItsTypeAndItsSeriesInTheOrderOfTheirLabels() async {
    let family = MetricFamily(
      "spans_total", .counter, help: "Spans.",
      samples: [
        MetricSample(7, labels: [MetricLabel("rule", "b"), MetricLabel("outcome", "x")]),
        MetricSample(2.5, labels: [MetricLabel("outcome", "x"), MetricLabel("rule", "a")]),
      ])
    let expected = """
      # HELP spans_total Spans.
      # TYPE spans_total counter
      spans_total{outcome="x",rule="a"} 2.5
      spans_total{outcome="x",rule="b"} 7

      """
    #expect(await text(family) == expected)
  }

  @Test func valuesAndHelpAreEscaped() async {
    let family = MetricFamily(
      "a", .gauge, help: "A \\ and a\nline \"end\"",
      samples: [MetricSample(1, labels: [MetricLabel("path", "C:\\x\n\"y\"\rz")])])
    let expected = #"""
      # HELP a A \\ and a\nline "end"
      # TYPE a gauge
      a{path="C:\\x\n\"y\" z"} 1

      """#
    #expect(await text(family) == expected)
  }

  @Test func namesThatPrometheusDoesNotAllowAreReplaced() async {
    let family = MetricFamily(
      "2nd.queue-depth", .gauge, help: "",
      samples: [
        MetricSample(
          1, labels: [MetricLabel("http.route", "a"), MetricLabel("http_route", "b"), MetricLabel("__name__", "c")])
      ])
    #expect(await text(family).contains(#"_2nd_queue_depth{_name__="c",http_route="a;b"} 1"#))
  }

  @Test func bucketsOfAHistogramAddUp() async {
    var observations = HistogramValue(bounds: [0.1, 1])
    for value in [0.05, 0.1, 0.5, 7] { observations.observe(value) }
    let family = MetricFamily(
      "wait_seconds", .histogram, help: "Waits.",
      samples: [MetricSample(observations, labels: [MetricLabel("le", "mine"), MetricLabel("a", "b")])])
    let expected = """
      # HELP wait_seconds Waits.
      # TYPE wait_seconds histogram
      wait_seconds_bucket{a="b",exported_le="mine",le="0.1"} 2
      wait_seconds_bucket{a="b",exported_le="mine",le="1"} 3
      wait_seconds_bucket{a="b",exported_le="mine",le="+Inf"} 4
      wait_seconds_sum{a="b",exported_le="mine"} 7.65
      wait_seconds_count{a="b",exported_le="mine"} 4

      """
    #expect(await text(family) == expected)
  }

  @Test(arguments: [
    (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e20, "1e+20"), (-3, "-3"), (1e-7, "1e-07"),
    (4_503_599_627_370_497, "4503599627370497"),
  ])
  func numbersAreWrittenAsPrometheusReadsThem(_ number: Double, _ written: String) async {
    let family = MetricFamily("a", .gauge, help: "", value: number)
    #expect(await text(family).hasSuffix("\na \(written)\n"))
  }

  @Test func whatWouldMakeTheTextInvalidIsLeftOutAndCounted() async {
    let registry = PrometheusRegistry(limits: .init(seriesPerFamily: 3))
    registry.register {
      [
        MetricFamily("a.b", .gauge, help: "First.", value: 1),
        MetricFamily("a_b", .gauge, help: "The same series again.", value: 2),
        MetricFamily("a_b", .counter, help: "Another kind.", value: 3),
        MetricFamily("a_b", .gauge, help: "", samples: [MetricSample(HistogramValue())]),
        MetricFamily(
          "many", .gauge, help: "", samples: (0..<5).map { MetricSample($0, labels: [.init("n", "\($0)")]) }),
      ]
    }
    let text = await registry.text()
    #expect(text.contains("\na_b 1\n"))
    #expect(text.contains("\nprometheus_series_left_out 5\n"))
    #expect(text.split(separator: "\n").count { $0.hasPrefix("many{") } == 3)
    #expect(text.split(separator: "\n").count { $0.hasPrefix("# TYPE a_b") } == 1)
  }

  @Test func familiesAreInTheOrderOfTheirNames() async {
    let registry = PrometheusRegistry()
    registry.register { [MetricFamily("z", .gauge, help: "", value: 1)] }
    registry.register { [MetricFamily("a", .gauge, help: "", value: 1)] }
    let names = await registry.text().split(separator: "\n").filter { $0.hasPrefix("# TYPE") }.map {
      $0.split(separator: " ")[2]
    }
    #expect(names == ["a", "prometheus_series_left_out", "z"])
  }
}
