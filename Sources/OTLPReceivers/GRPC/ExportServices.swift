internal import GRPCCore
internal import OTLPProtocol
internal import ProcessorHost

/// The `Export` methods of OTLP: of traces, and of the signals that are passed on.
struct ExportServices: RegistrableRPCService {
  private let gatekeeper: Gatekeeper
  private let arrivals: GRPCArrivals

  init(_ gatekeeper: Gatekeeper, _ arrivals: GRPCArrivals) {
    self.gatekeeper = gatekeeper
    self.arrivals = arrivals
  }

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    for signal in OTLPSignal.allCases {
      let service = ServiceDescriptor(fullyQualifiedService: signal.service)
      router.registerHandler(
        forMethod: MethodDescriptor(service: service, method: "Export"), deserializer: NoMessage(),
        serializer: ResponseBytes()
      ) { [self] request, _ in
        StreamingServerResponse(single: await export(signal, request.metadata))
      }
    }
  }

  private func export(_ signal: OTLPSignal, _ metadata: Metadata) async -> ServerResponse<[UInt8]> {
    let number = metadata[stringValues: GRPCArrivals.key].first { _ in true }.flatMap { Int($0) }
    guard let arrival = number.flatMap({ arrivals.take($0) }) else {
      return ServerResponse(error: RPCError(code: .internalError, message: "the request has no body"))
    }
    let answer: Answer
    if let passthrough = gatekeeper.configuration.passthrough[signal] {
      let request = PassthroughRequest(
        signal: signal, transport: .grpc, contentType: ReplyFormat.protobuf.mediaType, contentEncoding: "",
        body: arrival.body)
      answer = await gatekeeper.passOn(request, to: passthrough)
    } else {
      answer = await gatekeeper.take(arrival.body, .protobuf)
    }
    let refusal: Refusal? = if case .refused(let refusal) = answer { refusal } else { nil }
    gatekeeper.report(
      answer.outcome, received: arrival.receivedBytes, bytes: arrival.body.count, since: arrival.start,
      refusal: refusal)
    switch answer {
    case .taken(let response): return ServerResponse(message: response.protobuf)
    case .passedOn(let body): return ServerResponse(message: body)
    case .refused(let refusal): return ServerResponse(error: refusal.rpcError)
    }
  }
}

/// The body of a request has gone another way; see ``GRPCArrivals``.
private struct NoMessage: MessageDeserializer {
  func deserialize(_ serializedMessageBytes: some GRPCContiguousBytes) throws {}
}

private struct ResponseBytes: MessageSerializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }
}

extension Refusal {
  fileprivate var rpcError: RPCError {
    var metadata = Metadata()
    for (key, value) in details { metadata.addBinary(value, forKey: key) }
    let code = Status.Code(rawValue: status.code.rawValue).flatMap { RPCError.Code($0) } ?? .unknown
    return RPCError(code: code, message: status.message, metadata: metadata)
  }
}
