internal import ProcessorHost

// Any text is the body of a hook that has all powers, and is loaded without the checks of its compiled form: only the
// sandbox stands between it and the host.

private let lane = try? Lane()

private let prelude = """
  local helper = {n = 1, list = {1, 2}} \
  return rule {about = "f", can = {read = {"*"}, set = {flag = "boolean", n = "integer", x = "number", c = {"a", "b"}}, \
  sample = {"r"}, drop = {"d"}, rewrite = {"name", "status.message", "status.code", "attributes.*"}}, \
  on_span = function(span) local log, on_span = tostring\u{20}
  """
private let ending = "\nif on_span then on_span(span) end end }"

/// Tries one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSandbox(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let body = UnsafeBufferPointer(start: data, count: size)
  let trial = RuleTrial(text: Array(prelude.utf8) + body + Array(ending.utf8), skipsInspection: true)
  lane?.runAndWait { trial.run() }
  return 0
}

/// Makes another input of one.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int, _ seed: UInt32) -> Int {
  var writer = LuaWriter(seed: UInt64(seed))
  return writer.mutate(data, size, limit: limit)
}
