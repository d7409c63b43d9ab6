internal import ProcessorHost

// Any bytes are read as OTLP/JSON. What is read is what the door would have made of it, and comes back the same.

private let door = Door()

/// Tries one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let text = Array(UnsafeBufferPointer(start: data, count: size))
  do throws(OTLPJSONError) {
    let (request, notes) = try OTLPJSONReader.read(text)
    check(notes, text)
    check(request)
    comesBack(request)
  } catch {
    check(error, text)
  }
  linesAreRead(text)
  return 0
}

private func check(_ error: OTLPJSONError, _ text: [UInt8]) {
  require((0...text.count).contains(error.offset), "the offset lies outside of the text: \(error)")
  require(error.line >= 1 && error.column >= 1 && error.path.hasPrefix("$"), "the place is none: \(error)")
}

private func check(_ notes: OTLPJSONNotes, _ text: [UInt8]) {
  require(notes.refusalCount >= notes.refusals.count, "more refusals than were counted: \(notes)")
  require(notes.ignoredFields >= notes.ignoredPaths.count, "more ignored fields than were counted: \(notes)")
  require(notes.refusals.allSatisfy { $0.spans >= 0 }, "a refusal lost less than nothing: \(notes)")
  for refusal in notes.refusals { check(refusal.error, text) }
}

/// The door has nothing to put right, and refuses nothing but ids: their lengths are its own to check.
private func check(_ request: [UInt8]) {
  let admission = door.admit(request)
  let refusals = admission.refusals
  let notes = admission.notes
  let encoded = admission.batch.encoded()
  require(notes.isClean, "the reader's request is not canonical: \(notes); \(request.hexadecimal)")
  for refusal in refusals {
    require(refusal.reason.contains(" id "), "the reader's request is refused: \(refusal); \(request.hexadecimal)")
  }
  if refusals.isEmpty { require(encoded == request, "the reader's request changed: \(request.hexadecimal)") }
}

private func comesBack(_ request: [UInt8]) {
  for style in [OTLPJSONWriter.Style.line, .indented] {
    let (text, leftOut) = json(request, as: style)
    require(leftOut == 0, "the writer left something out: \(request.hexadecimal)")
    do throws(OTLPJSONError) {
      let (back, notes) = try OTLPJSONReader.read(text)
      require(back == request, "another request came back:\n\(request.hexadecimal)\n\(back.hexadecimal)")
      require(notes.isEmpty, "the writer's text is not clean: \(notes); \(request.hexadecimal)")
    } catch {
      require(false, "the writer's text is refused: \(error); \(request.hexadecimal)")
    }
  }
  require(!json(request).text.contains(0x0A), "a line does not stay one line: \(request.hexadecimal)")
}

/// Each line of JSON lines is read as it would be by itself.
private func linesAreRead(_ text: [UInt8]) {
  text.withUnsafeBufferPointer { run in
    var last = 0
    OTLPJSONReader.readLines(run) { line in
      require(line.number > last, "lines are not in order")
      last = line.number
      switch line.content {
      case .success(let content): check(content.request)
      case .failure(let error):
        check(error, text)
        require(error.line == line.number, "line \(line.number) says of itself: \(error)")
      }
    }
  }
}
