internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("A rules directory that is watched")
struct RuleReloaderTests {
  private func start(_ files: RuleFiles, _ log: OutcomeLog = OutcomeLog()) throws -> (SpanProcessorHost, RuleReloader) {
    let directory = try RuleDirectory(contentsOf: files.path)
    let host = try SpanProcessorHost(.init(rules: directory))
    let reloader = RuleReloader(host, running: directory, path: files.path, interval: .seconds(3600)) { log.add($0) }
    return (host, reloader)
  }

  @Test("what says the same as before is not loaded again, whatever its times")
  func unchanged() async throws {
    let files = try RuleFiles()
    let log = OutcomeLog()
    let (host, reloader) = try start(files, log)
    try files.write("rules/redact.lua", RuleFiles.hiding("a"))
    #expect(await reloader.reload() == .unchanged)
    #expect(host.ruleSetNumber == RuleSetNumber(1) && log.all.isEmpty)
  }

  @Test("an edit comes into force")
  func edited() async throws {
    let files = try RuleFiles()
    let log = OutcomeLog()
    let (host, reloader) = try start(files, log)
    try files.write("rules/redact.lua", RuleFiles.hiding("b"))
    let outcome = await reloader.reload()
    #expect(outcome == .swapped(RuleSetNumber(2), try RuleDirectory(contentsOf: files.path)))
    #expect(log.all == [outcome] && host.ruleSetNumber == RuleSetNumber(2))
  }

  @Test("a broken edit changes nothing, is told once, and is over when it is mended")
  func broken() async throws {
    let files = try RuleFiles()
    let log = OutcomeLog()
    let (host, reloader) = try start(files, log)
    try files.write("rules/redact.lua", "return rule { about = \"t\", hdie = {} }")
    guard case .failed(let refused) = await reloader.reload() else {
      Issue.record("it was loaded")
      return
    }
    let errors = refused.errors
    #expect(errors.description.contains("redact.lua:1") && errors.description.contains("hide"))
    #expect(await reloader.reload() == .unchanged)
    #expect(log.all.count == 1 && reloader.refused?.errors == errors && host.ruleSetNumber == RuleSetNumber(1))
    try files.write("rules/redact.lua", RuleFiles.hiding("a"))
    #expect(await reloader.reload() == .restored, "what runs is what is there again")
    #expect(reloader.refused == nil && log.all.last == .restored)
    #expect(await reloader.reload() == .unchanged)
    try files.write("rules/redact.lua", RuleFiles.hiding("c"))
    #expect(await reloader.reload() != .unchanged)
    #expect(host.ruleSetNumber == RuleSetNumber(2))
  }

  @Test("a set whose own tests fail does not run")
  func failingTest() async throws {
    let files = try RuleFiles()
    let (host, reloader) = try start(files)
    try files.write(
      "rules/redact.test.lua",
      """
      test "hides b" { given = span { attributes = { b = "hunter2" } }, nowhere = { "hunter2" } }
      """)
    guard case .failed(let refused) = await reloader.reload() else {
      Issue.record("it was loaded")
      return
    }
    let errors = refused.errors
    #expect(errors.errors[0].file == "redact.test.lua" && errors.errors[0].line == 1)
    #expect(errors.description.contains("hides b"))
    #expect(host.ruleSetNumber == RuleSetNumber(1))
  }

  @Test("a directory that goes away or is emptied changes nothing, and may come back")
  func goneDirectory() async throws {
    let files = try RuleFiles()
    let (host, reloader) = try start(files)
    try FileManager.default.moveItem(atPath: files.path, toPath: files.path + ".away")
    defer { try? FileManager.default.removeItem(atPath: files.path + ".away") }
    if case .failed = await reloader.reload() {} else { Issue.record("it was loaded") }
    try FileManager.default.createDirectory(atPath: files.path, withIntermediateDirectories: true)
    if case .failed(let refused) = await reloader.reload() {
      #expect(refused.errors.description.contains("chain.lua"))
    } else {
      Issue.record("it was loaded")
    }
    try FileManager.default.removeItem(atPath: files.path)
    try FileManager.default.moveItem(atPath: files.path + ".away", toPath: files.path)
    #expect(await reloader.reload() == .restored)
    #expect(reloader.refused == nil && host.ruleSetNumber == RuleSetNumber(1))
  }

  @Test("a directory that is a link is followed to what it points at now")
  func link() async throws {
    let first = try RuleFiles()
    let second = try RuleFiles()
    try second.write("rules/redact.lua", RuleFiles.hiding("z"))
    let link = first.path + ".link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: first.path)
    defer { try? FileManager.default.removeItem(atPath: link) }
    let directory = try RuleDirectory(contentsOf: link)
    let host = try SpanProcessorHost(.init(rules: directory))
    let reloader = RuleReloader(host, running: directory, path: link, interval: .seconds(3600)) { _ in }
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: second.path)
    #expect(await reloader.reload() == .swapped(RuleSetNumber(2), try RuleDirectory(contentsOf: second.path)))
  }

  @Test("directories with the same files have the same digest, and any difference another")
  func digests() throws {
    let files = try RuleFiles()
    let first = try RuleDirectory(contentsOf: files.path)
    #expect(first.digest == (try RuleDirectory(contentsOf: files.path)).digest)
    #expect(first.digest.count == 64)
    try files.write("rules/redact.lua", RuleFiles.hiding("a") + "\n")
    #expect(first.digest != (try RuleDirectory(contentsOf: files.path)).digest)
    var moved = first
    moved.tests["redact"] = RuleSource(file: "redact.test.lua", text: "")
    #expect(first.digest != moved.digest)
  }
}
