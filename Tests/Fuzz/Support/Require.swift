internal import Glibc
internal import ProcessorHost

/// Ends the process where an invariant does not hold, so that the fuzzer keeps the input.
func require(_ condition: Bool, _ sentence: @autoclosure () -> String) {
  if condition { return }
  let report = Array("INVARIANT BROKEN: \(sentence())\n".utf8)
  _ = write(STDERR_FILENO, report, report.count)
  abort()
}

extension [UInt8] {
  /// Whether the run of bytes stands anywhere in these.
  func holds(_ needle: [UInt8]) -> Bool {
    guard let first = needle.first, count >= needle.count else { return needle.isEmpty }
    return withUnsafeBufferPointer { run in
      var start = 0
      while let place = run[start...].firstIndex(of: first), count - place >= needle.count {
        if run[place..<place + needle.count].elementsEqual(needle) { return true }
        start = place + 1
      }
      return false
    }
  }

  /// The bytes in hexadecimal, for the report of a find.
  var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

extension Door {
  /// Admits bytes that must be canonical, and gives the batch that has the same bytes.
  func admitClean(_ request: [UInt8], _ what: String) -> SpanBatch {
    let admission = admit(request)
    let refusals = admission.refusals
    let notes = admission.notes
    let batch = admission.takeBatch()
    let encoded = batch.encoded()
    require(refusals.isEmpty, "\(what) is refused: \(refusals); \(request.hexadecimal)")
    require(notes.isClean, "\(what) is not canonical: \(notes); \(request.hexadecimal)")
    require(encoded == request, "\(what) does not come back byte for byte: \(request.hexadecimal)")
    return batch
  }
}

/// The request as OTLP/JSON, and how many of its fields are not in there.
func json(_ request: [UInt8], as style: OTLPJSONWriter.Style = .line) -> (text: [UInt8], leftOut: Int) {
  let output = WireBuffer()
  let leftOut = request.withUnsafeBufferPointer { OTLPJSONWriter.write($0, as: style, to: output) }
  return (Array(output.bytes), leftOut)
}

/// A small generator with a fixed sequence for a seed (SplitMix64).
struct Choices {
  var state: UInt64

  mutating func next(below bound: UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return (mixed ^ mixed >> 31) % bound
  }
}
