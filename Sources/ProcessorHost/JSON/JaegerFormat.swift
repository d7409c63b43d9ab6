/// The JSON of the Jaeger UI and its query API: `{"data":[{"traceID":…`. People take it for OTLP.
enum JaegerFormat {
  /// Whether a document's member with this name, whose value `scanner` stands at, is Jaeger's list of traces.
  static func begins(with name: UnsafeBufferPointer<UInt8>, _ scanner: JSONScanner) -> Bool {
    guard name.elementsEqual("data".utf8) else { return false }
    var scanner = scanner
    do {
      try scanner.enter(JSONByte.openBracket, "an array")
      try scanner.enter(JSONByte.openBrace, "an object")
      var isFirst = true
      while let member = try scanner.nextName(isFirst: &isFirst) {
        let text = UnsafeBufferPointer(start: scanner.base + member.start, count: member.count)
        if text.elementsEqual("traceID".utf8) { return true }
        try scanner.skipValue()
      }
    } catch {
      return false
    }
    return false
  }
}
