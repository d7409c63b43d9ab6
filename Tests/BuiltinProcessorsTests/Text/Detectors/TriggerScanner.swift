internal import BuiltinProcessors
internal import CHyperscan

/// Tells whether one of a detector's triggers matches anywhere in a text, when those of all detectors are looked for.
///
/// All of them together, as rules look for them.
final class TriggerScanner {
  private var database: OpaquePointer?
  private var scratch: OpaquePointer?
  private let digitRun: Int?
  private let numberShapes: NumberShapes

  init?(for name: String, among detectors: [any TextDetector] = TextDetectors.all) {
    digitRun = detectors.first { $0.name == name }?.digitRun
    numberShapes = detectors.first { $0.name == name }?.numberShapes ?? []
    var texts: [CChar] = []
    let triggers = detectors.flatMap { detector in detector.triggers.map { (detector.name, $0) } }
    let starts = triggers.map { trigger in
      defer { texts += trigger.1.utf8CString }
      return texts.count
    }
    let ids: [UInt32] = triggers.map { $0.0 == name ? 1 : 0 }
    var error: UnsafeMutablePointer<hs_compile_error_t>?
    let status = texts.withUnsafeBufferPointer { texts in
      hs_compile_multi(
        starts.map { start in texts.baseAddress.map { $0 + start } }, triggers.map { _ in 0 },
        ids, UInt32(triggers.count), UInt32(HS_MODE_BLOCK), nil, &database, &error)
    }
    if let error { hs_free_compile_error(error) }
    guard status == HS_SUCCESS, hs_alloc_scratch(database, &scratch) == HS_SUCCESS else { return nil }
  }

  deinit {
    hs_free_scratch(scratch)
    hs_free_database(database)
  }

  func matches(_ bytes: [UInt8]) -> Bool {
    var count = 0
    if let digitRun {
      bytes.withUnsafeBufferPointer { DigitRuns.forEach(in: $0, atLeast: digitRun) { _ in count += 1 } }
    }
    bytes.withUnsafeBufferPointer { NumberShapeScan.forEach(of: numberShapes, in: $0) { _, _ in count += 1 } }
    let status = bytes.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { text in
        withUnsafeMutablePointer(to: &count) { count in
          hs_scan(
            database, text.baseAddress, UInt32(text.count), 0, scratch,
            { id, _, _, _, count in
              if id == 1 { count?.assumingMemoryBound(to: Int.self).pointee += 1 }
              return 0
            }, count)
        }
      }
    }
    return status == HS_SUCCESS && count > 0
  }
}
