internal import ProcessorHost

/// Headers that go with every request. Their values are secrets: what is printed shows the names alone.
public struct OTLPHeaders: Sendable, Equatable {
  /// Names in lower case, and values.
  package private(set) var fields: [(name: String, value: String)] = []

  /// No headers.
  public init() {}

  /// The names, in lower case.
  public var names: [String] { fields.map(\.name) }

  /// Whether there are none.
  public var isEmpty: Bool { fields.isEmpty }

  /// Whether they have the same names and values, in the same order.
  public static func == (left: OTLPHeaders, right: OTLPHeaders) -> Bool {
    left.fields.elementsEqual(right.fields) { $0 == $1 }
  }

  /// Reads headers as the environment has them: `name=value,name=value`, the values percent-encoded, as in the W3C's
  /// baggage.
  /// - Parameter setting: what they were given by, for the error.
  public init(parsing text: String, setting: String = "headers") throws(ExporterConfigurationError) {
    for (index, member) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      if String(member).trimmingSpaces().isEmpty { continue }
      guard let equals = member.firstIndex(of: "=") else {
        // The member is not shown: it may well be the secret itself.
        throw ExporterConfigurationError(
          .headers, setting: setting,
          "expected name=value,name=value, but member \(index + 1) has no '='; a comma inside a value is written %2C")
      }
      let name = String(member[..<equals]).trimmingSpaces()
      let value = String(member[member.index(after: equals)...]).trimmingSpaces()
      guard let decoded = Self.percentDecoded(value) else {
        throw ExporterConfigurationError(
          .headers, setting: setting,
          "the value of '\(String.printable(String(name.prefix(64))))' is not percent-encoded UTF-8; '%' itself is %25")
      }
      try set(name, decoded, setting: setting)
    }
  }

  /// Adds a header; one of the same name is replaced.
  /// - Parameter setting: what it was given by, for the error.
  public mutating func set(
    _ name: String, _ value: String, setting: String = "headers"
  ) throws(ExporterConfigurationError) {
    let shown = String.printable(String(name.prefix(64)))
    let name = name.lowercased()
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
      throw ExporterConfigurationError(.headers, setting: setting, "'\(shown)' is no name of a header")
    }
    if Self.isOwn(name) {
      throw ExporterConfigurationError(
        .headers, setting: setting, "'\(shown)' is written by the exporter itself; take it out")
    }
    guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
      throw ExporterConfigurationError(
        .headers, setting: setting,
        "the value of '\(shown)' has a line end or another character that cannot stand in a header")
    }
    fields.removeAll { $0.name == name }
    fields.append((name, value))
  }

  /// What HTTP, gRPC and the exporter decide themselves.
  private static func isOwn(_ name: String) -> Bool {
    let own: Set<String> = [
      "connection", "content-encoding", "content-length", "content-type", "host", "te", "transfer-encoding", "upgrade",
      HostMarker.header,
    ]
    return own.contains(name) || name.hasPrefix("grpc-")
  }

  /// RFC 9110, Tokens.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  private static func percentDecoded(_ text: String) -> String? {
    var decoded: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
        rest.first != UInt8(ascii: "+"), rest.first != UInt8(ascii: "-")
      else { return nil }
      decoded.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: decoded, as: UTF8.self)
  }
}

extension OTLPHeaders: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The names, each with a mask for its value.
  public var description: String { fields.map { "\($0.name)=***" }.joined(separator: ",") }

  /// The same: a value must not come out by way of a debugger's print.
  public var debugDescription: String { description }

  /// The same.
  public var customMirror: Mirror { Mirror(self, children: ["names": names]) }
}

/// The header by which a host knows its own requests again.
public enum HostMarker {
  /// Its name; the value is the sending host's id.
  public static let header = "x-processor-host-id"
}
