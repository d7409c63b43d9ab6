import HostServices
import OTLPExporters
import TestSupport
import Testing

struct HostileInputTests {
  private let yaml = """
    receivers:
      grpc: { endpoint: "[::1]:4317", tls: { certificate: c, key: k } }
      idle_timeout: 90s
    rules: { chain: [a, b], settings: { a.b: "x" }, keys: { customers: c.keys } }
    queue: { max_bytes: 64MiB, schedule_delay: 1500ms }
    exporters:
      - &one { kind: otlp-grpc, endpoint: "http://b:4317", headers: { a: "b" }, retry: { multiplier: 1.25 } }
      - { kind: sentry, dsn: "https://k@h/1" }
    """

  @Test func noFileWhateverIsInItDoesMoreThanBeRefused() {
    var numbers = SeededGenerator(seed: 20_260_711)
    let pieces = [
      "[", "{", "*one", "&x ", "- ", ": ", "!!int ", "\"", "'", "|\n", "\n", "\t", "%", "<<: *one", "\u{0}", "é", "~",
      "0x1F", "? ",
    ]
    var refused = 0
    for _ in 0..<3000 {
      var text = Array(yaml.unicodeScalars)
      for _ in 0...Int.random(in: 0..<4, using: &numbers) {
        let place = Int.random(in: 0..<text.count, using: &numbers)
        let end = Int.random(in: place...min(place + 5, text.count - 1), using: &numbers)
        text.replaceSubrange(place..<end, with: pieces.randomElement(using: &numbers)?.unicodeScalars.map { $0 } ?? [])
      }
      var mutated = String.UnicodeScalarView()
      mutated.append(contentsOf: text)
      for complaint in complaints(String(mutated)) {
        refused += 1
        #expect(complaint.hasPrefix("host.yaml:") || complaint.contains("own receivers"), "\(complaint)")
      }
    }
    #expect(refused > 1000)
  }

  @Test(arguments: ["[", "{a: ", "- ", "? "])
  func nestingWithoutEndIsRefused(_ piece: String) {
    #expect(complaints(String(repeating: piece, count: 200_000)).count == 1)
  }

  @Test func aliasesOfAliasesCostNothing() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1..<64 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(complaints(text).count == 64)
  }

  @Test func addressesOfAnyTextAreReadOrRefused() {
    var numbers = SeededGenerator(seed: 20_260_711)
    let pieces = [
      "http://", "https://", "[", "]", ":", "@", "/", "1", "443", "99999", "h", "é", "%", "?", "#", " ", "::", "-",
    ]
    var read = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1..<7, using: &numbers)).map { _ in pieces.randomElement(using: &numbers) ?? "" }
        .joined()
      if let address = ListenAddress(text) {
        read += 1
        // What is read is written so that it is read as the same.
        #expect(ListenAddress(address.description) == address)
      }
      if let url = try? OTLPEndpoint(text) {
        read += 1
        #expect((try? OTLPEndpoint(url.address)) == url)
      }
      _ = try? SentryEndpoint.configuration(dsn: text)
    }
    #expect(read > 100)
  }
}
