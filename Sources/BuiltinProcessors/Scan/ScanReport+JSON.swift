internal import ProcessorHost

extension ScanReport {
  /// The report as one JSON document, laid out for reading.
  ///
  /// Its fields stay; new ones may come, and `version` grows if one should ever mean something else:
  ///
  ///     { "version": 1,
  ///       "summary": { "spans", "spans_with_findings", "resources_with_findings", "scopes_with_findings", "hits",
  ///                    "detectors", "places", "refused" },          numbers
  ///       "findings": [ { "detector", "surface", "key",             texts; the key is null where there is none
  ///                       "counted_per",                            "span", "resource" or "scope"
  ///                       "hits", "spans", "traces",                numbers; the last two are 0 unless it is "span"
  ///                       "sample",                                 masked
  ///                       "seen_in": { "span", "trace_id" } } ] }   null for a resource or scope without spans
  package func json() -> [UInt8] {
    let buffer = WireBuffer()
    var output = JSONTextOutput(buffer, isIndented: true)
    output.object { output in
      output.member("version", 1)
      output.name("summary")
      output.object { output in
        output.member("spans", spans)
        output.member("spans_with_findings", spansWithFindings)
        output.member("resources_with_findings", resourcesWithFindings)
        output.member("scopes_with_findings", scopesWithFindings)
        output.member("hits", hits)
        output.member("detectors", detectors.count)
        output.member("places", places)
        output.member("refused", refused)
      }
      output.name("findings")
      output.open(UInt8(ascii: "["))
      for finding in findings {
        output.element()
        output.object { Self.write(finding, to: &$0) }
      }
      output.close(UInt8(ascii: "]"))
    }
    return Array(buffer.bytes) + [UInt8(ascii: "\n")]
  }

  private static func write(_ finding: ScanFinding, to output: inout JSONTextOutput) {
    output.member("detector", finding.place.detector)
    output.member("surface", finding.place.surface.rawValue)
    output.member("key", finding.place.key)
    output.member("counted_per", finding.place.surface.carrier.rawValue)
    output.member("hits", finding.hits)
    output.member("spans", finding.spans)
    output.member("traces", finding.traces)
    output.member("sample", finding.sample)
    output.name("seen_in")
    guard let example = finding.example else { return output.raw("null") }
    output.object { output in
      output.member("span", example.name)
      output.member("trace_id", example.traceID.description)
    }
  }
}

extension JSONTextOutput {
  fileprivate mutating func object(_ body: (inout Self) -> Void) {
    open(UInt8(ascii: "{"))
    body(&self)
    close(UInt8(ascii: "}"))
  }

  fileprivate mutating func member(_ name: StaticString, _ number: Int) {
    self.name(name)
    raw("\(number)")
  }

  fileprivate mutating func member(_ name: StaticString, _ text: String?) {
    self.name(name)
    guard var text else { return raw("null") }
    text.withUTF8 { string($0) }
  }
}
