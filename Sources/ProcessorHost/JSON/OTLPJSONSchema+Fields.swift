extension OTLPJSONSchema {
  /// opentelemetry/proto/{trace,common,resource}/v1, the fields in the order in which JSON names them most often.
  static func fields(of message: WireMessage) -> [OTLPJSONField] {
    switch message {
    case .request:
      [OTLPJSONField(1, "resourceSpans", .messages(.resourceSpans))]
    case .resourceSpans:
      [
        OTLPJSONField(1, "resource", .message(.resource)),
        OTLPJSONField(2, "scopeSpans", .messages(.scopeSpans)),
        OTLPJSONField(3, "schemaUrl", .string),
      ]
    case .resource:
      [
        OTLPJSONField(1, "attributes", .messages(.keyValue)),
        OTLPJSONField(2, "droppedAttributesCount", .uint32),
        OTLPJSONField(3, "entityRefs", .messages(.entityReference)),
      ]
    case .entityReference:
      [
        OTLPJSONField(1, "schemaUrl", .string),
        OTLPJSONField(2, "type", .string),
        OTLPJSONField(3, "idKeys", .strings),
        OTLPJSONField(4, "descriptionKeys", .strings),
      ]
    case .scopeSpans:
      [
        OTLPJSONField(1, "scope", .message(.scope)),
        OTLPJSONField(2, "spans", .messages(.span)),
        OTLPJSONField(3, "schemaUrl", .string),
      ]
    case .scope:
      [
        OTLPJSONField(1, "name", .string),
        OTLPJSONField(2, "version", .string),
        OTLPJSONField(3, "attributes", .messages(.keyValue)),
        OTLPJSONField(4, "droppedAttributesCount", .uint32),
      ]
    case .span:
      spanFields
    case .event:
      [
        OTLPJSONField(1, "timeUnixNano", .fixed64),
        OTLPJSONField(2, "name", .string),
        OTLPJSONField(3, "attributes", .messages(.keyValue)),
        OTLPJSONField(4, "droppedAttributesCount", .uint32),
      ]
    case .link:
      [
        OTLPJSONField(1, "traceId", .hexadecimal),
        OTLPJSONField(2, "spanId", .hexadecimal),
        OTLPJSONField(3, "traceState", .string),
        OTLPJSONField(4, "attributes", .messages(.keyValue)),
        OTLPJSONField(5, "droppedAttributesCount", .uint32),
        OTLPJSONField(6, "flags", .fixed32),
      ]
    case .status:
      [OTLPJSONField(2, "message", .string), OTLPJSONField(3, "code", .statusCode)]
    case .keyValue:
      [OTLPJSONField(1, "key", .string), OTLPJSONField(2, "value", .message(.anyValue))]
    case .anyValue:
      [
        OTLPJSONField(1, "stringValue", .string),
        OTLPJSONField(2, "boolValue", .bool),
        OTLPJSONField(3, "intValue", .int64),
        OTLPJSONField(4, "doubleValue", .double),
        OTLPJSONField(5, "arrayValue", .message(.arrayValue)),
        OTLPJSONField(6, "kvlistValue", .message(.keyValueList)),
        OTLPJSONField(7, "bytesValue", .base64),
      ]
    case .arrayValue:
      [OTLPJSONField(1, "values", .messages(.anyValue))]
    case .keyValueList:
      [OTLPJSONField(1, "values", .messages(.keyValue))]
    }
  }

  private static var spanFields: [OTLPJSONField] {
    [
      OTLPJSONField(1, "traceId", .hexadecimal),
      OTLPJSONField(2, "spanId", .hexadecimal),
      OTLPJSONField(3, "traceState", .string),
      OTLPJSONField(4, "parentSpanId", .hexadecimal),
      OTLPJSONField(5, "name", .string),
      OTLPJSONField(6, "kind", .spanKind),
      OTLPJSONField(7, "startTimeUnixNano", .fixed64),
      OTLPJSONField(8, "endTimeUnixNano", .fixed64),
      OTLPJSONField(9, "attributes", .messages(.keyValue)),
      OTLPJSONField(10, "droppedAttributesCount", .uint32),
      OTLPJSONField(11, "events", .messages(.event)),
      OTLPJSONField(12, "droppedEventsCount", .uint32),
      OTLPJSONField(13, "links", .messages(.link)),
      OTLPJSONField(14, "droppedLinksCount", .uint32),
      OTLPJSONField(15, "status", .message(.status)),
      OTLPJSONField(16, "flags", .fixed32),
    ]
  }

  /// The values of an enumeration by their names in the .proto file.
  static func enumName(_ kind: OTLPJSONScalar, _ name: UnsafeBufferPointer<UInt8>) -> UInt64? {
    let names = kind == .spanKind ? spanKinds : statusCodes
    return names.firstIndex { $0.utf8.elementsEqual(name) }.map(UInt64.init)
  }

  private static let spanKinds = [
    "SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER",
    "SPAN_KIND_CONSUMER",
  ]
  private static let statusCodes = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"]
}
