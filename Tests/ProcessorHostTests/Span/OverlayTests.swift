internal import ProcessorHost
internal import Testing

@Suite("The overlay of edits")
struct OverlayTests {
  @Test("random edits and rollbacks come to what a plain list of fields comes to", arguments: 0..<12)
  func randomEdits(seed: UInt64) {
    var maker = RandomRequest(seed: 5000 + seed)
    var oddity = OddRequest(seed: seed)
    for span in maker.spans(12) {
      var edits = RandomEdits(span: doubled(oddity.rewrite(span, .span)), seed: maker.random.next())
      edits.run(60)
    }
  }

  @Test("a span that no edit touched, or whose edits were undone, is the bytes it came in")
  func untouched() {
    var maker = RandomRequest(seed: 77)
    for span in maker.spans(20) {
      span.withWorkspace { workspace in
        #expect(workspace.encoded == span)
        let point = workspace.checkpoint()
        let view = ReadWriteSpan(workspace)
        view.name = "other"
        view[attribute: "k"] = 1
        view[attribute: ""] = nil
        view.events = []
        view.drop("reason")
        #expect(workspace.isChanged)
        workspace.rollBack(to: point)
        #expect(workspace.encoded == span)
        #expect(!workspace.isChanged && workspace.verdict.isUntouched)
      }
    }
  }

  @Test("an edit leaves every other field its own bytes, and its place")
  func neighbours() {
    let long = Proto.varint(9 << 3 | 2) + OddRequest.padded(5, by: 2) + Proto.string(1, "abc")
    let unknown = Proto.bytes(500, [0xFF])
    let span = long + SpanBytes.ids + SpanBytes.attribute("k", "v") + unknown + Proto.string(5, "name")
    span.withWorkspace { workspace in
      ReadWriteSpan(workspace)[attribute: "k"] = true
      let written = SpanBytes.attribute(9, "k", Proto.integer(2, 1))
      #expect(workspace.encoded == long + SpanBytes.ids + written + unknown + Proto.string(5, "name"))
    }
  }

  @Test("a key that stands several times: reading gives the first, writing leaves one, removing leaves none")
  func duplicateKeys() {
    let span = ["1", "2", "3"].flatMap { SpanBytes.attribute("k", $0) + SpanBytes.attribute("other" + $0, "x") }
    span.withWorkspace { workspace in
      let view = ReadWriteSpan(workspace)
      #expect(view[attribute: "k"] == "1")
      view[attribute: "k"] = "new"
      #expect(view.attributes.map(\.key) == ["k", "other1", "other2", "other3"])
      #expect(view[attribute: "k"] == "new")
    }
    span.withWorkspace { workspace in
      let view = ReadWriteSpan(workspace)
      view[attribute: "k"] = nil
      #expect(view.attributes.map(\.key) == ["other1", "other2", "other3"])
      #expect(view[attribute: "k"] == nil)
      view[attribute: "k"] = 7
      #expect(view.attributes.last == AttributeValue.Entry("k", 7))
    }
  }

  @Test("checkpoints nest: each rollback gives back what stood at its own, and counts edits since")
  func checkpoints() {
    SpanBytes.span("a", SpanBytes.attribute("k", "0")).withWorkspace { workspace in
      let view = ReadWriteSpan(workspace)
      view[attribute: "k"] = "1"
      let outer = workspace.checkpoint()
      view[attribute: "k"] = "2"
      view[attribute: "new"] = "2"
      let inner = workspace.checkpoint()
      view[attribute: "new"] = "3"
      view[attribute: "k"] = nil
      view.sample(0.5, "half")
      #expect(workspace.editCount(since: inner) == 2 && workspace.editCount(since: outer) == 4)
      workspace.rollBack(to: inner)
      #expect(view.attributes == [AttributeValue.Entry("k", "2"), AttributeValue.Entry("new", "2")])
      #expect(workspace.verdict.ratioReason == nil)
      workspace.rollBack(to: outer)
      #expect(view.attributes == [AttributeValue.Entry("k", "1")])
      #expect(workspace.editCount(since: outer) == 0)
    }
  }

  @Test("a workspace that takes up another span has forgotten the first")
  func reuse() {
    let first = SpanBytes.span("first", Proto.integer(6, 3), Proto.fixed64(7, 5), Proto.fixed32(16, 1))
    let second = SpanBytes.span("second")
    (first + second).withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return }
      let workspace = SpanWorkspace()
      workspace.begin(base, 0..<first.count)
      let view = ReadWriteSpan(workspace)
      view[attribute: "k"] = "secret"
      view.keep("reason")
      workspace.requestedSteps = 1
      workspace.begin(base, first.count..<run.count)
      #expect(workspace.encoded == second && !workspace.isChanged)
      #expect(view.name == "second" && view[attribute: "k"] == nil)
      #expect(view.kind == .unspecified && view.startTimeUnixNano == 0 && view.flags == 0)
      #expect(workspace.verdict.isUntouched && workspace.requestedSteps == 0)
    }
  }

  /// The span with some keys more than once.
  private func doubled(_ span: [UInt8]) -> [UInt8] {
    span + SpanBytes.attribute("a", "1") + SpanBytes.attribute("b", "1") + SpanBytes.attribute("a", "2")
      + SpanBytes.attribute(9, "a", [])
  }
}

/// Edits a span and its model alike, and compares them after each step.
private struct RandomEdits {
  let span: [UInt8]
  var model: SpanModel
  var random: FixedRandom
  var points: [(SpanWorkspace.Checkpoint, SpanModel)] = []

  init(span: [UInt8], seed: UInt64) {
    self.span = span
    model = SpanModel(span)
    random = FixedRandom(state: seed)
  }

  mutating func run(_ steps: Int) {
    span.withWorkspace { workspace in
      for _ in 0..<steps {
        step(ReadWriteSpan(workspace), workspace)
        #expect(workspace.encoded == model.bytes)
        #expect(ReadWriteSpan(workspace).attributes.map { Array($0.key.utf8) } == model.keys)
      }
    }
  }

  private mutating func step(_ view: borrowing ReadWriteSpan, _ workspace: SpanWorkspace) {
    let keys = ["a", "b", "", "new", "e\u{301}", "é"] + model.keys.map { String(decoding: $0, as: UTF8.self) }
    let key = keys.randomElement(using: &random) ?? ""
    switch Int.random(in: 0..<12, using: &random) {
    case 10, 11:
      let places = workspace.slots.indices.filter { workspace.slots[$0].isAttribute }
      guard let place = places.indices.randomElement(using: &random) else { return }
      let value = value(1)
      SpanModel.content(of: value).withUnsafeBufferPointer { workspace.replaceValue(of: places[place], with: $0) }
      model.replaceValue(place, value)
    case 0, 1, 2:
      let value = value(2)
      view[attribute: key] = value
      model.set(key, value)
      #expect(view[attribute: key] == value)
    case 3:
      view[attribute: key] = nil
      model.remove(key)
      #expect(view[attribute: key] == nil)
    case 4:
      let name = text()
      view.name = name
      model.rename(name)
      #expect(view.name == name)
    case 5:
      let message = text()
      view.statusCode = .ok
      view.statusMessage = message
      model.setStatus(message, 1)
    case 6:
      let names = (0..<Int.random(in: 0...2, using: &random)).map { "event \($0)" }
      view.events = names.map { SpanEvent(name: $0) }
      model.setEvents(names)
    case 7, 8: points.append((workspace.checkpoint(), model))
    default:
      guard !points.isEmpty else { return }
      let chosen = Int.random(in: 0..<points.count, using: &random)
      workspace.rollBack(to: points[chosen].0)
      model = points[chosen].1
      points.removeSubrange((chosen + 1)...)
    }
  }

  private mutating func text() -> String {
    let length = [0, 1, 5, 127, 128, 20_000].randomElement(using: &random) ?? 0
    return String(repeating: "é", count: length)
  }

  private mutating func value(_ depth: Int) -> AttributeValue {
    switch Int.random(in: 0..<(depth == 0 ? 6 : 8), using: &random) {
    case 0: .string(text())
    case 1: .bool(Bool.random(using: &random))
    case 2: .int(Int64(bitPattern: random.next()))
    case 3: .double(Double(Int.random(in: -9...9, using: &random)) / 4)
    case 4: .bytes([0xFF, 0, 1])
    case 5: .empty
    case 6: .array([value(depth - 1), value(depth - 1)])
    default: .map([AttributeValue.Entry("m", value(depth - 1)), AttributeValue.Entry("m", value(depth - 1))])
    }
  }
}
