internal import BuiltinProcessors
internal import ProcessorHost

/// Scans requests as the command line does.
enum ScanRig {
  static func report(_ requests: [[UInt8]], isComplete: Bool = false) throws -> ScanReport {
    let policy = ScanPolicy(isComplete: isComplete)
    let log = ScanLog(policy)
    let host = try SpanProcessorHost(SpanProcessorHost.Configuration(hide: policy.policy), natives: .builtin)
    host.observe { ScanObserver(log) }
    for request in requests { _ = host.processAndWait(Door().admit(request).takeBatch()) }
    return log.current
  }

  static func report(_ spans: PlainSpan...) throws -> ScanReport { try report(spans.map { $0.encodedRequest() }) }
}

extension PlainSpan {
  /// A span with these attributes.
  static func with(
    _ attributes: [AttributeValue.Entry], name: String = "work", trace: UInt64 = 1
  ) -> PlainSpan {
    var span = PlainSpan()
    span.name = name
    span.traceID = TraceID(high: 7, low: trace)
    span.attributes = attributes
    return span
  }
}

extension ScanReport {
  /// The places in a few words each: `words in attribute api_key`.
  var placeNames: [String] {
    findings.map { finding in
      let key = finding.place.key.map { " \($0)" } ?? ""
      return "\(finding.place.detector) in \(finding.place.surface.rawValue)\(key)"
    }
  }
}
