internal import ProcessorHostTracing
internal import Testing

@Suite("Span limits")
struct SpanLimitsTests {
  private func limits(_ environment: [String: String]) throws -> SpanLimits {
    try TracingConfiguration.quietly(environment).limits
  }

  @Test("there are 128 of each, and values have no limit but memory's")
  func defaults() {
    let limits = SpanLimits()
    let counts = [
      limits.attributeCount, limits.eventCount, limits.linkCount, limits.eventAttributeCount,
      limits.linkAttributeCount,
    ]
    #expect(counts == [128, 128, 128, 128, 128] && limits.attributeValueLength == nil)
    #expect(SpanLimits.maximumValueBytes == 65536)
  }

  @Test("the general limit counts for spans, events and links that have none of their own")
  func general() throws {
    let all = try limits(["OTEL_ATTRIBUTE_COUNT_LIMIT": "5"])
    #expect(all.attributeCount == 5 && all.eventAttributeCount == 5 && all.linkAttributeCount == 5)
    #expect(all.eventCount == 128 && all.linkCount == 128)
    let own = try limits([
      "OTEL_ATTRIBUTE_COUNT_LIMIT": "5", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "6",
      "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT": "7", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT": "8",
    ])
    #expect(own.attributeCount == 6 && own.eventAttributeCount == 7 && own.linkAttributeCount == 8)
  }

  @Test("the length for spans goes before the general one, and 0 is a limit too")
  func length() throws {
    let general = "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"
    let own = "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT"
    #expect(try limits([general: "9"]).attributeValueLength == 9)
    #expect(try limits([general: "9", own: "4"]).attributeValueLength == 4)
    #expect(try limits([general: "9", own: ""]).attributeValueLength == 9)
    #expect(try limits([own: "0"]).attributeValueLength == 0)
  }

  @Test("where the limit for spans is wrong, the general one counts")
  func wrong() throws {
    let (configuration, warnings) = try TracingConfiguration.reading([
      "OTEL_ATTRIBUTE_COUNT_LIMIT": "5", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "-6",
    ])
    #expect(configuration.limits.attributeCount == 5)
    #expect(warnings.count == 1 && warnings[0].hasPrefix("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT:"))
  }
}
