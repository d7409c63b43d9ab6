import AsyncHTTPClient
import Foundation
import Hummingbird
import NIOCore
import NIOHTTP1

/// Calls the second service. The client makes a span for each request, and puts its context into the headers.
struct TicketBackend {
  private let url: String
  private let documentationToken: String
  private let apiKey: String
  private let client = HTTPClient.shared

  init(_ environment: Environment) throws {
    url = try environment.required("TICKETS_BACKEND_URL")
    documentationToken = try environment.required("TICKETS_DOCUMENTATION_TOKEN")
    apiKey = try environment.required("TICKETS_API_KEY")
  }

  func searchDocumentation(_ subject: String) async throws -> [String] {
    let query = subject.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    // A token in a URL, which tracing of clients and servers records whole.
    let body = try await send(.GET, "/documentation/search?q=\(query)&token=\(documentationToken)&limit=3")
    return try JSONDecoder().decode([String].self, from: body ?? ByteBuffer())
  }

  /// - Returns: nil where the model's gateway answers that it cannot be done.
  func complete(_ request: ModelRequest, key: String) async throws -> ModelAnswer? {
    let body = try JSONEncoder().encode(request)
    guard let answer = try await send(.POST, "/llm/chat", body, authorization: "Bearer \(key)") else { return nil }
    return try JSONDecoder().decode(ModelAnswer.self, from: answer)
  }

  func update(_ ticketID: String, _ update: TicketUpdate) async throws {
    let body = try JSONEncoder().encode(update)
    _ = try await send(.PATCH, "/tickets/\(ticketID)", body, authorization: "ApiKey \(apiKey)")
  }

  /// - Returns: nil for 503.
  private func send(
    _ method: HTTPMethod, _ path: String, _ body: Data? = nil, authorization: String? = nil
  ) async throws -> ByteBuffer? {
    var request = HTTPClientRequest(url: url + path)
    request.method = method
    if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
    if let authorization { request.headers.add(name: "authorization", value: authorization) }
    let response = try await client.execute(request, timeout: .seconds(30))
    let answer = try await response.body.collect(upTo: 1 << 20)
    switch response.status.code {
    case 200..<300: return answer
    case 503: return nil
    default: throw BackendError(description: "\(method.rawValue) \(path) was answered with \(response.status)")
    }
  }

  struct BackendError: Error, CustomStringConvertible {
    let description: String
  }
}
