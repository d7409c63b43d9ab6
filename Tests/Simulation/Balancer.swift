internal import ProcessorHost

/// Decides which host gets a span.
struct Balancer {
  enum Kind {
    /// Each request goes to the next host, whatever is in it.
    case roundRobin
    /// Each span goes where the hash of its trace id lies on a ring, on which every host has many places.
    case consistentHashing
  }

  /// As many places on the ring, and of them as many for each host, as the OpenTelemetry Collector's exporter has.
  private static let positions: UInt64 = 36_000
  private static let positionsPerHost = 100

  let kind: Kind
  /// The hosts that it knows of.
  var hosts: [Int] { didSet { place() } }
  private var ring: [(position: UInt64, host: Int)] = []
  private var requests = 0

  init(_ kind: Kind, hosts: [Int]) {
    self.kind = kind
    self.hosts = hosts
    place()
  }

  /// The spans of a request, by host.
  mutating func split(_ request: [Int], of workload: Workload) -> [(host: Int, spans: [Int])] {
    switch kind {
    case .roundRobin:
      requests += 1
      return [(hosts[requests % hosts.count], request)]
    case .consistentHashing:
      let parts = Dictionary(grouping: request) { host(of: workload.traces[workload.spans[$0].trace].id) }
      return parts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
  }

  private func host(of id: TraceID) -> Int {
    let position = Self.mix(id.high ^ Self.mix(id.low)) % Self.positions
    var (low, high) = (0, ring.count)
    while low < high {
      let middle = (low + high) / 2
      if ring[middle].position < position { low = middle + 1 } else { high = middle }
    }
    return ring[low == ring.count ? 0 : low].host
  }

  private mutating func place() {
    ring = []
    var taken: Set<UInt64> = []
    for host in hosts {
      for number in 0..<Self.positionsPerHost {
        let position = Self.mix(UInt64(host) << 32 | UInt64(number)) % Self.positions
        if taken.insert(position).inserted { ring.append((position, host)) }
      }
    }
    ring.sort { $0.position < $1.position }
  }

  /// Spreads the bits of a number over all of it.
  private static func mix(_ number: UInt64) -> UInt64 {
    var value = number &+ 0x9e37_79b9_7f4a_7c15
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
