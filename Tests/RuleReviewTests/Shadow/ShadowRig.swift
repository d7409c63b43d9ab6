import BuiltinProcessors
import Foundation
import ProcessorHost
import RuleReview
import Synchronization
import Testing

/// A host with rules, a directory for a candidate, and the comparison of both.
final class ShadowRig: Sendable {
  let host: SpanProcessorHost
  let runner: ShadowRunner
  let path: String

  /// - Parameters:
  ///   - live: the rules that run, by name, in chain order.
  ///   - candidate: those of the candidate; nil where there is none so far.
  init(live: KeyValuePairs<String, String>, candidate: KeyValuePairs<String, String>?) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/shadow-\(UInt64.random(in: 0 ... .max))"
    path = folder
    host = try SpanProcessorHost(SpanProcessorHost.Configuration(rules: Self.directory(live)))
    let told = Told()
    runner = ShadowRunner(
      ShadowRunner.Configuration(directory: folder, budget: ShadowBudget(share: 1), interval: .milliseconds(20)),
      host: host, tell: { told.add($0) })
    self.told = told
    if let candidate { try write(candidate) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private let told: Told

  /// What was told, in order.
  var tellings: [String] { told.all }

  static func directory(_ rules: KeyValuePairs<String, String>) -> RuleDirectory {
    RuleDirectory(
      chain: RuleSource(file: "chain.lua", text: chain(rules)),
      rules: rules.map { RuleSource(file: "\($0.key).lua", text: $0.value) })
  }

  private static func chain(_ rules: KeyValuePairs<String, String>) -> String {
    "return chain { api = 1, \(rules.map { "\"\($0.key)\"" }.joined(separator: ", ")) }\n"
  }

  /// Puts a candidate where it is looked for, in the place of one that may be there.
  func write(_ rules: KeyValuePairs<String, String>) throws {
    let partial = path + ".partial"
    try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
    try Data(Self.chain(rules).utf8).write(to: URL(filePath: partial + "/chain.lua"))
    for (name, text) in rules { try Data(text.utf8).write(to: URL(filePath: "\(partial)/\(name).lua")) }
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: partial, toPath: path)
  }

  func remove() throws { try FileManager.default.removeItem(atPath: path) }

  /// Runs the comparison while `body` does.
  func run(_ body: (ShadowRig) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [runner] in await runner.run() }
      try await body(self)
      group.cancelAll()
    }
  }

  /// Waits until something holds.
  func wait(_ what: String, until isSo: (ShadowReport) -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(600)
    while !isSo(runner.report) {
      try #require(ContinuousClock.now < end, "waited for \(what): \(runner.report)")
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Offers spans in one request.
  func offer(_ spans: [PlainSpan]) { runner.offer(spans.flatMap { $0.encodedRequest() }, .protobuf) }

  /// What the candidate would change of some spans.
  func changes(of spans: [PlainSpan]) async throws -> [ShadowChange] {
    var changes: [ShadowChange] = []
    try await run { rig in
      try await rig.wait("the candidate") { $0.state == .comparing }
      rig.offer(spans)
      try await rig.wait("all spans") { $0.spans == spans.count }
      changes = rig.runner.report.changes
    }
    return changes
  }
}

/// What a comparison told, in words for a test.
private final class Told: Sendable {
  private let events = Mutex<[String]>([])

  var all: [String] { events.withLock { $0 } }

  func add(_ event: ShadowRunner.Event) {
    let text =
      switch event {
      case .comparing(_, let verdict): "comparing: \(verdict.rawValue)"
      case .failing(let errors): "failing: \(errors)"
      case .same: "same"
      case .absent: "absent"
      }
    events.withLock { $0.append(text) }
  }
}
