internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import Synchronization

/// A gRPC server on loopback with a trace service that answers as a test tells it to.
final class GRPCTestServer: Sendable {
  struct Call: Sendable {
    var metadata: Metadata
    var body: [UInt8]
  }

  typealias Script = @Sendable (Call, Int) async throws -> [UInt8]

  let port: Int
  private let server: GRPCServer<HTTP2ServerTransport.Posix>
  private let running: Task<Void, any Error>
  private let service: TraceService

  /// - Parameter script: the bytes to answer a call with; the second argument counts calls from 0.
  init(
    security: HTTP2ServerTransport.Posix.TransportSecurity = .plaintext, port: Int = 0, _ script: @escaping Script
  ) async throws {
    let service = TraceService(script)
    var config = HTTP2ServerTransport.Posix.Config.defaults
    config.compression.enabledAlgorithms = [.none, .gzip]
    let server = GRPCServer(
      transport: .http2NIOPosix(
        address: .ipv4(host: "127.0.0.1", port: port), transportSecurity: security, config: config),
      services: [service])
    self.service = service
    self.server = server
    running = Task { try await server.serve() }
    self.port = try await server.listeningAddress?.ipv4?.port ?? 0
  }

  var calls: [Call] { service.calls.withLock { $0 } }

  func stop() async {
    server.beginGracefulShutdown()
    running.cancel()
    _ = await running.result
  }

  private final class TraceService: RegistrableRPCService {
    let calls = Mutex<[Call]>([])
    private let script: Script

    init(_ script: @escaping Script) { self.script = script }

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
      router.registerHandler(
        forMethod: MethodDescriptor(
          fullyQualifiedService: "opentelemetry.proto.collector.trace.v1.TraceService", method: "Export"),
        deserializer: Bytes(), serializer: Bytes()
      ) { request, _ in
        var body: [UInt8] = []
        for try await message in request.messages { body = message }
        let call = Call(metadata: request.metadata, body: body)
        let number = self.calls.withLock { calls in
          calls.append(call)
          return calls.count - 1
        }
        let answer = try await self.script(call, number)
        return StreamingServerResponse { writer in
          try await writer.write(answer)
          return [:]
        }
      }
    }
  }

  private struct Bytes: MessageSerializer, MessageDeserializer {
    func serialize<Output: GRPCContiguousBytes>(_ message: [UInt8]) -> Output { Output(message) }
    func deserialize<Input: GRPCContiguousBytes>(_ bytes: Input) -> [UInt8] { bytes.withUnsafeBytes { Array($0) } }
  }
}
