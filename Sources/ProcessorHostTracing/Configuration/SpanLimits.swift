/// How much a span may hold. What is left out is counted on the span. OpenTelemetry specification: SDK, Span Limits.
public struct SpanLimits: Sendable, Equatable {
  /// The most attributes of a span, 0 or more. OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT, else OTEL_ATTRIBUTE_COUNT_LIMIT; 128.
  public var attributeCount = 128
  /// The most events of a span, 0 or more. OTEL_SPAN_EVENT_COUNT_LIMIT, 128.
  public var eventCount = 128
  /// The most links of a span, 0 or more. OTEL_SPAN_LINK_COUNT_LIMIT, 128.
  public var linkCount = 128
  /// The most attributes of an event, 0 or more. OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT, else OTEL_ATTRIBUTE_COUNT_LIMIT; 128.
  public var eventAttributeCount = 128
  /// The most attributes of a link, 0 or more. OTEL_LINK_ATTRIBUTE_COUNT_LIMIT, else OTEL_ATTRIBUTE_COUNT_LIMIT; 128.
  public var linkAttributeCount = 128
  /// The most Unicode scalars of a string among the attributes' values, 0 or more; nil for no limit, the default.
  /// OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT, else OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT.
  ///
  /// It is applied behind hiding, since half a secret is like none that is looked for.
  public var attributeValueLength: Int?

  /// The most bytes of one value, 64 KiB, whatever the limits: a mark takes the place of what is larger, before hiding.
  public static let maximumValueBytes = 64 << 10

  /// The specification's defaults.
  public init() {}
}

extension SpanLimits {
  /// Takes over what the environment says. Where a variable of one kind of record says nothing, the general one counts.
  mutating func apply(_ reader: inout EnvironmentReader) {
    func read(_ place: WritableKeyPath<SpanLimits, Int>, _ names: String...) {
      if let count = reader.first(names.map { .count($0) }) { self[keyPath: place] = count }
    }
    read(\.attributeCount, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT")
    read(\.eventCount, "OTEL_SPAN_EVENT_COUNT_LIMIT")
    read(\.linkCount, "OTEL_SPAN_LINK_COUNT_LIMIT")
    read(\.eventAttributeCount, "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT")
    read(\.linkAttributeCount, "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT")
    let lengths = ["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"]
    attributeValueLength = reader.first(lengths.map { .count($0) }) ?? attributeValueLength
  }

  /// - Throws: where a limit is less than zero.
  func check() throws(TracingConfigurationError) {
    let all = [
      ("attributeCount", attributeCount), ("eventCount", eventCount), ("linkCount", linkCount),
      ("eventAttributeCount", eventAttributeCount), ("linkAttributeCount", linkAttributeCount),
      ("attributeValueLength", attributeValueLength ?? 0),
    ]
    for (name, value) in all where value < 0 {
      throw TracingConfigurationError(setting: "limits.\(name)", "expected 0 or more, found \(value)")
    }
  }
}
