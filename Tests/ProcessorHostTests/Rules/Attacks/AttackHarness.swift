internal import BuiltinProcessors
internal import CRuleSandbox
internal import Synchronization
internal import Testing

@testable internal import ProcessorHost

/// Runs a hostile rule beside a victim, on a lane, and says what it achieved.
///
/// `@testable`: attacks are tried without the inspection that refuses most of them at load, which no host can do.
struct AttackHarness {
  /// What an attack came to. Two runs give the same.
  struct Report: Sendable, Equatable {
    /// Why it did not load, where it did not.
    var refusal: String?
    /// What each call ended with, empty for a good end, and the steps it took.
    var calls: [Call] = []
    /// What it wrote with `log`.
    var logged: [String] = []
    /// The victim's attribute after each call.
    var victim: [AttributeValue?] = []
    var memoryPeak = 0

    var isContained: Bool {
      !logged.contains { $0.hasPrefix("PWNED") } && memoryPeak <= 4 << 20
        && calls.allSatisfy { $0.steps <= 100_000 }
        && !calls.contains { $0.failure.contains("processor time") }
    }
  }

  struct Call: Sendable, Equatable {
    var failure: String
    var steps: Int
  }

  /// Attributes of the spans that each attack gets, one call each.
  static let spans: [PlainSpan] = ["first", "second", "third"].map { name in
    var span = PlainSpan.with([
      .init("tenant", .string("a-" + name)), .init("card", .string("4111-" + name)), .init("k", 1),
    ])
    span.name = name
    span.events = [SpanEvent(name: "e", attributes: [.init("k", 1)])]
    return span
  }

  private static let victim = """
    return rule {
      about = "Upper-cases the tenant.",
      can = { read = { "attributes.tenant" }, rewrite = { "attributes.victim" } },
      on_span = function(span)
        local text = span.attributes.tenant:upper():gsub("%-", "_")
        span.attributes.victim = ("%s %d %s"):format(text, math.floor(2.7), tostring(nil))
      end,
    }
    """

  static let unharmed: [AttributeValue?] = ["A_FIRST 2 nil", "A_SECOND 2 nil", "A_THIRD 2 nil"]

  /// A rule with every power, whose hook calls the script's `on_span`. The prelude stands on the script's first line.
  ///
  /// Names that rules do not have are nil in the script, so that it goes on to whatever it tries without them.
  static func translated(_ script: [UInt8]) -> [UInt8] {
    let prelude = """
      local current, loaded = nil, {}
      local on_span, KEEP, os, io, debug, package, require, load, loadstring, loadfile, dofile, rawset, rawget, rawequal
      local rawlen, setmetatable, getmetatable, coroutine, collectgarbage, print, next, xpcall, warn, _G, newproxy, unpack
      local function log(text) text = tostring(text):sub(1, 60)
      if not current then loaded[#loaded + 1] = text return end
      for i = 1, #text do current:rate_limit(text:byte(i), "log") end current:rate_limit(10, "log") end
      """
    let coda = """

      return rule { about = "attack", on_failure = "pass",
        can = { read = { "*" }, rewrite = { "name", "status.code", "status.message", "attributes.*" }, 
          drop = { "attack" }, sample = { "log" } },
        on_span = function(span)
          current = span
          for _, text in ipairs(loaded) do log(text) end
          return on_span(span)
        end }
      """
    return Array(prelude.replacing("\n", with: " ").utf8) + [UInt8(ascii: " ")]
      + script.replacing(Array(".attrs".utf8), with: Array(".attributes".utf8))
      .replacing(Array(":drop()".utf8), with: Array(":drop('attack')".utf8)) + Array(coda.utf8)
  }

  let script: [UInt8]
  /// Whether the rule has to pass the inspection at load.
  var isInspected = false

  func run() throws -> Report {
    let lane = try Lane()
    return lane.runAndWait { Self.report(script, isInspected: isInspected) }
  }

  /// The most memory that the state had in use during the first spans, and during all of them, none of which may fail.
  func memory(after early: Int, _ late: Int) throws -> (early: Int, late: Int) {
    let lane = try Lane()
    return try lane.runAndWait { () throws(RuleError) in
      var loader = RuleLoader(source: RuleSource(file: "attack.lua", bytes: script), overrides: [:], lists: [:])
      loader.skipsInspection = true
      let attack = try loader.load()
      attack.sandbox.access = Self.access(attack.definition) { _ in }
      let bytes = Self.spans[0].encodedRequest()
      let batch = Door().admit(bytes).takeBatch()
      let place = batch.spans.first ?? 0..<0
      var peaks: [Int] = []
      batch.bytes.withUnsafeBufferPointer { run in
        guard let base = run.baseAddress, let hook = attack.hook else { return }
        let workspace = SpanWorkspace()
        for count in 1...late {
          workspace.begin(base, place)
          if attack.sandbox.callHook(hook, workspace) != nil { return }
          if count == early || count == late { peaks.append(attack.sandbox.box?.pointee.memory_peak ?? 0) }
        }
      }
      return (peaks.first ?? 0, peaks.last ?? .max)
    }
  }

  private static func report(_ script: [UInt8], isInspected: Bool) -> Report {
    var report = Report()
    var loader = RuleLoader(source: RuleSource(file: "attack.lua", bytes: script), overrides: [:], lists: [:])
    loader.skipsInspection = !isInspected
    let logged = Mutex<[UInt8]>([])
    do {
      let attack = try loader.load()
      attack.sandbox.access = access(attack.definition) { byte in logged.withLock { $0.append(byte) } }
      let victimLoader = RuleLoader(
        source: RuleSource(file: "victim.lua", text: victim), overrides: [:], lists: [:])
      let definition = try victimLoader.load().definition
      let stage = try RuleStage(
        loader: victimLoader, definition: definition, access: SpanAccess(powers: definition.powers))
      for span in spans { call(attack, stage, span, &report) }
      report.memoryPeak = attack.sandbox.box?.pointee.memory_peak ?? 0
    } catch {
      report.refusal = error.description
    }
    report.logged = logged.withLock { $0 }.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    return report
  }

  /// All powers; what the attack logs comes out byte by byte as the rates that it asks for, which no failure takes back.
  private static func access(_ definition: RuleDefinition, _ log: @escaping @Sendable (UInt8) -> Void) -> SpanAccess {
    var access = SpanAccess(powers: definition.powers)
    access.mayHideConditionally = true
    access.rateLimit = { _, byte in
      log(UInt8(byte))
      return true
    }
    return access
  }

  private static func call(_ attack: LoadedRule, _ victim: RuleStage, _ span: PlainSpan, _ report: inout Report) {
    let batch = Door().admit(span.encodedRequest()).takeBatch()
    let place = batch.spans.first ?? 0..<0
    batch.bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return }
      let workspace = SpanWorkspace()
      workspace.begin(base, place)
      let point = workspace.checkpoint()
      if let hook = attack.hook {
        let failure = attack.sandbox.callHook(hook, workspace)
        report.calls.append(
          Call(
            failure: failure.map { "\($0.line ?? 0): \($0.sentence)" } ?? "", steps: attack.sandbox.stepsUsed))
        if failure != nil { workspace.rollBack(to: point) }
      }
      _ = victim.process(workspace)
      report.victim.append(PlainSpan(ReadWriteSpan(workspace))["victim"])
    }
  }
}
