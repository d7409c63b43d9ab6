internal import ArgumentParser
internal import AsyncHTTPClient
internal import Foundation
internal import HostServices
internal import NIOCore
internal import ProcessorHost

/// Where a running host's admin port is.
struct AdminOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The admin port of the running host. Default: PROCESSOR_HOST_ADMIN_ENDPOINT, or 127.0.0.1:4319.",
      valueName: "host:port"))
  var admin: String?

  /// - Throws: `ValidationError` for what is no address.
  func client() throws -> AdminClient {
    let variable = ProcessInfo.processInfo.environment["PROCESSOR_HOST_ADMIN_ENDPOINT"]
    let named = admin ?? variable.flatMap { $0.isEmpty ? nil : $0 } ?? "127.0.0.1:4319"
    guard let address = ListenAddress(named), address.port > 0 else {
      throw ValidationError(
        "expected the address of a host's admin port, such as 127.0.0.1:4319, found \(named); "
          + "name it with --admin")
    }
    return AdminClient(address)
  }
}

/// Asks the admin port of a host that runs.
struct AdminClient {
  struct Answer {
    var status: Int
    var body: [UInt8]

    var isDone: Bool { status == 200 }

    /// - Throws: `ExitStatus.refused` after saying what came instead, where it is not such a document.
    func decoded<Document: Decodable>(as type: Document.Type) throws -> Document {
      do { return try JSONDecoder().decode(type, from: Data(body)) } catch {
        let text = String(decoding: body.prefix(500), as: UTF8.self)
        throw AdminClient.failed("the host answered with status \(status), which is not understood: \(text)")
      }
    }
  }

  /// The most bytes of an answer.
  private static let maximumBytes = 16 << 20
  /// A host loads and tests a set before it answers.
  private static let timeout = TimeAmount.seconds(120)

  private let address: ListenAddress

  init(_ address: ListenAddress) {
    // Where a host listens on every address, this machine's own is one of them.
    let everywhere = ["0.0.0.0": "127.0.0.1", "::": "::1"]
    self.address = ListenAddress(host: everywhere[address.host] ?? address.host, port: address.port)
  }

  func get(_ path: String) async throws -> Answer { try await ask(HTTPClientRequest(url: url(path))) }

  func post(_ path: String) async throws -> Answer {
    var request = HTTPClientRequest(url: url(path))
    request.method = .POST
    return try await ask(request)
  }

  private func url(_ path: String) -> String { "http://\(address)\(path)" }

  /// - Throws: `ExitStatus.refused` after saying why nobody answered.
  private func ask(_ request: HTTPClientRequest) async throws -> Answer {
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: Self.timeout)
      let body = try await response.body.collect(upTo: Self.maximumBytes)
      return Answer(status: Int(response.status.code), body: Array(body.readableBytesView))
    } catch {
      throw Self.failed(
        "no host answers at \(address): \(error); does it run, and is this its admin port? name it with --admin")
    }
  }

  /// Says what is wrong; the status to end with.
  static func failed(_ message: String) -> ExitStatus {
    let terminal = Terminal(isTerminal: StandardError.isTerminal)
    StandardError.write(terminal.paint("error: ", .red) + String.printable(message))
    return .refused
  }
}
