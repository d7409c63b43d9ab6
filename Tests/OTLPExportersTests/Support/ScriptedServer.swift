internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A server on loopback that does with each HTTP/1 request what a test tells it to, faults among it.
final class ScriptedServer: Sendable {
  /// A request as it came over the wire.
  struct Request: Sendable {
    var line = ""
    var headers: [String: String] = [:]
    var body: [UInt8] = []
  }

  enum Reply: Sendable {
    case answer(Int, headers: [String: String] = [:], body: [UInt8] = [])
    /// A head that promises more body than comes.
    case headOnly(Int)
    /// The connection is closed without an answer.
    case cut
    /// Nothing at all.
    case silence
    /// These bytes, and the end.
    case bytes([UInt8])
  }

  private let channel: any Channel
  private let recorder: Recorder

  /// - Parameters:
  ///   - tls: what connections are encrypted with, if they are.
  ///   - greeting: bytes that a client gets before it has said anything.
  ///   - script: what to do with a request; the second argument counts them from 0.
  init(
    tls: NIOSSLContext? = nil, greeting: [UInt8]? = nil,
    _ script: @escaping @Sendable (Request, Int) -> Reply
  ) async throws {
    let recorder = Recorder()
    self.recorder = recorder
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
          try channel.pipeline.syncOperations.addHandler(Connection(recorder, greeting, script))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  var port: Int { channel.localAddress?.port ?? 0 }

  var requests: [Request] { recorder.all }

  func stop() async { try? await channel.close() }

  private final class Recorder: Sendable {
    private let seen = Mutex<[Request]>([])

    var all: [Request] { seen.withLock { $0 } }

    /// How many there were before.
    func record(_ request: Request) -> Int {
      seen.withLock { seen in
        seen.append(request)
        return seen.count - 1
      }
    }
  }

  private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let recorder: Recorder
    private let greeting: [UInt8]?
    private let script: @Sendable (Request, Int) -> Reply
    private var received: [UInt8] = []

    init(_ recorder: Recorder, _ greeting: [UInt8]?, _ script: @escaping @Sendable (Request, Int) -> Reply) {
      self.recorder = recorder
      self.greeting = greeting
      self.script = script
    }

    func channelActive(context: ChannelHandlerContext) {
      if let greeting { write(greeting, context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      received += Array(Self.unwrapInboundIn(data).readableBytesView)
      while let request = takeRequest() { answer(request, context) }
    }

    private func takeRequest() -> Request? {
      guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
      let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
      var request = Request(line: lines.first.map(String.init) ?? "")
      for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        request.headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
      }
      let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
      guard received.count >= end.upperBound + length else { return nil }
      request.body = Array(received[end.upperBound..<end.upperBound + length])
      received.removeFirst(end.upperBound + length)
      return request
    }

    private func answer(_ request: Request, _ context: ChannelHandlerContext) {
      switch script(request, recorder.record(request)) {
      case .answer(let status, let headers, let body):
        var head = "HTTP/1.1 \(status) Some words\r\ncontent-length: \(body.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        write(Array((head + "\r\n").utf8) + body, context)
      case .headOnly(let status):
        write(Array("HTTP/1.1 \(status) Some words\r\ncontent-length: 100\r\n\r\n".utf8), context)
      case .cut: context.close(promise: nil)
      case .silence: break
      case .bytes(let bytes):
        write(bytes, context)
        context.close(promise: nil)
      }
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
      context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }
  }
}
