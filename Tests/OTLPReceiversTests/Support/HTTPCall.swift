import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import OTLPProtocol

/// One OTLP/HTTP request as a test makes it, and the answer to it.
struct HTTPCall {
  var method = HTTPMethod.POST
  var path = "/v1/traces"
  var contentType: String? = "application/x-protobuf"
  var headers: [(String, String)] = []
  var body: [UInt8] = []
  /// Sends the body without telling its length before.
  var isChunked = false

  struct Answer {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]

    /// The status in the body, in the encoding that the answer names.
    var rpcStatus: RPCStatus {
      let isJSON = headers.first(name: "content-type") == "application/json"
      let status = isJSON ? try? RPCStatus(json: String(decoding: body, as: UTF8.self)) : try? RPCStatus(protobuf: body)
      return status ?? RPCStatus(code: .unknown, message: "the body is no status")
    }
  }

  func send(to receiver: RunningReceiver, _ client: HTTPClient = .shared, scheme: String = "http") async throws
    -> Answer
  {
    var request = HTTPClientRequest(url: "\(scheme)://localhost:\(receiver.port)\(path)")
    request.method = method
    if let contentType { request.headers.add(name: "content-type", value: contentType) }
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if isChunked {
      request.body = .stream(Pieces(bytes: body), length: .unknown)
    } else if method != .GET {
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    let response = try await client.execute(request, timeout: .seconds(30))
    let answer = try await response.body.collect(upTo: 1 << 20)
    return Answer(status: Int(response.status.code), headers: response.headers, body: Array(answer.readableBytesView))
  }
}

/// A body in pieces of 10,000 bytes.
private struct Pieces: AsyncSequence, Sendable {
  let bytes: [UInt8]

  struct Iterator: AsyncIteratorProtocol {
    var rest: ArraySlice<UInt8>

    mutating func next() async -> ByteBuffer? {
      if rest.isEmpty { return nil }
      let piece = rest.prefix(10_000)
      rest = rest.dropFirst(10_000)
      return ByteBuffer(bytes: piece)
    }
  }

  func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...]) }
}
