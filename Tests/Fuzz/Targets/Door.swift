internal import ProcessorHost

// Any bytes come to the door; what comes in goes through chains. The first two bytes choose the chain and what is
// planted, the rest is the request.

private let door = Door()
/// Live from one input to the next, as in a host: their caches must never change an answer.
private nonisolated(unsafe) var hiding: [Int: SpanPipeline] = [:]

/// Tries one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDoor(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  guard let data, size > 2 else { return -1 }
  let request = Array(UnsafeBufferPointer(start: data + 2, count: size - 2))
  // Only what the planter puts in may be found later.
  if [Planter.secret, Planter.value, Planter.loser].contains(where: request.holds) { return -1 }
  let admission = door.admit(request)
  let isClean = admission.refusals.isEmpty && admission.notes.isClean
  for refusal in admission.refusals {
    require((0...request.count).contains(refusal.offset), "an offset lies outside of the request: \(refusal)")
  }
  let canonical = admission.batch.encoded()
  if isClean { require(canonical == request, "a canonical request changed: \(request.hexadecimal)") }
  if admission.refusals.isEmpty {
    require(
      Reference(request: request) == Reference(request: canonical),
      "the door changed what a request says:\n\(request.hexadecimal)\n\(canonical.hexadecimal)")
  }
  passes(canonical)
  plantedIsGone(canonical, chain: data[0], seed: UInt64(data[1]))
  return 0
}

/// What is canonical stays as it is where nobody changes it, and can be read as a whole.
private func passes(_ canonical: [UInt8]) {
  let batch = door.admitClean(canonical, "what the door made")
  require(Policies.pipeline(0).process(batch).encoded() == canonical, "an empty chain changed something")
  let count = batch.count
  let plain = PlainSpan.all(in: batch)
  require(plain.count == count, "a span is not read: \(canonical.hexadecimal)")
  for span in plain { _ = door.admitClean(span.encodedRequest(), "a plain span") }
  staysJSON(canonical)
}

/// What has passed the door can be written as JSON, which is read without a note; from then on it stays the same.
private func staysJSON(_ canonical: [UInt8]) {
  do throws(OTLPJSONError) {
    let (request, notes) = try OTLPJSONReader.read(json(canonical).text)
    require(notes.isEmpty, "the writer's JSON is not clean: \(notes); \(canonical.hexadecimal)")
    let (text, leftOut) = json(request)
    require(leftOut == 0, "the reader made a field that has no name: \(canonical.hexadecimal)")
    let again = try OTLPJSONReader.read(text).request
    require(again == request, "JSON changed on its way: \(canonical.hexadecimal)")
  } catch {
    require(false, "the writer's JSON is refused: \(error); \(canonical.hexadecimal)")
  }
}

private func plantedIsGone(_ canonical: [UInt8], chain: UInt8, seed: UInt64) {
  var planter = Planter(seed: seed)
  let planted = planter.plant(canonical)
  let admission = door.admit(planted)
  for refusal in admission.refusals {
    require(refusal.reason.contains("nest deeper"), "what was planted is refused: \(refusal); \(planted.hexadecimal)")
  }
  let admitted = admission.batch.encoded()
  require(!admitted.holds(Planter.loser), "a losing copy came in: \(planted.hexadecimal)")
  let batch = door.admitClean(admitted, "what the door made of what was planted")

  let index = Int(chain & 3)
  var processors: [any SpanProcessor] = []
  if chain & 4 != 0 { processors.append(Policies.editing) }
  if index == 3 { processors.append(Policies.asking) }
  let fresh = Policies.pipeline(index, processors)
  let hidden = fresh.process(batch).encoded()
  check(hidden, index, "hidden", planted)
  let known = hiding[index << 1 | Int(chain >> 2 & 1)] ?? Policies.pipeline(index, processors)
  hiding[index << 1 | Int(chain >> 2 & 1)] = known
  require(known.process(batch).encoded() == hidden, "caches changed an answer: \(planted.hexadecimal)")
  if index != 0 {
    let again = Policies.pipeline(index, index == 3 ? [Policies.asking] : [])
    let twice = again.process(door.admitClean(hidden, "what is hidden")).encoded()
    require(twice == hidden, "hiding twice is not hiding once:\n\(hidden.hexadecimal)\n\(twice.hexadecimal)")
  }

  if chain & 8 != 0 { processors.append(Policies.sampling) }
  if chain & 16 != 0 { processors.append(Policies.failing(.strip)) }
  if chain & 32 != 0 { processors.append(Policies.failing(.drop)) }
  if chain & 64 != 0 { processors.append(Policies.failing(.pass)) }
  let whole = Policies.pipeline(index, processors)
  let survivors = whole.process(batch)
  let ledger = whole.ledger
  require(ledger.isBalanced && ledger.received == batch.count, "the ledger is not balanced: \(ledger)")
  require(ledger.emitted == survivors.count, "the ledger counts other spans than there are: \(ledger)")
  check(survivors.encoded(), index, "what survives", planted)

  let stripping = Policies.pipeline(index, processors + [AlwaysFailing()])
  let stripped = stripping.process(batch)
  for span in PlainSpan.all(in: stripped) {
    require(span.name == StrippedSpan.name, "a span is not stripped: \(planted.hexadecimal)")
    require(span.attributes.isEmpty && span.events.isEmpty && span.links.isEmpty, "a frame holds more than a frame")
  }
  check(stripped.encoded(), index, "what is stripped", planted)
}

private struct AlwaysFailing: SpanProcessor, Error {
  var name: String { "always failing" }
  var failurePolicy: FailurePolicy { .strip }
  func onEnding(_ span: borrowing ReadWriteSpan) throws { throw self }
}

/// What leaves is canonical, and where a policy hides, holds nothing that was planted.
private func check(_ output: [UInt8], _ policy: Int, _ what: String, _ planted: [UInt8]) {
  let batch = door.admitClean(output, what)
  if policy == 0 { return }
  // Conditional steps hide in the span alone; nobody can ask for them for a resource that other spans share.
  let visible = policy == 3 ? batch.spans.map { Array(output[$0]) } : [output]
  for piece in visible {
    require(!piece.holds(Planter.secret), "\(what) holds a secret: \(planted.hexadecimal)\n\(output.hexadecimal)")
    require(!piece.holds(Planter.value), "\(what) holds a value: \(planted.hexadecimal)\n\(output.hexadecimal)")
  }
}
