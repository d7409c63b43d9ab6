internal import ProcessorHost
internal import ProcessorHostTracing
internal import TestSupport
internal import Testing

@Suite("Resource attributes by variables")
struct ResourceVariablesTests {
  private static let name = "OTEL_RESOURCE_ATTRIBUTES"

  /// What a text adds to a resource without attributes.
  private func read(_ text: String) throws -> (Resource, warnings: [String]) {
    var own = TracingConfiguration()
    own.resource = Resource()
    let (read, warnings) = try TracingConfiguration.reading([Self.name: text], over: own)
    return (read.resource, warnings)
  }

  @Test(
    "keys and values are percent-decoded strings without the spaces around them",
    arguments: [
      ("a=1", [("a", "1")]), ("a=1,b=2", [("a", "1"), ("b", "2")]), (" a = 1 ,\tb\t=\t2 ", [("a", "1"), ("b", "2")]),
      ("a=%2C%3D%25%20", [("a", ",=% ")]), ("a%2Cb=1", [("a,b", "1")]), ("a=%c3%A9", [("a", "\u{E9}")]),
      ("a=\u{E9}\u{1F600}", [("a", "\u{E9}\u{1F600}")]), ("a=", [("a", "")]), ("a=b=c", [("a", "b=c")]),
      ("a=x y", [("a", "x y")]), ("a=1;b=2", [("a", "1;b=2")]), ("a=1,a=2", [("a", "2")]), ("a=1,", [("a", "1")]),
      ("a=1, ,b=2", [("a", "1"), ("b", "2")]), ("a=+", [("a", "+")]),
      ("a=,\u{301}b=2", [("a", ""), ("\u{301}b", "2")]),
    ] as [(String, [(String, String)])])
  func right(text: String, expected: [(String, String)]) throws {
    let (resource, warnings) = try read(text)
    #expect(resource.attributes == expected.map { .init($0.0, .string($0.1)) } && warnings == [])
  }

  @Test(
    "one error, and none of the attributes is used",
    arguments: [
      ("good=1,s3cret", "member 2 has no '='"), ("good=1,=s3cret", "key of member 2"), ("good=1,b=s3cret%", "'b'"),
      ("good=1,b=%4", "'b'"), ("good=1,b=%4g", "'b'"), ("good=1,b=%+1", "'b'"), ("good=1,b=%FFs3cret", "'b'"),
      ("good=1,b=%C3", "'b'"), ("good=1,b=%ED%A0%80", "'b'"), ("good=1,%FF=s3cret", "key of member 2"),
      ("=", "key of member 1"),
    ])
  func wrong(text: String, part: String) throws {
    let (resource, warnings) = try read(text)
    #expect(resource.attributes.isEmpty && warnings.count == 1)
    #expect(warnings[0].hasPrefix(Self.name + ":") && warnings[0].contains(part), "\(warnings)")
    #expect(!warnings[0].contains("s3cret"))
  }

  @Test("more than 64 KiB are not used")
  func size() throws {
    let most = "a=" + String(repeating: "x", count: 65534)
    #expect(try read(most).0["a"] != nil)
    let (resource, warnings) = try read(most + "x")
    #expect(resource.attributes.isEmpty && warnings.count == 1)
    #expect(warnings[0].contains("65536") && warnings[0].contains("65537"))
  }

  @Test("the attributes replace those of the app, and the others stay")
  func precedence() throws {
    var own = TracingConfiguration()
    own.resource = Resource(attributes: [.init("a", 1), .init("b", 2)])
    let read = try TracingConfiguration.quietly([Self.name: "b=x,c=y"], over: own).resource
    #expect(read.attributes == [.init("a", 1), .init("b", "x"), .init("c", "y")])
  }

  @Test("the variable of the service's name goes before the attributes, and is taken as it is")
  func serviceName() throws {
    let both = [Self.name: "service.name=a,service.version=1", "OTEL_SERVICE_NAME": "b%20\u{E9}"]
    let read = try TracingConfiguration.quietly(both).resource
    #expect(read["service.name"] == "b%20\u{E9}" && read["service.version"] == "1")
    #expect(try TracingConfiguration.quietly([Self.name: "service.name=a"]).resource["service.name"] == "a")
  }

  @Test("attributes that were percent-encoded come back as they were")
  func roundTrips() throws {
    var random = SeededGenerator(seed: 6)
    let alphabet = Array("ab=,%; \t\u{E9}\u{301}\u{1F600}\u{0}\n".unicodeScalars)
    func text(_ least: Int) -> String {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: least...8, using: &random) {
        text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
      }
      return String(text)
    }
    func encoded(_ text: String) -> String {
      text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    for _ in 0..<500 {
      let entries = (0..<3).map { _ in (text(1), text(0)) }
      let expected = Resource(attributes: entries.map { .init($0.0, .string($0.1)) })
      let (resource, warnings) = try read(entries.map { encoded($0.0) + "=" + encoded($0.1) }.joined(separator: ","))
      #expect(resource == expected && warnings == [])
    }
  }

  @Test("whatever the text, there are attributes or a warning, and never both")
  func hostileText() throws {
    var random = SeededGenerator(seed: 7)
    let alphabet = Array("a=,%4f \u{E9}\u{301}".unicodeScalars)
    for _ in 0..<2000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
      }
      let (resource, warnings) = try read(String(text))
      #expect(resource.attributes.isEmpty || warnings.isEmpty)
      let isNothing = text.allSatisfy { $0 == " " || $0 == "," }
      #expect(isNothing == (resource.attributes.isEmpty && warnings.isEmpty), "\(String(text).debugDescription)")
    }
  }
}
