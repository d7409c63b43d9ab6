internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("OTLP/JSON round trips")
struct RoundTripTests {
  @Test("random requests come back byte for byte, in either style", arguments: 0..<8)
  func randomRequests(seed: UInt64) throws {
    var maker = RandomRequest(seed: seed)
    for _ in 0..<60 {
      let request = maker.request()
      for style in [OTLPJSONWriter.Style.line, .indented] {
        let (text, leftOut) = JSONDocuments.write(request, as: style)
        #expect(leftOut == 0)
        let (back, notes) = try OTLPJSONReader.read(text)
        #expect(back == request)
        #expect(notes.isEmpty)
      }
      #expect(!JSONDocuments.write(request).text.contains(0x0A), "a line stays one line")
    }
  }

  @Test("what the writer makes is JSON to another reader too", arguments: 0..<4)
  func otherReader(seed: UInt64) throws {
    var maker = RandomRequest(seed: 100 + seed)
    for _ in 0..<20 {
      let request = maker.request()
      let line = try JSONSerialization.jsonObject(with: Data(JSONDocuments.write(request).text)) as? NSDictionary
      let indented = JSONDocuments.write(request, as: .indented).text
      #expect(try JSONSerialization.jsonObject(with: Data(indented)) as? NSDictionary == line)
      #expect(line != nil)
    }
  }

  @Test("20,000 mutated documents are read or refused, and what is read comes back the same")
  func mutations() throws {
    var maker = RandomRequest(seed: 7)
    var random = FixedRandom(state: 11)
    var documents = (0..<20).map { _ in JSONDocuments.write(maker.request()).text }.filter { $0.count < 20_000 }
    documents.append(Array(JSONDocuments.value(#"{"doubleValue":"-1.5e3"}"#).utf8))
    var read = 0
    for round in 0..<20_000 {
      let text = mutated(documents[round % documents.count], &random)
      let result: (request: [UInt8], notes: OTLPJSONNotes)
      do {
        result = try OTLPJSONReader.read(text)
      } catch {
        #expect(error.offset <= text.count && error.line >= 1 && error.path.hasPrefix("$"))
        continue
      }
      read += 1
      #expect(result.notes.refusalCount >= result.notes.refusals.count)
      #expect(try OTLPJSONReader.read(JSONDocuments.write(result.request).text).request == result.request)
    }
    #expect(read > 1000, "the mutations leave enough to read")
  }

  /// The text with one to three changes: bytes flipped, cut, doubled, or put in from JSON's own alphabet.
  private func mutated(_ text: [UInt8], _ random: inout FixedRandom) -> [UInt8] {
    var text = text
    let alphabet = Array(#"{}[]",:\/u0123456789eE+-.truefalsn "#.utf8)
    for _ in 0..<Int.random(in: 1...3, using: &random) where !text.isEmpty {
      let at = Int.random(in: 0..<text.count, using: &random)
      let run = at..<min(text.count, at + Int.random(in: 1...8, using: &random))
      switch Int.random(in: 0...5, using: &random) {
      case 0: text[at] = UInt8.random(in: 0...255, using: &random)
      case 1: text.removeSubrange(run)
      case 2: text.insert(contentsOf: text[run], at: at)
      case 3: text.removeSubrange(at...)
      default: text[at] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
    }
    return text
  }
}
