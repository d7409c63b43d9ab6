internal import ProcessorHost

/// The requests in an input, one after the other, and what could not be read.
struct InputRequests {
  /// A piece of an input on its way to the door.
  struct Piece {
    var request: [UInt8]
    /// Where the piece begins in the input; offsets that the door names count from there.
    var offset: Int
    /// The line in JSON lines, for messages.
    var line: Int?
  }

  /// Requests that are larger are cut between their resources, so that memory stays bounded and progress shows.
  static let pieceSize = 4 << 20

  let file: InputFile

  /// Hands each piece to `body`, what was passed over or put right before the door to `note`, and what was refused there
  /// to `refuse`.
  func forEach(
    _ body: (Piece) throws -> Void, note: (OTLPJSONNotes) -> Void, refuse: (String) -> Void
  ) throws {
    switch file.form {
    case .protobuf: try protobuf(body)
    case .json:
      do {
        let content = try OTLPJSONReader.read(file.bytes)
        note(content.notes)
        report(content.notes, line: nil, refuse)
        try body(Piece(request: content.request, offset: 0))
      } catch let error as OTLPJSONError {
        refuse("\(file.name): \(error)")
      }
    case .jsonLines:
      try file.bytes.withUnsafeBufferPointer { run in
        try OTLPJSONReader.readLines(run) { line in
          switch line.content {
          case .success(let content):
            note(content.notes)
            report(content.notes, line: line.number, refuse)
            try body(Piece(request: content.request, offset: 0, line: line.number))
          case .failure(let error): refuse("\(file.name), line \(line.number): \(error)")
          }
        }
      }
    }
  }

  private func report(_ notes: OTLPJSONNotes, line: Int?, _ refuse: (String) -> Void) {
    let place = line.map { "\(file.name), line \($0)" } ?? file.name
    for refusal in notes.refusals { refuse("\(place): \(refusal.error)") }
    if notes.refusalCount > notes.refusals.count {
      refuse("\(place): and \(notes.refusalCount - notes.refusals.count) more")
    }
  }

  private func protobuf(_ body: (Piece) throws -> Void) throws {
    var start = 0
    for end in cuts() {
      try body(Piece(request: Array(file.bytes[start..<end]), offset: start))
      start = end
    }
  }

  /// Where pieces end: between fields of the request, about every `pieceSize` bytes.
  private func cuts() -> [Int] {
    file.bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return [] }
      var ends: [Int] = []
      var cursor = WireCursor(base, 0..<run.count)
      var last = 0
      while (try? cursor.next()) ?? nil != nil {
        if cursor.position - last >= Self.pieceSize {
          ends.append(cursor.position)
          last = cursor.position
        }
      }
      if last < run.count { ends.append(run.count) }
      return ends
    }
  }
}
