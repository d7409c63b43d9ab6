/// How a value that is no message is written in OTLP/JSON and in protobuf.
enum OTLPJSONScalar: UInt8, Sendable {
  case string
  /// An id: hexadecimal digits for bytes.
  case hexadecimal
  case base64
  case bool
  case int64
  case uint32
  case fixed32
  case fixed64
  case double
  case spanKind
  case statusCode
}

/// What a field holds.
enum OTLPJSONKind: Sendable {
  case scalar(OTLPJSONScalar)
  case strings
  case message(WireMessage)
  case messages(WireMessage)
}

/// A field of an OTLP message, by its protobuf number and its JSON name.
struct OTLPJSONField: Sendable {
  var number: UInt32
  var name: StaticString
  var kind: OTLPJSONKind

  init(_ number: UInt32, _ name: StaticString, _ kind: OTLPJSONKind) {
    self.number = number
    self.name = name
    self.kind = kind
  }

  init(_ number: UInt32, _ name: StaticString, _ scalar: OTLPJSONScalar) { self.init(number, name, .scalar(scalar)) }

  func isNamed(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard name.count == self.name.utf8CodeUnitCount else { return false }
    for index in 0..<name.count where name[index] != self.name.utf8Start[index] { return false }
    return true
  }

  /// Whether `name` is the field's name in the .proto file: `_` and a small letter for each capital.
  func isNamedAsInProto(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    var at = 0
    for index in 0..<self.name.utf8CodeUnitCount {
      let byte = self.name.utf8Start[index]
      let isCapital = byte &- UInt8(ascii: "A") < 26
      if isCapital {
        guard at < name.count, name[at] == UInt8(ascii: "_") else { return false }
        at += 1
      }
      guard at < name.count, name[at] == (isCapital ? byte | 0x20 : byte) else { return false }
      at += 1
    }
    return at == name.count
  }
}

/// The fields of every message of OTLP's trace signal, for reading and for writing JSON.
///
/// `keyStrindex` and `stringValueStrindex` are left out on purpose: they belong to the profiling signal, and elsewhere
/// count as absent.
struct OTLPJSONSchema: Sendable {
  static let otlp = OTLPJSONSchema()

  /// One past the highest field number.
  private static let width = 17

  private let fields: [[OTLPJSONField]]
  private let byNumber: [OTLPJSONField?]

  private init() {
    fields = WireMessage.allCases.map(Self.fields(of:))
    var byNumber = [OTLPJSONField?](repeating: nil, count: Self.width * fields.count)
    for (message, fields) in fields.enumerated() {
      for field in fields { byNumber[message * Self.width + Int(field.number)] = field }
    }
    self.byNumber = byNumber
  }

  func field(_ message: WireMessage, numbered number: UInt32) -> OTLPJSONField? {
    number < Self.width ? byNumber[Int(message.rawValue) * Self.width + Int(number)] : nil
  }

  /// The field with this name, lowerCamelCase as OTLP/JSON has it, or as it stands in the .proto file, which some
  /// senders write against the specification.
  func field(_ message: WireMessage, named name: UnsafeBufferPointer<UInt8>) -> OTLPJSONField? {
    for field in fields[Int(message.rawValue)] where field.isNamed(name) { return field }
    guard name.contains(UInt8(ascii: "_")) else { return nil }
    return fields[Int(message.rawValue)].first { $0.isNamedAsInProto(name) }
  }
}
