internal import ProcessorHost

/// Hosts behind a balancer, and what happens to them in the course of a scenario.
struct Cluster {
  private static let tick = 0.1

  let scenario: Scenario
  let workload: Workload
  private let tally: Tally
  private let clock = SimulatedClock()
  private var balancer: Balancer
  /// Those that run.
  private var hosts: [Int: SimulatedHost] = [:]
  private var lost: SimulatedHost?
  private var wasAdded = false
  /// Requests for a host that is lost, until the balancer knows.
  private var waiting: [[Int]] = []

  init(_ scenario: Scenario, _ workload: Workload) throws {
    self.scenario = scenario
    self.workload = workload
    tally = Tally(traces: workload.traces.count)
    balancer = Balancer(scenario.balancing, hosts: Array(0..<scenario.hosts))
    for number in 0..<scenario.hosts { hosts[number] = try SimulatedHost(number, scenario, tally, clock) }
  }

  /// Lets all of the workload through, and then so much time that nothing is held any more.
  mutating func run() async throws -> Outcome {
    let end = (workload.requests.last?.time ?? 0) + scenario.wait + scenario.grace + scenario.noticing
    var next = 0
    var steps = 0
    while Double(steps) * Self.tick <= end {
      steps += 1
      let now = Double(steps) * Self.tick
      while next < workload.requests.count, workload.requests[next].time <= now {
        clock.advance(to: workload.requests[next].time)
        await send(workload.requests[next].spans)
        next += 1
      }
      clock.advance(to: now)
      try await change(at: now)
      for (_, host) in hosts.sorted(by: { $0.key < $1.key }) {
        await host.advance()
        // While the workload comes; what is held drains behind it.
        if steps % 5 == 0, now <= workload.shape.length { await host.measure() }
      }
    }
    var figures = await lost?.figures() ?? TraceFigures()
    for host in hosts.values { figures += await host.finish() }
    return Outcome(
      scenario: scenario, workload: workload, fates: tally.fates, figures: figures,
      // Of those that were there all the time.
      received: hosts.values.filter { $0.number < scenario.hosts }.map(\.received),
      bytes: (Array(hosts.values) + [lost].compactMap(\.self)).map(\.bytes))
  }

  private mutating func send(_ request: [Int]) async {
    for part in balancer.split(request, of: workload) {
      if let host = hosts[part.host] {
        await host.take(part.spans, of: workload)
      } else {
        waiting.append(part.spans)
      }
    }
  }

  private mutating func change(at now: Double) async throws {
    if let time = scenario.lost {
      if now >= time, lost == nil, let host = hosts.removeValue(forKey: scenario.hosts / 2) {
        host.lose()
        lost = host
      }
      if let lost, now >= time + scenario.noticing, balancer.hosts.contains(lost.number) {
        balancer.hosts.removeAll { $0 == lost.number }
        let requests = waiting
        waiting = []
        for request in requests { await send(request) }
      }
    }
    if let time = scenario.added, now >= time, !wasAdded {
      wasAdded = true
      hosts[scenario.hosts] = try SimulatedHost(scenario.hosts, scenario, tally, clock)
      balancer.hosts.append(scenario.hosts)
    }
  }
}
