internal import HTTPTypes
internal import OTLPProtocol
internal import ProcessorHost

/// The encoding of a reply: that of its request, as OTLP asks for.
enum ReplyFormat {
  case protobuf
  case json

  /// A request in neither is answered in JSON, which people can read.
  init(contentType: String?) { self = RequestFormat(contentType: contentType) == .protobuf ? .protobuf : .json }

  init(_ format: RequestFormat) { self = format == .protobuf ? .protobuf : .json }

  var mediaType: String {
    switch self {
    case .protobuf: "application/x-protobuf"
    case .json: "application/json"
    }
  }
}

extension RequestFormat {
  /// The format that a `content-type` header names; parameters, a charset for example, are passed over.
  init?(contentType: String?) {
    let type = (contentType ?? "").prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
    switch type {
    case "application/x-protobuf": self = .protobuf
    case "application/json": self = .json
    default: return nil
    }
  }
}

/// What goes back to the client.
struct HTTPReply {
  var head: HTTPResponse
  var body: [UInt8]

  init(_ answer: Answer, format: ReplyFormat, closes: Bool) {
    head = HTTPResponse(status: .ok)
    switch (answer, format) {
    case (.taken(let response), .protobuf): body = response.protobuf
    case (.taken(let response), .json): body = Array(response.json.utf8)
    case (.passedOn(let answered), _): body = answered
    case (.refused(let refusal), _):
      head.status = HTTPResponse.Status(code: refusal.httpStatus, reasonPhrase: refusal.reasonPhrase)
      body = format == .protobuf ? refusal.status.protobuf : Array(refusal.status.json.utf8)
      head.headerFields.append(contentsOf: refusal.headers)
    }
    head.headerFields[.contentType] = format.mediaType
    head.headerFields[.contentLength] = String(body.count)
    if closes { head.headerFields[.connection] = "close" }
  }
}

extension Refusal {
  static let notFound = Refusal(
    .unsupported, .notFound, http: 404, "there is nothing at this path; OTLP/HTTP sends spans with POST /v1/traces")

  static let methodNotAllowed = Refusal(
    .unsupported, .unimplemented, http: 405, "only POST is answered here; that is how OTLP/HTTP sends")

  static let unsupportedMediaType = Refusal(
    .unsupported, .invalidArgument, http: 415,
    "the content-type has to be application/x-protobuf or application/json")

  static let unsupportedCoding = Refusal(
    .unsupported, .invalidArgument, http: 415, "the content-encoding has to be one of \(ContentCoding.accepted)")

  fileprivate var headers: [HTTPField] {
    var fields: [HTTPField] = []
    switch httpStatus {
    case 401: fields.append(HTTPField(name: .wwwAuthenticate, value: "Bearer"))
    case 405: fields.append(HTTPField(name: .allow, value: "POST"))
    case 415: fields.append(HTTPField(name: .acceptEncoding, value: ContentCoding.accepted))
    default: break
    }
    if let wait = status.retryAfter {
      // Whole seconds: at least one, or clients would come back at once.
      let components = wait.components
      let seconds = components.seconds + (components.attoseconds > 0 ? 1 : 0)
      fields.append(HTTPField(name: .retryAfter, value: String(max(seconds, 1))))
    }
    return fields
  }

  fileprivate var reasonPhrase: String {
    switch httpStatus {
    case 508: "Loop Detected"
    default: HTTPResponse.Status(code: httpStatus).reasonPhrase
    }
  }
}
