import CoreMetrics
import PrometheusMetrics
import Testing

struct FactoryTests {
  private let registry = PrometheusRegistry(limits: .init(families: 3, seriesPerFamily: 2))

  private var factory: PrometheusMetricsFactory {
    PrometheusMetricsFactory(registry, help: ["requests": "Requests."], bounds: [0.001, 1])
  }

  @Test func countersAddUpAndTheSameLabelsAreTheSameCounter() async {
    Counter(label: "requests", dimensions: [("code", "200"), ("via", "http")], factory: factory).increment(by: 2)
    Counter(label: "requests", dimensions: [("via", "http"), ("code", "200")], factory: factory).increment(by: 3)
    FloatingPointCounter(label: "requests", dimensions: [("code", "500")], factory: factory).increment(by: 0.5)
    let text = await registry.text()
    #expect(text.contains("# HELP requests_total Requests.\n# TYPE requests_total counter\n"))
    #expect(text.contains("requests_total{code=\"200\",via=\"http\"} 5\n"))
    #expect(text.contains("requests_total{code=\"500\"} 0.5\n"))
  }

  @Test func metersAndRecordersShowTheirLastValue() async {
    let meter = Meter(label: "depth", factory: factory)
    meter.set(4)
    meter.decrement(by: 1)
    Recorder(label: "size", aggregate: false, factory: factory).record(9)
    let text = await registry.text()
    #expect(text.contains("# TYPE depth gauge\ndepth 3\n"))
    #expect(text.contains("# TYPE size gauge\nsize 9\n"))
  }

  @Test func recordersThatAggregateAreSummaries() async {
    let recorder = Recorder(label: "size", aggregate: true, factory: factory)
    recorder.record(4)
    recorder.record(5)
    #expect(await registry.text().contains("# TYPE size summary\nsize_sum 9\nsize_count 2\n"))
  }

  @Test func timersAreHistogramsOfSeconds() async {
    let timer = Timer(label: "export.time", factory: factory)
    timer.recordMilliseconds(1)
    timer.recordMilliseconds(500)
    let text = await registry.text()
    #expect(text.contains("# TYPE export_time_seconds histogram\n"))
    #expect(text.contains("export_time_seconds_bucket{le=\"0.001\"} 1\nexport_time_seconds_bucket{le=\"1\"} 2\n"))
    #expect(text.contains("export_time_seconds_sum 0.501\nexport_time_seconds_count 2\n"))
  }

  @Test func seriesPastTheLimitAreNotKept() async {
    for code in 0..<9 { Counter(label: "requests", dimensions: [("code", "\(code)")], factory: factory).increment() }
    for name in 0..<9 { Counter(label: "c\(name)", factory: factory).increment() }
    let lines = await registry.text().split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("requests_total{") } == 2)
    #expect(lines.count { $0.hasPrefix("# TYPE c") } == 2)
  }

  @Test func aNameIsOfOneKind() async {
    Meter(label: "depth", factory: factory).set(1)
    Recorder(label: "depth", aggregate: true, factory: factory).record(7)
    #expect(await registry.text().contains("# TYPE depth gauge\ndepth 1\n"))
  }

  @Test func whatIsDestroyedIsShownNoMore() async {
    let counter = Counter(label: "requests", factory: factory)
    counter.increment()
    counter.destroy()
    #expect(!(await registry.text().contains("requests")))
  }
}
