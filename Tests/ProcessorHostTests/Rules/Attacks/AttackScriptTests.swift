internal import Foundation
internal import ProcessorHost
internal import Synchronization
internal import Testing

/// The collection of attack scripts that lies beside the package's folder, where it is there.
enum AttackScripts {
  static let folder = URL(filePath: #filePath).appending(path: "../../../../../../shared/attacks").standardizedFileURL

  static let all: [AttackScript] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".lua") }.sorted().compactMap { name in
      FileManager.default.contents(atPath: folder.appending(path: name).path).map {
        AttackScript(name: name, text: Array($0))
      }
    }
  }()
}

struct AttackScript: Sendable, CustomTestStringConvertible {
  var name: String
  var text: [UInt8]

  var testDescription: String { name }

  var harness: AttackHarness { AttackHarness(script: AttackHarness.translated(text)) }
}

@Suite("Attack scripts achieve nothing", .serialized)
struct AttackScriptTests {
  @Test(
    "Alone with the sandbox: contained, deterministic, and the victim is unharmed",
    .enabled(if: !AttackScripts.all.isEmpty, "the attack scripts are not beside the package"),
    arguments: AttackScripts.all)
  func contained(script: AttackScript) throws {
    let report = try script.harness.run()
    #expect(report.isContained, "\(report)")
    if report.refusal == nil { #expect(report.victim == AttackHarness.unharmed) }
    #expect(try script.harness.run() == report)
  }

  @Test(
    "Through the whole loader: refused with a sentence, or contained",
    .enabled(if: !AttackScripts.all.isEmpty, "the attack scripts are not beside the package"),
    arguments: AttackScripts.all)
  func inspected(script: AttackScript) throws {
    // As it stands, and wrapped into a rule.
    #expect(try AttackHarness(script: script.text, isInspected: true).run().refusal?.isEmpty == false)
    let wrapped = AttackHarness(script: AttackHarness.translated(script.text), isInspected: true)
    let report = try wrapped.run()
    #expect(report.isContained, "\(report)")
  }

  @Test(
    "On a busy machine the verdicts and the steps are the same",
    .enabled(if: !AttackScripts.all.isEmpty, "the attack scripts are not beside the package"))
  func busy() throws {
    let quiet = try AttackScripts.all.map { try $0.harness.run() }
    let reports = try withBusyThreads(2) { try AttackScripts.all.map { try $0.harness.run() } }
    for (index, script) in AttackScripts.all.enumerated() {
      #expect(reports[index] == quiet[index], "\(script.name)")
    }
  }

  private func withBusyThreads<Result>(_ count: Int, _ body: () throws -> Result) throws -> Result {
    let flag = BusyFlag()
    let threads = (0..<count).map { _ in Thread { flag.spin() } }
    for thread in threads { thread.start() }
    defer { flag.stop() }
    return try body()
  }
}

/// Keeps threads busy until it is told to stop.
private final class BusyFlag: Sendable {
  private let isStopped = Atomic<Bool>(false)

  func spin() {
    var value: UInt64 = 1
    while !isStopped.load(ordering: .relaxed) { value = value &* 6_364_136_223_846_793_005 &+ 1 }
    if value == 0 { stop() }
  }

  func stop() { isStopped.store(true, ordering: .relaxed) }
}
