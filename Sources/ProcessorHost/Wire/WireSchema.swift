/// The messages of OTLP's trace signal that the host knows, as opentelemetry/proto/trace/v1 and common/v1 define them.
@usableFromInline
package enum WireMessage: UInt8, CaseIterable, Sendable {
  case request
  case resourceSpans
  case resource
  case entityReference
  case scopeSpans
  case scope
  case span
  case event
  case link
  case status
  case keyValue
  case anyValue
  case arrayValue
  case keyValueList
}

/// What a field of a known message holds, and what the door asks of it.
@usableFromInline
package enum WireFieldKind: UInt8, Sendable {
  case unknown
  case varint
  case fixed64
  case fixed32
  case string
  case repeatedString
  case bytes
  /// 16 bytes.
  case traceID
  /// 8 bytes.
  case spanID
  /// No bytes, or 8.
  case optionalSpanID
  case message
  case repeatedMessage

  /// The wire type that the field comes in; in any other it is an unknown field, as protobuf has it.
  @inlinable
  package var wireType: WireType {
    switch self {
    case .varint: .varint
    case .fixed64: .fixed64
    case .fixed32: .fixed32
    default: .lengthDelimited
    }
  }

  package var isRepeated: Bool { self == .repeatedString || self == .repeatedMessage }
}

/// One row of the schema.
@usableFromInline
package struct WireFieldRule: Sendable {
  @usableFromInline package var kind: WireFieldKind
  /// The message type of the value, where `kind` is a message.
  @usableFromInline package var message: WireMessage

  package init(_ kind: WireFieldKind, _ message: WireMessage = .request) {
    self.kind = kind
    self.message = message
  }
}

/// Field numbers to kinds, for every message of the trace signal.
@usableFromInline
package struct WireSchema: Sendable {
  /// Known field numbers all lie below this.
  @usableFromInline package static let width = 32

  @usableFromInline let rules: [WireFieldRule]

  /// The schema of OTLP 1.x traces.
  package static let otlp = WireSchema()

  private init() {
    var rules = [WireFieldRule](
      repeating: WireFieldRule(.unknown), count: Self.width * WireMessage.allCases.count)
    for message in WireMessage.allCases {
      for (number, rule) in Self.fields(of: message) { rules[Int(message.rawValue) * Self.width + number] = rule }
    }
    self.rules = rules
  }

  @inlinable
  package func rule(_ message: WireMessage, _ number: UInt32) -> WireFieldRule {
    rules[Int(message.rawValue) &* Self.width &+ (number < 32 ? Int(number) : 0)]
  }

  private static func fields(of message: WireMessage) -> [Int: WireFieldRule] {
    let attributes = WireFieldRule(.repeatedMessage, .keyValue)
    let count = WireFieldRule(.varint)
    let string = WireFieldRule(.string)
    switch message {
    case .request:
      return [1: WireFieldRule(.repeatedMessage, .resourceSpans)]
    case .resourceSpans:
      return [1: WireFieldRule(.message, .resource), 2: WireFieldRule(.repeatedMessage, .scopeSpans), 3: string]
    case .resource:
      return [1: attributes, 2: count, 3: WireFieldRule(.repeatedMessage, .entityReference)]
    case .entityReference:
      return [1: string, 2: string, 3: WireFieldRule(.repeatedString), 4: WireFieldRule(.repeatedString)]
    case .scopeSpans:
      return [1: WireFieldRule(.message, .scope), 2: WireFieldRule(.repeatedMessage, .span), 3: string]
    case .scope:
      return [1: string, 2: string, 3: attributes, 4: count]
    case .span:
      return [
        1: WireFieldRule(.traceID), 2: WireFieldRule(.spanID), 3: string, 4: WireFieldRule(.optionalSpanID),
        5: string, 6: WireFieldRule(.varint), 7: WireFieldRule(.fixed64), 8: WireFieldRule(.fixed64),
        9: attributes, 10: count, 11: WireFieldRule(.repeatedMessage, .event), 12: count,
        13: WireFieldRule(.repeatedMessage, .link), 14: count, 15: WireFieldRule(.message, .status),
        16: WireFieldRule(.fixed32),
      ]
    case .event:
      return [1: WireFieldRule(.fixed64), 2: string, 3: attributes, 4: count]
    case .link:
      return [
        1: WireFieldRule(.traceID), 2: WireFieldRule(.spanID), 3: string, 4: attributes, 5: count,
        6: WireFieldRule(.fixed32),
      ]
    case .status:
      return [2: string, 3: WireFieldRule(.varint)]
    case .keyValue:
      return [1: string, 2: WireFieldRule(.message, .anyValue)]
    case .anyValue:
      return [
        1: string, 2: WireFieldRule(.varint), 3: WireFieldRule(.varint), 4: WireFieldRule(.fixed64),
        5: WireFieldRule(.message, .arrayValue), 6: WireFieldRule(.message, .keyValueList), 7: WireFieldRule(.bytes),
        // `string_value_strindex`, for profiles: of no meaning here, but a member of the oneof.
        8: WireFieldRule(.varint),
      ]
    case .arrayValue:
      return [1: WireFieldRule(.repeatedMessage, .anyValue)]
    case .keyValueList:
      return [1: attributes]
    }
  }
}
