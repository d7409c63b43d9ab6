internal import BuiltinProcessors
internal import CRuleSandbox
internal import Foundation
internal import Testing

@testable internal import ProcessorHost

/// A script that tries to break a host, in its own convention: it runs at load and defines a global `on_span(span)`; it
/// may call `log(text)` and use `span.name`, `span.duration_ms`, `span.attrs` and `span:drop()`; where it has succeeded
/// it logs "PWNED: …".
struct Attack: Sendable, CustomTestStringConvertible {
  var name: String
  var script: [UInt8]

  var testDescription: String { name }

  /// The scripts beside the package, where they are there.
  static let recorded: [Attack] = {
    let folder = URL(filePath: #filePath).appending(path: "../../../../../../shared/attacks").standardizedFileURL
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "lua" }.sorted { $0.path < $1.path }.compactMap { file in
      (try? Data(contentsOf: file)).map { Attack(name: file.lastPathComponent, script: Array($0)) }
    }
  }()

  /// The script as a rule with every power, all in the lines it had: what stands before it stands in its first line.
  ///
  /// A "PWNED" raises an error in line 1, where no script has one of its own.
  var rule: RuleSource {
    let before = """
      local on_span, KEEP local pwned = false \
      local function log(text) if tostring(text):find("PWNED", 1, true) then pwned = true error("PWNED") end end
      """
    let after = """

      return rule {
        about = "An attack.",
        can = { read = { "*" }, rewrite = { "name", "attributes.*" }, drop = { "attack" } },
        on_span = function(span)
          local view = { name = span.name, attrs = span.attributes, duration_ms = span.duration_ms }
          view.drop = function() span:drop("attack") end
          if on_span then on_span(view) end
          if type(view.name) == "string" then span.name = view.name end
          if pwned then span.attributes.PWNED = true end
        end,
      }
      """
    return RuleSource(file: "attack.lua", bytes: Array((before + " ").utf8) + script + Array(after.utf8))
  }

  /// How often its hook is called.
  static let calls = 3

  /// Only steps and memory decide here: a test must not depend on how fast the machine is.
  static var limits: sandbox_limits {
    var limits = sandbox_limits()
    limits.cpu_nanoseconds = 60_000_000_000
    return limits
  }
}

/// What came of an attack: the same each time, on any machine, under any load.
struct AttackRecord: Sendable, Equatable {
  var loadError: String?
  var calls: [String] = []
  var steps: [Int] = []
  var memoryPeak = 0
  var name = ""
  var isPwned = false

  /// Loads the attack and calls its hook a few times, on a lane.
  init(_ attack: Attack, skipsInspection: Bool) throws {
    self = try Lane().runAndWait { Self(running: attack, skipsInspection) }
  }

  private init(running attack: Attack, _ skipsInspection: Bool) {
    var loader = RuleLoader(source: attack.rule, overrides: [:], lists: [:])
    loader.skipsInspection = skipsInspection
    loader.limits = Attack.limits
    do throws(RuleError) {
      let rule = try loader.load()
      guard let hook = rule.hook else { return }
      rule.sandbox.access = SpanAccess(powers: rule.definition.powers)
      let request = PlainSpan.attacked.encodedRequest()
      let batch = Door().admit(request).takeBatch()
      batch.bytes.withUnsafeBufferPointer { run in
        guard let base = run.baseAddress else { return }
        let workspace = SpanWorkspace()
        for _ in 0..<Attack.calls where !rule.sandbox.isSpent {
          workspace.begin(base, batch.spans[0])
          let failure = rule.sandbox.callHook(hook, workspace)
          calls.append(failure.map { "\($0.verdict.rawValue) \($0.line ?? 0) \($0.message)" } ?? "done")
          steps.append(rule.sandbox.stepsUsed)
          if failure?.line == 1, failure?.verdict == SANDBOX_RAISED { isPwned = true }
          if ReadWriteSpan(workspace)[attribute: "PWNED"] != nil { isPwned = true }
        }
      }
      memoryPeak = Int(rule.sandbox.box?.pointee.memory_peak ?? 0)
    } catch {
      loadError = error.description
      // An attack that succeeds while it loads raises in line 1 too.
      if error.line == 1, error.message.contains("called error") { isPwned = true }
    }
  }
}

extension PlainSpan {
  /// A span with something to steal.
  static var attacked: PlainSpan {
    .with([
      AttributeValue.Entry("card", "4111 1111 1111 1111"), AttributeValue.Entry("user", "ada"),
      AttributeValue.Entry("victim", "text to upper-case"),
    ])
  }
}
