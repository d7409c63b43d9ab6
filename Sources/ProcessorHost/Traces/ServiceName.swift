/// Finds `service.name` in a resource where it stands.
enum ServiceName {
  private static let key = Array("service.name".utf8)

  /// Where the text stands; nil where the resource has none.
  static func find(_ base: UnsafePointer<UInt8>, in container: TraceWorkspace.Container) -> Range<Int>? {
    find(base, container.resourcePrefix) ?? find(base, container.resourceSuffix)
  }

  private static func find(_ base: UnsafePointer<UInt8>, _ fields: Range<Int>) -> Range<Int>? {
    var cursor = WireCursor(base, fields)
    while let field = cursor.nextChecked() {
      guard field.number == FieldNumber.ResourceSpans.resource, field.isLengthDelimited else { continue }
      var resource = WireCursor(base, field.content)
      while let attribute = resource.nextChecked() {
        guard attribute.number == FieldNumber.Resource.attributes, attribute.isLengthDelimited else { continue }
        let parts = KeyValueParts(base, attribute.content)
        guard UnsafeBufferPointer(start: base + parts.key.lowerBound, count: parts.key.count).elementsEqual(key) else {
          continue
        }
        return text(base, parts.value)
      }
    }
    return nil
  }

  private static func text(_ base: UnsafePointer<UInt8>, _ value: Range<Int>) -> Range<Int>? {
    var cursor = WireCursor(base, value)
    while let field = cursor.nextChecked() {
      if field.number == FieldNumber.AnyValue.string, field.isLengthDelimited { return field.content }
    }
    return nil
  }
}
