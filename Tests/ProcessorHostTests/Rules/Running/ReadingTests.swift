internal import ProcessorHost
internal import Testing

@Suite("What hooks read is what the span says")
struct ReadingTests {
  private static var full: PlainSpan {
    var span = PlainSpan.plain
    span.parentSpanID = SpanID(0x1122_3344_5566_7788)
    span.traceState = "vendor=1,ot=th:8"
    span.flags = 0x301
    span.kind = 2
    span.attributes = [.init("text", "hé"), .init("twice", 1), .init("twice", 2), .init("nul\0key", true)]
    span.events = [
      SpanEvent(timeUnixNano: 5, name: "first", attributes: [.init("k", 1)], droppedAttributesCount: 7),
      SpanEvent(name: "second"),
    ]
    span.links = [
      SpanLink(
        traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), traceState: "a=b", attributes: [.init("k", "v")],
        droppedAttributesCount: 9, flags: 4)
    ]
    span.statusCode = 2
    span.statusMessage = "broken"
    span.resource = [.init("service.name", "shop"), .init("service.name", "other")]
    span.scopeName = "lib"
    span.scopeVersion = "1.2"
    span.scopeAttributes = [.init("s", true)]
    return span
  }

  /// What a Lua expression over the span gives, written down by `string.format("%q")` or as its type.
  private func value(_ expression: String, of span: PlainSpan, header: String = "") throws -> String {
    let show = """
      local function show(v) if type(v) == "userdata" then return "userdata " .. tostring(v) .. " " .. #v end
      if type(v) ~= "table" then return math.type(v) and (math.type(v) .. " " .. v) or type(v) .. " " .. tostring(v) end
      local parts = {} for k, x in pairs(v) do parts[#parts + 1] = tostring(k) .. "=" .. show(x) end
      return "{" .. table.concat(parts, ", ") .. "}" end
      """
    let harness = try RuleHarness(
      hook: "span.name = show(\(expression))", can: "rewrite = { 'name' }",
      header: header + show.replacing("\n", with: " "))
    return try harness.span(span).name
  }

  @Test(
    "Every field",
    arguments: [
      ("span.name", "string work"), ("span.kind", "integer 2"), ("span.kind == kind.server", "boolean true"),
      ("span.duration", "float 2.5"), ("span.duration_ms", "integer 2500"), ("span.start_time", "integer 1000000000"),
      ("span.end_time", "integer 3500000000"), ("span.trace_id", "string 0af7651916cd43dd8448eb211c80319c"),
      ("span.span_id", "string b7ad6b7169203331"), ("span.parent_span_id", "string 1122334455667788"),
      ("span.trace_state", "string vendor=1,ot=th:8"), ("span.flags", "integer 769"),
      ("span.status.code == status.error", "boolean true"), ("span.status.message", "string broken"),
      ("span.scope.name", "string lib"), ("span.scope.version", "string 1.2"),
      ("span.scope.attributes.s", "boolean true"), ("span.resource['service.name']", "string shop"),
      ("span.resource.absent", "nil nil"), ("span.attributes.absent", "nil nil"),
      ("span.attributes.text", "string hé"), ("span.attributes['nul\\0key']", "boolean true"),
      ("span.attributes['nul']", "nil nil"), ("span.attributes.twice", "integer 1"),
      ("#span.events", "integer 2"), ("span.events[1].name", "string first"), ("span.events[2].name", "string second"),
      ("span.events[1].time", "integer 5"), ("span.events[1].dropped_attributes_count", "integer 7"),
      ("span.events[1].attributes.k", "integer 1"), ("span.events[2].attributes.k", "nil nil"),
      ("span.events[0]", "nil nil"), ("span.events[3]", "nil nil"), ("#span.links", "integer 1"),
      ("span.links[1].trace_id", "string 00000000000000010000000000000002"),
      ("span.links[1].span_id", "string 0000000000000003"), ("span.links[1].trace_state", "string a=b"),
      ("span.links[1].flags", "integer 4"), ("span.links[1].dropped_attributes_count", "integer 9"),
      ("span.links[1].attributes.k", "string v"), ("span.dropped_attributes_count", "integer 0"),
      ("span.dropped_events_count", "integer 0"), ("span.dropped_links_count", "integer 0"),
      ("span.schema_url", "string "), ("span.resource_schema_url", "string "),
    ])
  func fields(expression: String, expected: String) throws {
    #expect(try value(expression, of: Self.full) == expected)
  }

  @Test(
    "A span that says little reads as nothing, zero or empty",
    arguments: [
      ("span.parent_span_id", "nil nil"), ("span.trace_state", "string "), ("span.flags", "integer 0"),
      ("span.status.code == status.unset", "boolean true"), ("span.status.message", "string "),
      ("#span.events", "integer 0"), ("span.scope.name", "string "), ("span.resource.x", "nil nil"),
    ])
  func empty(expression: String, expected: String) throws {
    #expect(try value(expression, of: .plain) == expected)
  }

  @Test("A span that ends before it begins has no duration")
  func backwards() throws {
    var span = PlainSpan.plain
    span.endTimeUnixNano = 5
    #expect(try value("span.duration", of: span) == "float 0.0")
    #expect(try value("span.duration_ms", of: span) == "integer 0")
  }

  @Test(
    "Values of every kind",
    arguments: [
      ("", "string ", AttributeValue.string("")), ("a\0b", "string a\0b", .string("a\0b")),
      ("", "boolean false", .bool(false)), ("", "integer -9223372036854775808", .int(.min)),
      ("", "float -inf", .double(-.infinity)), ("", "float 1.0", .double(1)),
      ("", "userdata bytes 3", .bytes([0, 1, 255])), ("", "userdata bytes 0", .bytes([])), ("", "nil nil", .empty),
      ("", "{}", .array([])), ("", "{1=integer 1, 2={1=string x}, 3=boolean true}", .array([1, .array(["x"]), true])),
      (
        "", "{a={b={c=integer 1}}, z\0=string n}",
        .map([.init("z\0", "n"), .init("a", .map([.init("b", .map([.init("c", 1)]))]))])
      ),
      ("", "{k=integer 1}", .map([.init("k", 1), .init("k", 2)])),
      ("", "{1={b=userdata bytes 1}}", .array([.map([.init("b", .bytes([7]))])])),
    ])
  func kinds(name: String, expected: String, value given: AttributeValue) throws {
    #expect(try value("span.attributes.x", of: .with("x", given)) == expected)
  }

  @Test("Bytes compare by content and are no strings")
  func bytes() throws {
    let span = PlainSpan.with([.init("a", .bytes([1, 2])), .init("b", .bytes([1, 2])), .init("c", "\u{1}\u{2}")])
    #expect(try value("span.attributes.a == span.attributes.b", of: span) == "boolean true")
    #expect(try value("span.attributes.a == span.attributes.c", of: span) == "boolean false")
  }

  @Test("pairs goes over attributes in their order, and over those of resource, scope, events and links")
  func pairs() throws {
    let collect =
      "(function(list) local found = {} for k, v in pairs(list) do found[#found + 1] = k .. '=' .. tostring(v) end "
      + "return table.concat(found, ' ') end)"
    for (list, expected) in [
      ("span.attributes", "text=hé twice=1 twice=2 nul\0key=true"),
      ("span.resource", "service.name=shop service.name=other"),
      ("span.scope.attributes", "s=true"), ("span.events[1].attributes", "k=1"), ("span.links[1].attributes", "k=v"),
      ("span.events[2].attributes", ""),
    ] {
      #expect(try value("\(collect)(\(list))", of: Self.full) == "string " + expected)
    }
  }

  @Test("What a rule has written is what it reads")
  func ownWrites() throws {
    let harness = try RuleHarness(
      hook: """
        span.name = "new" span.attributes.a = 1 span.attributes.text = nil span.status.message = "m"
        local keys = {} for k in pairs(span.attributes) do keys[#keys + 1] = k end
        span.attributes.seen = table.concat({ span.name, span.attributes.a, tostring(span.attributes.text),
          span.status.message, table.concat(keys, "+") }, " ")
        """, can: "rewrite = { 'name', 'status.message', 'attributes.*' }")
    #expect(try harness.span(.with([.init("text", "t"), .init("b", 2)]))["seen"] == "new 1 nil m b+a")
  }

  @Test("A rule reads what the rule before it wrote")
  func earlierRule() throws {
    let first = RuleHarness.rule(hook: "span.attributes.mark = true", can: "set = { mark = 'boolean' }")
    let second = RuleHarness.rule(
      hook: "span.attributes.seen = span.attributes.mark", can: "set = { seen = 'boolean' }")
    #expect(try RuleHarness(["first": first, "second": second]).span()["seen"] == true)
    #expect(try RuleHarness(["second": second, "first": first]).span()["seen"] == nil)
  }

  @Test(
    "A name that goes on behind a zero byte is another name",
    arguments: [
      "span['name' .. '\\0x']", "span.events[1]['name\\0x']", "span.status['code\\0']", "span.scope['name\\0']",
    ])
  func zeroInNames(expression: String) throws {
    let outcome = try RuleHarness(hook: "local x = \(expression)").run(Self.full)
    #expect(outcome.failures.count == 1)
  }
}
