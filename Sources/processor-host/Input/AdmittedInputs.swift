internal import ProcessorHost

/// Reads inputs one after the other and takes them through the door, and remembers what was put right or refused.
struct AdmittedInputs {
  private let door = Door()
  private var progress = ProgressBar()
  private(set) var notes = DoorNotes()
  private(set) var jsonNotes = Summary.JSONNotes()
  /// How much was refused: inputs, lines of them, or fields.
  private(set) var refused = 0

  /// Hands the spans of an input to `body`, a piece at a time. What is refused is said on standard error.
  mutating func read(_ path: String, _ body: (consuming SpanBatch) throws -> Void) throws {
    let file: InputFile
    do throws(InputFile.Failure) { file = try InputFile(path: path) } catch {
      refuse("\(error)")
      return
    }
    progress.begin(file.bytes.count)
    var refusals: [String] = []
    try InputRequests(file: file).forEach { piece in
      let admission = door.admit(piece.request)
      notes += admission.notes
      for refusal in admission.refusals {
        var refusal = refusal
        refusal.offset += piece.offset
        let line = piece.line.map { ", line \($0)" } ?? ""
        refusals.append("\(file.name)\(line): \(refusal)")
      }
      try body(admission.takeBatch())
      progress.advance(piece.request.count)
    } note: {
      jsonNotes.add($0)
    } refuse: {
      refusals.append($0)
    }
    progress.clear()
    for refusal in refusals { refuse(refusal) }
  }

  private mutating func refuse(_ sentence: String) {
    refused += 1
    StandardError.write(sentence)
  }
}
