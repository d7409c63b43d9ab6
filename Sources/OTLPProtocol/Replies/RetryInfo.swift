internal import ProcessorHost

/// google.rpc.RetryInfo: how long to wait before the same request is sent again.
public struct RetryInfo: Sendable, Equatable {
  /// How long to wait; never negative, and at most what google.protobuf.Duration holds: 10,000 years.
  public var delay: Duration

  /// Makes a RetryInfo.
  public init(delay: Duration) { self.delay = min(max(delay, .zero), .seconds(Self.maximumSeconds)) }

  static let typeURL = "type.googleapis.com/google.rpc.RetryInfo"

  private static let maximumSeconds: Int64 = 315_576_000_000
  private static let typeName = "google.rpc.RetryInfo"
  private static let nanosecond: Int64 = 1_000_000_000

  private enum Field {
    static let retryDelay: UInt32 = 1
    static let seconds: UInt32 = 1
    static let nanoseconds: UInt32 = 2
    static let typeURL: UInt32 = 1
    static let value: UInt32 = 2
  }

  /// Reads the protobuf message.
  public init(protobuf bytes: [UInt8]) throws(OTLPProtocolError) {
    var delay = Duration.zero
    try ProtobufReader.read(bytes, message: Self.typeName) { (field, reader) throws(OTLPProtocolError) in
      guard field.number == Field.retryDelay, field.isLengthDelimited else { return }
      delay = try Self.duration(reader.bytes(field))
    }
    self.init(delay: delay)
  }

  /// The protobuf message.
  public var protobuf: [UInt8] {
    let output = WireBuffer(capacity: 64)
    append(to: output)
    return Array(output.bytes)
  }

  /// Reads a google.protobuf.Any; nil where it holds something else.
  init?(any reader: ProtobufReader, _ field: WireField) throws(OTLPProtocolError) {
    var type = ""
    var value: [UInt8] = []
    try ProtobufReader.read(reader.bytes(field), message: "google.protobuf.Any") { (member, reader) in
      guard member.isLengthDelimited else { return }
      if member.number == Field.typeURL { type = reader.text(member) }
      if member.number == Field.value { value = reader.bytes(member) }
    }
    guard Self.isTypeURL(type) else { return nil }
    try self.init(protobuf: value)
  }

  /// Appends the fields of a google.protobuf.Any that holds this.
  func appendAny(to output: WireBuffer) {
    output.appendText(Field.typeURL, Self.typeURL)
    output.appendMessage(Field.value) { append(to: output) }
  }

  static func isTypeURL(_ url: String) -> Bool { url.split(separator: "/").last.map { $0 == typeName } ?? false }

  private var seconds: Int64 { delay.components.seconds }
  private var nanoseconds: Int64 { delay.components.attoseconds / Self.nanosecond }

  private func append(to output: WireBuffer) {
    output.appendMessage(Field.retryDelay) {
      output.appendInteger(Field.seconds, seconds)
      output.appendInteger(Field.nanoseconds, nanoseconds)
    }
  }

  private static func duration(_ bytes: [UInt8]) throws(OTLPProtocolError) -> Duration {
    var seconds: Int64 = 0
    var nanoseconds: Int64 = 0
    try ProtobufReader.read(bytes, message: "google.protobuf.Duration") { (field, _) in
      guard field.type == .varint else { return }
      if field.number == Field.seconds { seconds = Int64(bitPattern: field.value) }
      if field.number == Field.nanoseconds { nanoseconds = Int64(Int32(truncatingIfNeeded: field.value)) }
    }
    return .seconds(min(max(seconds, 0), maximumSeconds)) + .nanoseconds(nanoseconds)
  }
}

extension RetryInfo {
  /// The delay as the JSON mapping of google.protobuf.Duration writes it: `1.5s`.
  var jsonDelay: String {
    guard nanoseconds > 0 else { return "\(seconds)s" }
    let digits = String(Self.nanosecond + nanoseconds).dropFirst()
    let significant = digits.reversed().drop { $0 == "0" }.reversed()
    return "\(seconds).\(String(significant))s"
  }

  /// Reads a delay as the JSON mapping writes it; nil where the text is none.
  init?(jsonDelay text: String) {
    guard text.last == "s", let seconds = Double(text.dropLast()), seconds.isFinite else { return nil }
    self.init(delay: .seconds(min(max(seconds, 0), Double(Self.maximumSeconds))))
  }
}
