internal import ProcessorHost

// Any text is loaded as a rule file with all checks, and read as a list, a chain and a test file.

private let lane = try? Lane()

/// Tries one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRules(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let trial = RuleTrial(text: Array(UnsafeBufferPointer(start: data, count: size)), skipsInspection: false)
  lane?.runAndWait {
    trial.run()
    trial.readAsOtherFiles()
  }
  return 0
}

/// Makes another input of one.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int, _ seed: UInt32) -> Int {
  var writer = LuaWriter(seed: UInt64(seed))
  return writer.mutate(data, size, limit: limit)
}
