/// Plants secrets on every surface and sends them through a rule set, the rules' code included, to see that none is left.
///
/// It is run at every load. The first secret of each matcher is planted on every surface it can stand on, the others on
/// one surface each, in turn: a list of thousands of words must not make loading slow.
struct LeakBattery {
  private let pipeline: SpanPipeline
  private let plants: [HidePlant]

  /// - Parameter pipeline: the set's chain and hide phase, with a sampler that keeps every span.
  init(_ pipeline: SpanPipeline, _ plants: [HidePlant]) {
    self.pipeline = pipeline
    self.plants = plants
  }

  func run() -> LeakMatrix {
    var matrix = LeakMatrix()
    var planted: [LeakSurface: [Planted]] = [:]
    for (number, plant) in plants.enumerated() {
      if matrix.rows.last?.matcher != plant.matcher || matrix.rows.last?.step != plant.step {
        let cells = [LeakMatrix.Cell](repeating: .none, count: LeakSurface.allCases.count)
        matrix.rows.append(LeakMatrix.Row(matcher: plant.matcher, step: plant.step, cells: cells))
        for surface in LeakSurface.allCases where surface.takes(plant.kind) {
          planted[surface, default: []].append(Planted(plant, number, row: matrix.rows.count - 1))
        }
      } else {
        let surfaces = LeakSurface.allCases.filter { $0.takes(plant.kind) }
        guard !surfaces.isEmpty else { continue }
        planted[surfaces[number % surfaces.count], default: []].append(
          Planted(plant, number, row: matrix.rows.count - 1))
      }
    }
    for (place, surface) in LeakSurface.allCases.enumerated() {
      let here = planted[surface] ?? []
      let output = send(here, surface)
      for secret in here { matrix.rows[secret.row].cells[place].add(isHidden: !secret.shows(in: output)) }
    }
    return matrix
  }

  private func send(_ planted: [Planted], _ surface: LeakSurface) -> [UInt8] {
    if planted.isEmpty { return [] }
    let request = LeakRequest()
    for secret in planted { secret.add(to: request, surface) }
    return pipeline.process(Door().admit(request.bytes).takeBatch()).encoded()
  }
}

/// A secret on its way.
private struct Planted {
  let row: Int
  private let kind: HidePlant.Kind
  private let secret: String
  /// What must not be read anywhere: both halves, for half a card number is too much.
  private let traces: [[UInt8]]

  init(_ plant: HidePlant, _ number: Int, row: Int) {
    self.row = row
    kind = plant.kind
    switch plant.kind {
    // Told apart by its number; nothing but its key makes it one.
    case .key: secret = "planted under its key \(number)."
    case .value(let value): secret = value
    case .text(_, let text, _), .example(_, let text, _): secret = text
    }
    let bytes = Array(secret.utf8).dropLast(plant.kept)
    traces = [Array(bytes.prefix(bytes.count / 2)), Array(bytes.suffix(bytes.count - bytes.count / 2))]
    if case .text = plant.kind { isWhole = bytes.count < 8 } else { isWhole = true }
    whole = Array(bytes)
  }

  /// Whether only the whole of it tells something.
  private let isWhole: Bool
  private let whole: [UInt8]

  func add(to request: LeakRequest, _ surface: LeakSurface) {
    switch kind {
    case .key(let key): request.add(secret, under: key, on: surface)
    case .value(let value): request.add(value, on: surface)
    case .text(let before, let text, let after), .example(let before, let text, let after):
      request.add(before + text + after, on: surface)
    }
  }

  func shows(in output: [UInt8]) -> Bool {
    if whole.isEmpty { return false }
    return isWhole ? ByteSearch.stands(whole, in: output) : traces.contains { ByteSearch.stands($0, in: output) }
  }
}

extension LeakMatrix.Cell {
  fileprivate mutating func add(isHidden: Bool) {
    switch self {
    case .leak: break
    case .none: self = isHidden ? .hidden(1) : .leak
    case .hidden(let count): self = isHidden ? .hidden(count + 1) : .leak
    }
  }
}

/// Keeps every span, so that what a sampler would drop is looked at too.
final class KeepingSampler: SamplingWorker {
  func decide(_ verdict: SpanVerdict, _ span: SpanWorkspace) -> SamplingOutcome { .kept }
}
