internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("The formats of a scan's report")
struct ScanFormatTests {
  private struct Document: Decodable {
    struct Finding: Decodable {
      struct Place: Decodable {
        enum CodingKeys: String, CodingKey {
          case span
          case traceID = "trace_id"
        }

        var span: String
        var traceID: String
      }

      enum CodingKeys: String, CodingKey {
        case detector, surface, key, hits, spans, traces, sample
        case carrier = "counted_per"
        case place = "seen_in"
      }

      var detector: String
      var surface: String
      var key: String?
      var carrier: String
      var hits: Int
      var spans: Int
      var traces: Int
      var sample: String
      var place: Place?
    }

    var version: Int
    var summary: [String: Int]
    var findings: [Finding]
  }

  private static func report() throws -> ScanReport {
    var span = PlainSpan.with([.init("a \"|`key\n.password", "hunter2-late")], name: "work `x` | y\u{202E}")
    span.statusMessage = "ada@example.org"
    span.resource = [.init("api_key", "hunter2-late")]
    return try ScanRig.report(span)
  }

  @Test("JSON has the documented fields, and null where there is no key")
  func json() throws {
    var report = try Self.report()
    report.refused = 3
    let document = try JSONDecoder().decode(Document.self, from: Data(report.json()))
    #expect(document.version == 1)
    #expect(
      document.summary == [
        "spans": 1, "spans_with_findings": 1, "resources_with_findings": 1, "scopes_with_findings": 0, "hits": 3,
        "detectors": 2, "places": 3, "refused": 3,
      ])
    let byKey = Dictionary(document.findings.map { ($0.key ?? "", $0) }) { first, _ in first }
    let attribute = try #require(byKey["a \"|`key\n.password"])
    #expect(attribute.surface == "attribute" && attribute.detector == "words" && attribute.carrier == "span")
    #expect(attribute.sample == "hu… (12 characters)")
    #expect(attribute.place?.span == "work `x` | y\u{202E}")
    #expect(attribute.place?.traceID == "00000000000000070000000000000001")
    #expect(byKey[""]?.surface == "status message")
    let resource = try #require(byKey["api_key"])
    #expect(resource.carrier == "resource" && resource.hits == 1 && resource.spans == 0 && resource.traces == 0)
  }

  @Test("JSON of a scan that found nothing is whole")
  func emptyJSON() throws {
    let report = try ScanRig.report(.with([]))
    let document = try JSONDecoder().decode(Document.self, from: Data(report.json()))
    #expect(document.findings.isEmpty && document.summary["hits"] == 0 && document.summary["spans"] == 1)
  }

  @Test("No name ends its cell or its row of the Markdown table")
  func markdown() throws {
    let lines = try Self.report().markdown().split(separator: "\n").map(String.init)
    let rows = lines.filter { $0.hasPrefix("|") }
    #expect(rows.count == 2 + 3)
    for row in rows {
      let bars = row.replacing("\\|", with: "").count { $0 == "|" }
      #expect(bars == 9, "\(row)")
    }
    #expect(rows.contains { $0.contains("``a \"\\|`key\\u{a}.password``") && $0.contains("\\u{202e}") })
    #expect(lines.contains("```lua"))
  }
}
