import OTLPProtocol
import Testing

@Suite("google.rpc.Status")
struct RPCStatusTests {
  /// Written by hand after the field numbers of status.proto, any.proto, error_details.proto and duration.proto.
  private static let full: [UInt8] =
    [0x08, 14, 0x12, 4] + Array("full".utf8)
    + [0x1A, 52, 0x0A, 40] + Array("type.googleapis.com/google.rpc.RetryInfo".utf8)
    + [0x12, 8, 0x0A, 6, 0x10, 0x80, 0xCA, 0xB5, 0xEE, 0x01]

  @Test func `a status is written field by field as the protobuf files number them`() {
    #expect(RPCStatus(code: .invalidArgument, message: "bad").protobuf == [0x08, 3, 0x12, 3] + Array("bad".utf8))
    #expect(RPCStatus(code: .unavailable, message: "full", retryAfter: .milliseconds(500)).protobuf == Self.full)
    #expect(RPCStatus(code: .ok, message: "").protobuf == [])
  }

  @Test func `what was written is read again`() throws {
    let delays: [Duration?] = [nil, .zero, .nanoseconds(1), .milliseconds(1500), .seconds(86_400 * 365)]
    for code in RPCCode.allCases {
      for delay in delays {
        let status = RPCStatus(code: code, message: "\u{1F525} \"quoted\"\n", retryAfter: delay)
        #expect(try RPCStatus(protobuf: status.protobuf) == status)
        #expect(try RPCStatus(json: status.json) == status)
      }
    }
  }

  @Test func `the JSON form is that of proto3's mapping`() {
    let status = RPCStatus(code: .unavailable, message: "no \"room\"", retryAfter: .milliseconds(1500))
    #expect(
      status.json == #"{"code":14,"message":"no \"room\"","details":[{"#
        + #""@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"}]}"#)
    #expect(RPCStatus(code: .ok, message: "").json == "{}")
  }

  @Test func `other details, unknown fields and groups are passed over`() throws {
    let other: [UInt8] = [0x1A, 7, 0x0A, 3] + Array("x/y".utf8) + [0x12, 0]
    let unknown: [UInt8] = [0x48, 1, 0x53, 0x08, 1, 0x54]
    let status = try RPCStatus(protobuf: unknown + other + Self.full + other)
    #expect(status == RPCStatus(code: .unavailable, message: "full", retryAfter: .milliseconds(500)))
    let text = #"{"details":[{"@type":"x/y","retryDelay":3},{"retryDelay":"9s"}],"code":8,"more":[1]}"#
    #expect((try? RPCStatus(json: text)) == nil)
    let mild = #"{"details":[{"@type":"x/y","stack":3},{"retryDelay":"9s"}],"code":8,"more":[1]}"#
    #expect(try RPCStatus(json: mild) == RPCStatus(code: .resourceExhausted, message: ""))
  }

  @Test func `a code that gRPC does not know is read as unknown`() throws {
    #expect(try RPCStatus(protobuf: [0x08, 99]).code == .unknown)
    #expect(try RPCStatus(protobuf: [0x08] + [UInt8](repeating: 0xFF, count: 9) + [1]).code == .unknown)
    #expect(try RPCStatus(json: #"{"code":99}"#).code == .unknown)
  }

  @Test func `text that is not UTF-8 is mended`() throws {
    #expect(try RPCStatus(protobuf: [0x12, 2, 0x61, 0xFF]).message == "a\u{FFFD}")
  }

  @Test func `every cut through a status is refused or read as a shorter one`() throws {
    for length in 0..<Self.full.count {
      do {
        let status = try RPCStatus(protobuf: Array(Self.full.prefix(length)))
        #expect(status.retryAfter == nil)
      } catch {
        #expect(error.code == .malformedMessage)
      }
    }
  }

  @Test func `text that is no such JSON is refused`() {
    for text in ["", "{", "[]", "3", #"{"code":"x"}"#, #"{"message":3}"#] {
      #expect(throws: OTLPProtocolError.self, "\(text)") { try RPCStatus(json: text) }
    }
  }

  @Test func `delays out of bounds are brought into them`() throws {
    #expect(RetryInfo(delay: .seconds(-3)).delay == .zero)
    #expect(RetryInfo(delay: .seconds(Int64.max)).delay == .seconds(315_576_000_000))
    let negative: [UInt8] = [0x0A, 11, 0x08] + [UInt8](repeating: 0xFF, count: 9) + [1]
    #expect(try RetryInfo(protobuf: negative).delay == .zero)
    let status = #"{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1e99s"}]}"#
    #expect(try RPCStatus(json: status).retryAfter == .seconds(315_576_000_000))
  }

  @Test func `a RetryInfo stands for itself too`() throws {
    let info = RetryInfo(delay: .milliseconds(2250))
    #expect(info.protobuf == [0x0A, 7, 0x08, 2, 0x10, 0x80, 0xE5, 0x9A, 0x77])
    #expect(try RetryInfo(protobuf: info.protobuf) == info)
  }
}
