internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

/// A hide policy in a host without rules.
struct HidingRig {
  let host: SpanProcessorHost

  init(_ steps: [HideStep]) throws {
    host = try SpanProcessorHost(
      SpanProcessorHost.Configuration(hide: HidePolicy(steps)), natives: .builtin(keys: try Self.keys()))
  }

  /// Keys for pseudonyms, under two names.
  static func keys() throws -> [String: PseudonymKeyRing] {
    try ["one", "two"].reduce(into: [:]) { keys, name in
      let secret = [UInt8](repeating: name == "one" ? 1 : 2, count: 32)
      keys[name] = try PseudonymKeyRing([PseudonymKey(id: name, secret: secret)])
    }
  }

  /// What leaves, of a request.
  func hide(_ request: [UInt8]) -> [UInt8] {
    host.processAndWait(Door().admit(request).takeBatch()).encoded()
  }

  func hide(_ span: PlainSpan) throws -> PlainSpan {
    let output = host.processAndWait(Door().admit(span.encodedRequest()).takeBatch())
    return try #require(PlainSpan.all(in: output).first)
  }

  var hits: [Int] { host.reports().first?.hideHits ?? [] }
}

extension [UInt8] {
  func holds(_ text: String) -> Bool { firstRange(of: Array(text.utf8)) != nil }
}

/// Protobuf fields, written apart from the code under test.
enum Field {
  static func varint(_ value: Int) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
  }

  static func bytes(_ number: Int, _ content: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(content.count) + content
  }

  static func text(_ number: Int, _ text: String) -> [UInt8] { bytes(number, Array(text.utf8)) }

  /// A request with one span that has these fields beside its ids.
  static func request(
    _ span: [UInt8], resource: [UInt8] = [], scope: [UInt8] = []
  ) -> [UInt8] {
    let ids = bytes(1, [UInt8](repeating: 1, count: 16)) + bytes(2, [UInt8](repeating: 2, count: 8))
    return bytes(1, bytes(1, resource) + bytes(2, bytes(1, scope) + bytes(2, ids + span)))
  }

  /// The content of a `KeyValue` with a string.
  static func entry(_ key: String, _ value: String) -> [UInt8] { text(1, key) + bytes(2, text(1, value)) }
}
