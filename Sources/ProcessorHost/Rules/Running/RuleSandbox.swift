internal import CRuleSandbox

/// A Lua state with its limits, and the host's side of the rule language.
///
/// Unsafe by nature, and safe because: the C struct lives from `init` to `deinit`; the host pointer it carries is this
/// object, which owns it and so outlives it; and it is used on one lane alone, which is why it is not `Sendable`.
/// No Lua error crosses a Swift frame: whatever may raise runs in C under `lua_pcall`, and the functions that C calls
/// back only return answers. They read `span` and `access` while a call is under way and never change them, so the
/// run-time checks for overlapping accesses are left out.
final class RuleSandbox {
  /// Why a call into the sandbox failed.
  struct Failure: Error {
    var verdict: sandbox_verdict
    /// The line in the chunk; nil where it is not known.
    var line: Int?
    var message: String
  }

  @exclusivity(unchecked) private(set) var box: UnsafeMutablePointer<sandbox>?
  private var spanReference: Int32 = 0
  private var traceReference: Int32 = 0
  let file: String

  // What the walk over Lua values found, and who answers for settings and lists.
  var builder = LuaValueBuilder()
  var declared: [LuaNode] = []
  var declareSettings: ((LuaValue) -> Result<[Setting], RuleError>)?
  var settings: [Setting] = []
  /// What was wrong with the settings.
  var declarationError: RuleError?
  var openList: ((String) -> Result<[String], RuleError>)?
  var listItems: [[UInt8]] = []

  /// The span that a hook works on; set while it runs.
  @exclusivity(unchecked) var span: SpanWorkspace?
  @exclusivity(unchecked) var access = SpanAccess()
  /// The trace that a hook looks at; its spans are opened in `span`.
  @exclusivity(unchecked) var trace: TraceCall?

  /// Where texts stand that are made for C to read.
  let lent = WireBuffer(capacity: 256)
  private var dumped: [UInt8] = []
  private var found: [Int32] = []
  /// Kept for as long as C writes there.
  private var lineNotes: LineNotes?

  /// Only on a lane: Lua needs its stack.
  init(file: String, _ kind: rule_file, limits: sandbox_limits = sandbox_limits()) throws(RuleError) {
    self.file = file
    var limits = limits
    #if DEBUG
      // Code that is not optimised takes several times as long for the same steps, and those are to decide.
      if limits.cpu_nanoseconds <= 0 { limits.cpu_nanoseconds = 500_000_000 }
    #endif
    sandbox_prepare_thread()
    let host = Unmanaged.passUnretained(self).toOpaque()
    guard let box = sandbox_open(&limits, host) else {
      throw RuleError(file: file, message: "no memory for a Lua state; the process is out of memory")
    }
    self.box = box
    let verdict = rule_install(box, hostFunctions, kind, &spanReference, &traceReference)
    if verdict != SANDBOX_OK {
      throw RuleError(file: file, message: "the Lua state could not be set up: \(failure(verdict).message)")
    }
  }

  deinit { if let box { sandbox_close(box) } }

  /// From now on nobody answers for settings and lists: they are read while a file loads and never in a hook.
  func endLoading() {
    declareSettings = nil
    openList = nil
  }

  /// Compiles a text; the result is a reference to its main function.
  func load(_ text: [UInt8], name: String) throws(Failure) -> Int32 {
    var reference: Int32 = 0
    let verdict = text.withUnsafeBufferPointer { run in
      run.withMemoryRebound(to: CChar.self) { characters in
        sandbox_load(box, characters.baseAddress, characters.count, "@" + name, &reference)
      }
    }
    guard verdict == SANDBOX_OK else { throw failure(verdict) }
    return reference
  }

  /// Runs a main function and gives back what it returned.
  func run(_ reference: Int32) throws(Failure) -> LuaValue {
    builder.reset()
    let limit = box?.pointee.limits.load_steps ?? 0
    let verdict = rule_run(box, reference, limit)
    guard verdict == SANDBOX_OK else { throw failure(verdict) }
    return builder.result
  }

  /// Makes everything that a function reaches read-only.
  func freeze(_ reference: Int32) throws(Failure) {
    let verdict = rule_freeze(box, reference)
    guard verdict == SANDBOX_OK else { throw failure(verdict) }
  }

  /// The compiled form of a function, as `lua_dump` writes it.
  func dump(_ reference: Int32) throws(Failure) -> [UInt8] {
    dumped = []
    let verdict = rule_dump(box, reference) { host, bytes, length in
      guard let host, let bytes else { return }
      RuleSandbox.from(host).dumped += UnsafeBufferPointer(start: bytes, count: length)
    }
    guard verdict == SANDBOX_OK else { throw failure(verdict) }
    return dumped
  }

  /// The Lua functions that a function can reach, itself first.
  func reachable(from reference: Int32) throws(Failure) -> [Int32] {
    found = []
    let verdict = rule_reachable(box, reference) { host, reference in
      guard let host else { return }
      RuleSandbox.from(host).found.append(reference)
    }
    guard verdict == SANDBOX_OK else { throw failure(verdict) }
    return found
  }

  /// Calls a hook with the span; nil where it went well.
  @inline(__always)
  func callHook(_ reference: Int32, _ span: SpanWorkspace) -> Failure? {
    // A lane has one workspace, so this is nearly always the one that is there already.
    if self.span !== span { self.span = span }
    let verdict = sandbox_call_hook(box, reference, spanReference)
    if verdict == SANDBOX_OK { return nil }
    builder.reset()
    return failure(verdict)
  }

  /// Calls a hook with a trace; nil where it went well.
  func callHook(_ reference: Int32, _ trace: TraceWorkspace) -> Failure? {
    if self.trace?.trace !== trace { self.trace = TraceCall(trace) }
    span = trace.reader
    self.trace?.begin()
    defer { self.trace?.end() }
    let steps = (box?.pointee.limits.call_steps ?? 0) + Int64(trace.spans.count) * TraceCall.stepsPerSpan
    let verdict = sandbox_call_hook_within(box, reference, traceReference, steps)
    if verdict == SANDBOX_OK { return nil }
    builder.reset()
    return failure(verdict)
  }

  /// Notes from now on which lines run.
  func note(lines: LineNotes) {
    lineNotes = lines
    sandbox_note_lines(box, lines.bytes, LineNotes.lineCount)
  }

  /// Steps that the last call used.
  var stepsUsed: Int { Int(box?.pointee.steps_used ?? 0) }

  /// Whether the state has ended by running out of memory.
  var isSpent: Bool { sandbox_is_spent(box) }

  private func failure(_ verdict: sandbox_verdict) -> Failure {
    let line = Int(box?.pointee.report.line ?? 0)
    let message = sandbox_message(box).map { String(cString: $0) } ?? ""
    return Failure(verdict: verdict, line: line > 0 ? line : nil, message: message)
  }

  /// A name as a message may show it: only if it stands in the rule's text, since one that was made at run time may
  /// be a span's value.
  func shown(_ name: UnsafeBufferPointer<UInt8>) -> String {
    guard let box, rule_stands_in_source(box, name.baseAddress, name.count) else { return "(a name made at run time)" }
    return String(decoding: name, as: UTF8.self)
  }

  static func from(_ host: UnsafeMutableRawPointer) -> RuleSandbox {
    Unmanaged<RuleSandbox>.fromOpaque(host).takeUnretainedValue()
  }

  /// Leaves the sentence for the error that the C side raises.
  func refuse(_ message: String) -> rule_answer {
    var message = message
    message.withUTF8 { run in
      run.withMemoryRebound(to: CChar.self) { rule_refuse_with(box, $0.baseAddress, $0.count) }
    }
    return RULE_REFUSED
  }
}
