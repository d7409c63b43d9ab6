internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("The digest of the rules on scopes")
struct RuleStampTests {
  private static let key = "processor_host.rules.digest"
  private let span = SpanBytes.span("a")
  private let stamping = RuleStamping.put(RuleStamp(digest: "d1"))

  /// An attribute of a scope.
  private func attribute(_ key: String, _ text: String) -> [UInt8] {
    SpanBytes.attribute(3, key, Proto.string(1, text))
  }

  private func stamp(_ digest: String) -> [UInt8] { attribute(Self.key, digest) }

  /// A request with one span in a scope of these fields; `before` and `behind` are other fields of its `ScopeSpans`.
  private func request(scope: [UInt8]?, before: [UInt8] = [], behind: [UInt8] = []) -> [UInt8] {
    let scope = scope.map { Proto.bytes(1, $0) } ?? []
    return Proto.bytes(1, Proto.bytes(2, scope + before + Proto.bytes(2, span) + behind))
  }

  @Test("stands behind the other fields, which stay")
  func added() throws {
    let fields =
      Proto.string(1, "name") + Proto.string(2, "2.0") + attribute("kind", "x") + Proto.integer(4, 7)
      + Proto.string(30, "unknown")
    let schema = Proto.string(3, "https://example.com/schema")
    let rig = try PipelineRig([], stamping: stamping)
    for _ in 0..<2 {
      #expect(
        rig.process(request(scope: fields, behind: schema)) == request(scope: fields + stamp("d1"), behind: schema))
    }
  }

  @Test("is on scopes of which nothing is known, too")
  func bare() throws {
    let rig = try PipelineRig([], stamping: stamping)
    #expect(rig.process(request(scope: nil)) == request(scope: stamp("d1")))
    #expect(rig.process(request(scope: [])) == request(scope: stamp("d1")))
    let unknown = Proto.string(30, "unknown")
    #expect(rig.process(request(scope: nil, before: unknown)) == request(scope: stamp("d1"), before: unknown))
  }

  @Test("stands once, wherever and however often somebody has put one")
  func replaced() throws {
    let other = attribute("kind", "x")
    let rig = try PipelineRig([], stamping: stamping)
    let notText = SpanBytes.attribute(3, Self.key, Proto.integer(3, 5))
    for fields in [
      stamp("d0") + other, other + stamp("d0"), stamp("d0") + other + stamp("d1"), notText + other,
      Proto.bytes(3, Proto.string(1, Self.key)) + other, stamp("d0") + stamp("d0") + other + stamp("d0"),
    ] {
      #expect(rig.process(request(scope: fields)) == request(scope: other + stamp("d1")))
    }
  }

  @Test("is on the scope and not on what stands behind the spans, even where both have the same bytes")
  func sameBytes() throws {
    let unknown = Proto.string(30, "unknown")
    let first = request(scope: nil, behind: unknown)
    let second = request(scope: nil, before: unknown)
    let rig = try PipelineRig([], stamping: stamping)
    for _ in 0..<2 {
      #expect(rig.process(first) == request(scope: stamp("d1"), behind: unknown))
      #expect(rig.process(second) == request(scope: stamp("d1"), before: unknown))
    }
  }

  @Test("is not hidden by a rule that hides everything")
  func hidden() throws {
    let everything = [HideStep(.prefixes(["processor_host"])), HideStep(.words(["digest", "rules"], except: []))]
    let rig = try PipelineRig([], hide: everything, stamping: stamping)
    #expect(
      rig.process(request(scope: attribute("digest", "x") + stamp("secret")))
        == request(scope: attribute("digest", "[REDACTED]") + stamp("d1")))
  }

  @Test("is on spans that were stripped")
  func stripped() throws {
    let strips = TestStage("strips", .strip) { _ in throw TestFailure() }
    let rig = try PipelineRig([strips], stamping: stamping)
    let output = rig.process(request(scope: Proto.string(1, "name")))
    #expect(output.contains("[stripped]") && output.contains(Self.key) && !output.contains("name"))
    #expect(AdmittedRequest(output).isClean)
  }

  @Test("leaves an attribute of its name alone where there is none to be")
  func off() throws {
    let original = request(scope: stamp("d0"))
    #expect(try PipelineRig([]).process(original) == original)
    #expect(try PipelineRig([], hide: [HideStep(.names([Self.key]))]).process(original).contains("[REDACTED]"))
  }

  @Test("that a batch carries stays when it is hidden again")
  func kept() throws {
    let hide = [HideStep(.words(["digest", "kind"], except: []))]
    let rig = try PipelineRig([], hide: hide, stamping: .keep)
    #expect(
      rig.process(request(scope: attribute("kind", "x") + stamp("d1")))
        == request(scope: attribute("kind", "[REDACTED]") + stamp("d1")))
    let bare = request(scope: nil)
    #expect(rig.process(bare) == bare)
  }

  @Test("is that of the set under which the spans were processed")
  func ofTheSet() async throws {
    let rules = { (text: String) in
      RuleDirectory(
        chain: RuleSource(file: "chain.lua", text: #"return chain { api = 1, "a" }"#),
        rules: [RuleSource(file: "a.lua", text: text)])
    }
    let first = rules(#"return rule { about = "first", hide = { match.names { "x" } } }"#)
    let second = rules(#"return rule { about = "second", hide = { match.names { "x" } } }"#)
    var configuration = SpanProcessorHost.Configuration(rules: first, lanes: 2)
    configuration.stamp = .scope
    let host = try SpanProcessorHost(configuration)
    for directory in [first, second] {
      if directory == second { try await host.replaceRules(with: directory) }
      for _ in 0..<3 {
        let batch = await host.process(Door().admit(request(scope: nil)).takeBatch())
        #expect(batch.encoded() == request(scope: stamp(directory.digest)))
      }
    }
  }
}
