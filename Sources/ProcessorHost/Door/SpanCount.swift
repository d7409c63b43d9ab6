/// How many spans a request holds, counted without looking into them.
package enum SpanCount {
  /// The spans that a walk over resources and scopes meets before the first byte that is no protobuf.
  ///
  /// Some 2 ns a span; what it counts is not checked in any other way.
  package static func count(in request: [UInt8]) -> Int {
    request.withUnsafeBufferPointer { run in
      run.baseAddress.map { count(below: 2, $0, 0..<run.count) } ?? 0
    }
  }

  /// - Parameter levels: how many containers stand between this message and the spans.
  private static func count(below levels: Int, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Int {
    // `resource_spans` is field 1 of a request; `scope_spans` and `spans` are field 2 of what they stand in.
    let number = levels == 2 ? FieldNumber.Request.resourceSpans : FieldNumber.ResourceSpans.scopeSpans
    var cursor = WireCursor(base, range)
    var count = 0
    while let field = try? cursor.next() {
      guard field.number == number, field.type == .lengthDelimited else { continue }
      count += levels == 0 ? 1 : self.count(below: levels - 1, base, field.payload..<field.end)
    }
    return count
  }
}
