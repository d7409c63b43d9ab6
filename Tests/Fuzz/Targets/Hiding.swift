internal import BuiltinProcessors
internal import ProcessorHost

// Any text under a policy that looks inside texts. The first byte chooses the policy, the rest is the text.

private let detectors: [any TextDetector] = TextDetectors.all + [assignment]
private let words = HideMatcher.words(["password", "api_key", "token", "contraseña"], except: ["token.count"])
private let assignment = made {
  try AssignmentDetector(["password", "api_key", "token", "contraseña"], except: ["token.count"])
}
private let keys = made {
  ["k": try PseudonymKeyRing([PseudonymKey(id: "k", secret: [UInt8](repeating: 7, count: 32))])]
}

/// One for each detector, then some with all kinds of steps.
private nonisolated(unsafe) let redactors: [Redactor] = made {
  let single = detectors.map { [HideStep(words), HideStep(.text([$0.name]))] }
  let all = HideMatcher.text(detectors.map(\.name))
  let mixed: [[HideStep]] = [
    [HideStep(words), HideStep(all)],
    [HideStep(words, .keepLast(3)), HideStep(all, .keepLast(4)), HideStep(.query(["sig", "a b", "é"]))],
    [HideStep(words), HideStep(all, .remove), HideStep(.patterns(["a+b", "(?i)x$", "^é"], examples: []))],
    [HideStep(.patterns(["[^ ]+@", "b.*c", "\\Aa"], examples: [])), HideStep(.query(["token"]), .keepLast(1))],
  ]
  return try (single + mixed).map { try Redactor(HidePolicy($0), keys: keys) }
}

/// Two that see which bytes do not show: of the words and one detector, and of the words and all.
private nonisolated(unsafe) let hiders: (one: [TextHider], all: TextHider) = made {
  let hider = { (matchers: [HideMatcher]) in
    let steps = matchers.map { HideStep($0) }
    return TextHider(try TextPolicy(steps, conditions: steps.map { _ in nil }, rings: [:]), rings: [])
  }
  return (
    try detectors.map { try hider([words, .text([$0.name])]) }, try hider([words, .text(detectors.map(\.name))])
  )
}

private func hidden(_ text: UnsafeBufferPointer<UInt8>, _ hider: TextHider) -> Set<Int> {
  guard case .replaced = hider.hide(text, KeyVerdict(), mask: .max, requested: 0) else { return [] }
  return Set(hider.hiddenRanges.joined())
}

private func made<Value>(_ make: () throws -> Value) -> Value {
  do { return try make() } catch { fatalError("\(error)") }
}

/// Tries one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHiding(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  guard let data, size > 1 else { return -1 }
  let choice = Int(data[0]) % redactors.count
  var text = String(decoding: UnsafeBufferPointer(start: data + 1, count: size - 1), as: UTF8.self)
  let redactor = redactors[choice]
  let once = redactor.redact(text)
  require(redactor.redact(once) == once, "hiding twice is not hiding once under \(choice): \(Array(text.utf8))")
  for value in [AttributeValue.string(text), .bytes(Array(text.utf8)), .array([.map([.init(text, .string(text))])])] {
    _ = redactor.redact(AttributeValue.Entry("note", value)).flatMap(redactor.redact)
  }
  guard choice < detectors.count else { return 0 }
  var found = TextRanges()
  text.withUTF8 { bytes in
    detectors[choice].find(in: ScannedText(bytes), into: &found)
    var isMarked = true
    for range in found.ranges {
      require(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a range lies outside: \(Array(bytes))")
      require(
        isBoundary(range.lowerBound, bytes) && isBoundary(range.upperBound, bytes),
        "a range parts a character under \(choice): \(Array(bytes))")
      isMarked = isMarked && bytes[range].elementsEqual(HideAction.markText.utf8)
    }
    let shown = hidden(bytes, hiders.one[choice]).subtracting(hidden(bytes, hiders.all))
    require(shown.isEmpty, "all detectors show \(shown.sorted()), which \(choice) hides alone: \(Array(bytes))")
    // What a detector finds, it has to be asked about.
    let isFound = !isMarked && !found.ranges.isEmpty
    require(!isFound || !bytes.elementsEqual(once.utf8), "no trigger for \(choice): \(Array(bytes))")
  }
  return 0
}

private func isBoundary(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  index == bytes.count || bytes[index] & 0xC0 != 0x80
}
