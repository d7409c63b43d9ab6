import OTLPProtocol
import Testing

@Suite("ExportTraceServiceResponse")
struct TraceExportResponseTests {
  @Test func `full success is an empty message`() throws {
    #expect(TraceExportResponse().protobuf == [])
    #expect(TraceExportResponse().json == "{}")
    #expect(try TraceExportResponse(protobuf: []).isFullSuccess)
    #expect(try TraceExportResponse(json: "{}").isFullSuccess)
    #expect(try TraceExportResponse(protobuf: [0x0A, 0]).isFullSuccess)
  }

  @Test func `partial success has the number of spans and the reason`() {
    let response = TraceExportResponse(rejectedSpans: 300, message: "id")
    #expect(response.protobuf == [0x0A, 7, 0x08, 0xAC, 0x02, 0x12, 2] + Array("id".utf8))
    #expect(response.json == #"{"partialSuccess":{"rejectedSpans":"300","errorMessage":"id"}}"#)
  }

  @Test(arguments: [0, 1, 127, 128, 1 << 40], ["", "a warning", "\"\\\u{0}é"])
  func `what was written is read again`(rejected: Int, message: String) throws {
    let response = TraceExportResponse(rejectedSpans: rejected, message: message)
    #expect(try TraceExportResponse(protobuf: response.protobuf) == response)
    #expect(try TraceExportResponse(json: response.json) == response)
  }

  @Test func `the number of spans may be a number in JSON`() throws {
    #expect(try TraceExportResponse(json: #"{"partialSuccess":{"rejectedSpans":7}}"#).rejectedSpans == 7)
  }

  @Test func `a negative number of spans is none`() throws {
    let bytes: [UInt8] = [0x0A, 11, 0x08] + [UInt8](repeating: 0xFF, count: 9) + [1]
    #expect(try TraceExportResponse(protobuf: bytes).rejectedSpans == 0)
    #expect(try TraceExportResponse(json: #"{"partialSuccess":{"rejectedSpans":"-7"}}"#).rejectedSpans == 0)
  }

  @Test func `bytes that are no message are refused`() {
    for bytes in [[0x0A], [0x0A, 5, 0x08], [0x0A, 1, 0x08], [0x00], [0x0C]] as [[UInt8]] {
      #expect(throws: OTLPProtocolError.self, "\(bytes)") { try TraceExportResponse(protobuf: bytes) }
    }
    for text in ["", "{", #"{"partialSuccess":{"rejectedSpans":"x"}}"#] {
      #expect(throws: OTLPProtocolError.self, "\(text)") { try TraceExportResponse(json: text) }
    }
  }
}
