internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

/// To protobuf, a known field number in another wire type is an unknown field, which may hold any text.
@Suite("A known field in the wrong wire type")
struct WrongWireTypeTests {
  private static let secret = "hunter2"

  /// A request whose span has this content beside its ids.
  private func request(_ content: (WireBuffer) -> Void) -> [UInt8] {
    let span = WireBuffer()
    var plain = PlainSpan()
    plain.name = "work"
    plain.encode(into: span)
    content(span)
    let output = WireBuffer()
    output.appendMessage(1) { output.appendMessage(2) { output.appendMessage(2) { output.append(span.bytes) } } }
    return Array(output.bytes)
  }

  private func text(_ number: UInt32, into buffer: WireBuffer) {
    buffer.appendTag(number, .lengthDelimited)
    buffer.appendText("api_key=\(Self.secret)")
  }

  @Test("hides no secret", arguments: ["value", "element", "event", "link", "status"])
  func hidesNothing(place: String) async throws {
    let request = request { span in
      switch place {
      case "value":
        span.appendMessage(9) {
          span.appendTag(1, .lengthDelimited)
          span.appendText("key")
          span.appendMessage(2) { text(3, into: span) }
        }
      case "element":
        span.appendMessage(9) {
          span.appendTag(1, .lengthDelimited)
          span.appendText("key")
          span.appendMessage(2) { span.appendMessage(5) { span.appendMessage(1) { text(3, into: span) } } }
        }
      case "event": span.appendMessage(11) { text(4, into: span) }
      case "link":
        span.appendMessage(13) {
          SpanLink(traceID: TraceID(high: 1, low: 1), spanID: SpanID(1)).encode(into: span)
          text(6, into: span)
        }
      default: span.appendMessage(15) { text(3, into: span) }
      }
    }
    let host = try SpanProcessorHost(
      SpanProcessorHost.Configuration(hide: HidePolicy([HideStep(.words(["api_key"], except: []))])))
    let admission = Door().admit(request)
    #expect(admission.refusals.isEmpty)
    let output = await host.process(admission.takeBatch()).encoded()
    #expect(!output.isEmpty)
    #expect(output.firstRange(of: Array(Self.secret.utf8)) == nil)
  }
}
