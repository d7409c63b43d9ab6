internal import ProcessorHost
internal import ProcessorHostTracing
internal import Testing

@Suite("Resources")
struct ResourceTests {
  @Test("a key stands once, where it stood first, with its last value")
  func uniqueness() {
    let resource = Resource(attributes: [.init("a", 1), .init("b", 2), .init("a", 3)])
    #expect(resource.attributes == [.init("a", 3), .init("b", 2)])
  }

  @Test("keys are compared by their bytes")
  func keys() {
    let resource = Resource(attributes: [.init("\u{E9}", 1), .init("e\u{301}", 2)])
    #expect(resource.attributes.count == 2)
    #expect(resource["\u{E9}"] == 1 && resource["e\u{301}"] == 2)
  }

  @Test("an attribute can be set, replaced and taken away")
  func editing() {
    var resource = Resource(attributes: [.init("host.name", "a"), .init("b", true)])
    resource["c"] = 1.5
    resource["b"] = false
    resource["host.name"] = nil
    resource["missing"] = nil
    #expect(resource.attributes == [.init("b", false), .init("c", 1.5)])
  }

  @Test("merged, it has the attributes of both, and where both have one the newer value, even if that is empty")
  func merging() {
    let old = Resource(attributes: [.init("a", 1), .init("b", "x"), .init("c", "y")])
    let merged = old.merging(Resource(attributes: [.init("d", 4), .init("c", ""), .init("a", 2)]))
    #expect(merged.attributes == [.init("a", 2), .init("b", "x"), .init("c", ""), .init("d", 4)])
    #expect(old.merging(Resource()) == old && Resource().merging(old) == old)
  }

  @Test("encoded, it is the resource field of a ResourceSpans, with all kinds of values")
  func encoding() throws {
    let resource = Resource(attributes: [
      .init("service.name", "sh\u{F6}p"), .init("process.pid", 42), .init("on", true), .init("ratio", 0.5),
      .init("list", .array(["a", 1])), .init("map", .map([.init("k", "v")])), .init("bytes", .bytes([0, 255])),
      .init("empty", ""),
    ])
    let bytes = resource.encoded()
    let read = bytes.withUnsafeBufferPointer { buffer -> [AttributeValue.Entry] in
      guard let base = buffer.baseAddress else { return [] }
      var fields = WireCursor(base, 0..<buffer.count)
      guard let field = fields.nextChecked(), field.number == FieldNumber.ResourceSpans.resource else { return [] }
      #expect(field.end == buffer.count, "there is no other field")
      var entries: [AttributeValue.Entry] = []
      var cursor = WireCursor(base, field.payload..<field.end)
      while let entry = cursor.nextChecked() {
        #expect(entry.number == FieldNumber.Resource.attributes)
        entries.append(AttributeValue.Entry(base, entry.payload..<entry.end))
      }
      return entries
    }
    #expect(read == resource.attributes)
  }

  @Test("one without attributes is a resource all the same")
  func emptyEncoding() {
    #expect(Resource().encoded() == [0x0A, 0x00])
  }
}
