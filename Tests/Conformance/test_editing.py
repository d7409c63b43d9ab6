"""What rules set, rewrite and drop on random requests, against the same edits made in Python on the decoded objects."""

import pytest
import wire
from compare import assert_same
from generator import Generator
from host import STRIPPED
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

EDIT_RULE = """
return rule {
  about = "Does what the span's own attributes ask for.",
  can = {
    read = { "name", "attributes.*" },
    set = {
      ["test.flag"] = "boolean", ["test.integer"] = "integer", ["test.number"] = "number",
      ["test.choice"] = { "high", "low" },
    },
    rewrite = { "name", "attributes.test.text", "attributes.test.gone" },
    drop = { "asked for" },
  },
  on_span = function(span)
    local attributes = span.attributes
    local flag, integer, number = attributes["ask.flag"], attributes["ask.integer"], attributes["ask.number"]
    local text, name = attributes["ask.text"], attributes["ask.name"]
    if type(flag) == "boolean" then
      attributes["test.flag"] = not flag
      attributes["test.choice"] = flag and "high" or "low"
    end
    if math.type(integer) == "integer" then attributes["test.integer"] = integer ~ 1 end
    if math.type(number) == "float" then attributes["test.number"] = number * 2 end
    if type(text) == "string" then attributes["test.text"] = "<" .. text .. ">" end
    if type(name) == "string" then span.name = name .. " " .. span.name end
    if attributes["ask.gone"] then attributes["test.gone"] = nil end
    if attributes["ask.drop"] then span:drop "asked for" end
  end,
}
"""
TARGETS = ["test.flag", "test.choice", "test.integer", "test.number", "test.text", "test.gone"]
ASKS = {
    "ask.flag": wire.number(2, 1),
    "ask.integer": wire.number(3, -7),
    "ask.number": wire.double(4, 0.1),
    "ask.text": wire.text("text with ü"),
    "ask.name": wire.text("renamed"),
    "ask.gone": wire.number(2, 1),
    "ask.drop": wire.number(2, 1),
}


def first_value(span, key: str):
    """A read gives the first attribute of that key."""
    return next((attribute.value for attribute in span.attributes if attribute.key == key), None)


def first(span, key: str, kind: str):
    value = first_value(span, key)
    return getattr(value, kind) if value is not None and value.WhichOneof("value") == kind else None


def is_truthy(span, key: str) -> bool:
    """As Lua sees it: everything but nil (also a value of no kind) and false."""
    value = first_value(span, key)
    kind = value.WhichOneof("value") if value is not None else None
    return kind is not None and not (kind == "bool_value" and not value.bool_value)


def delete(span, key: str):
    """A delete acts on all attributes of that key."""
    kept = [attribute for attribute in span.attributes if attribute.key != key]
    del span.attributes[:]
    span.attributes.extend(kept)


def write(span, key: str, kind: str, value):
    """A write acts on all attributes of that key: the first takes the value, the others go."""
    same = [attribute for attribute in span.attributes if attribute.key == key]
    target = same[0] if same else span.attributes.add(key=key)
    target.value.Clear()
    setattr(target.value, kind, value)
    for extra in same[1:]:
        index = next(i for i, attribute in enumerate(span.attributes) if attribute is extra)
        del span.attributes[index]


def edit(span) -> bool:
    """Does to a decoded span what the rule does; False where it is to be dropped."""
    flag, integer, number = (
        first(span, "ask.flag", "bool_value"),
        first(span, "ask.integer", "int_value"),
        first(span, "ask.number", "double_value"),
    )
    text, name = first(span, "ask.text", "string_value"), first(span, "ask.name", "string_value")
    dropped, gone = is_truthy(span, "ask.drop"), is_truthy(span, "ask.gone")
    if flag is not None:
        write(span, "test.flag", "bool_value", not flag)
        write(span, "test.choice", "string_value", "high" if flag else "low")
    if integer is not None:
        write(span, "test.integer", "int_value", integer ^ 1)
    if number is not None:
        write(span, "test.number", "double_value", number * 2)
    if text is not None:
        write(span, "test.text", "string_value", f"<{text}>")
    if name is not None:
        span.name = f"{name} {span.name}"
    if gone:
        delete(span, "test.gone")
    return not dropped


def edit_request(request):
    """Edits all spans; a scope that loses all its spans goes, and so does a resource that loses all its scopes."""
    for i in reversed(range(len(request.resource_spans))):
        resource = request.resource_spans[i]
        had_scopes = len(resource.scope_spans) > 0
        for j in reversed(range(len(resource.scope_spans))):
            scope = resource.scope_spans[j]
            had_spans = len(scope.spans) > 0
            for k in reversed(range(len(scope.spans))):
                if not edit(scope.spans[k]):
                    del scope.spans[k]
            if had_spans and not scope.spans:
                del resource.scope_spans[j]
        if had_scopes and not resource.scope_spans:
            del request.resource_spans[i]


def make_span(generator: Generator) -> bytes:
    extra = []
    for key, usual in ASKS.items():
        if generator.chance(0.2):
            # Now and then of another type, or twice.
            for _ in range(generator.rng.choice([1, 1, 1, 2])):
                extra.append(wire.attribute(9, key, usual if generator.chance(0.8) else generator.any_value()))
    for key in TARGETS:
        if generator.chance(0.15):
            for _ in range(generator.rng.choice([1, 1, 2, 3])):
                extra.append(wire.attribute(9, key, generator.any_value()))
    return generator.span(extra)


@pytest.mark.random
@pytest.mark.parametrize("series", range(3))
def test_random_requests_are_edited_as_python_edits_them(host, rng, series):
    generator = Generator(rng)
    content = b"".join(generator.request(lambda: make_span(generator)) for _ in range(1000))
    expected = ExportTraceServiceRequest.FromString(content)
    edit_request(expected)
    found = host.process(host.write("in.pb", content), rules=host.write_rules({"edit": EDIT_RULE}))
    assert_same(expected, found.request)
    assert untouched(content) <= set(wire.spans(found.output)), "a span that was not edited has other bytes"


def untouched(content: bytes) -> set[bytes]:
    return {span for span in wire.spans(content) if b"ask." not in span}


def test_edits_are_seen_by_the_next_rule(host):
    second = """
    return rule {
      about = "Reads what the first rule wrote.",
      can = { read = { "name", "attributes.test.flag" }, rewrite = { "name" } },
      on_span = function(span)
        if span.attributes["test.flag"] == false then span.name = "seen" end
      end,
    }
    """
    path = host.write("in.pb", wire.request(wire.span(wire.attribute(9, "ask.flag", wire.number(2, 1)))))
    rules = host.write_rules({"edit": EDIT_RULE, "second": second})
    assert host.process(path, rules=rules).request.resource_spans[0].scope_spans[0].spans[0].name == "seen"


def test_a_rule_that_fails_loses_its_own_edits_and_no_others(host):
    failing = """
    return rule {
      about = "Edits, then fails.",
      can = { set = { late = "boolean" }, rewrite = { "name" } },
      on_span = function(span)
        span.name = "half done"
        span.attributes.late = true
        error("no")
      end,
    }
    """
    path = host.write("in.pb", wire.request(wire.span(wire.attribute(9, "ask.flag", wire.number(2, 1)))))
    rules = host.write_rules({"edit": EDIT_RULE, "failing": failing})
    span = host.process(path, rules=rules).request.resource_spans[0].scope_spans[0].spans[0]
    assert span.name == ""
    assert [attribute.key for attribute in span.attributes] == ["ask.flag", "test.flag", "test.choice"]


@pytest.mark.parametrize("is_first", [True, False], ids=["before its scopes", "behind its scopes"])
def test_a_rule_reads_the_resource_and_scope_wherever_they_stand(host, is_first):
    rule = """
    return rule {
      about = "Reads what the span came with.",
      can = {
        read = { "resource.service.name", "scope.name" },
        set = { service = { "shop" }, library = { "http" } },
      },
      on_span = function(span)
        span.attributes.service = span.resource["service.name"]
        span.attributes.library = span.scope.name
      end,
    }
    """

    def container(own: bytes, children: bytes) -> bytes:
        return own + children if is_first else children + own

    scope = container(wire.delimited(1, wire.delimited(1, "http")), wire.delimited(2, wire.span()))
    resource = wire.delimited(1, wire.attribute(1, "service.name", wire.text("shop")))
    content = wire.delimited(1, container(resource, wire.delimited(2, scope)))
    found = host.process(host.write("in.pb", content), rules=host.write_rules({"read": rule})).request
    attributes = found.resource_spans[0].scope_spans[0].spans[0].attributes
    assert [(attribute.key, attribute.value.string_value) for attribute in attributes] == [
        ("service", "shop"),
        ("library", "http"),
    ]


@pytest.mark.parametrize("is_first", [True, False], ids=["before its scopes", "behind its scopes"])
def test_a_stripped_span_says_who_sent_it_wherever_the_resource_stands(host, is_first):
    rule = """
    return rule {
      about = "Fails.",
      can = { set = { never = "boolean" } },
      on_failure = "strip",
      on_span = function(span) error("no") end,
    }
    """
    resource = wire.delimited(
        1, wire.attribute(1, "service.name", wire.text("shop")) + wire.attribute(1, "k", wire.text("v"))
    )
    scopes = wire.delimited(2, wire.delimited(2, wire.span(wire.delimited(5, "n") + wire.number(6, 2))))
    content = wire.delimited(1, resource + scopes if is_first else scopes + resource)
    found = host.process(host.write("in.pb", content), rules=host.write_rules({"fail": rule}), status=STRIPPED).request
    (left,) = [resource for resource in found.resource_spans if resource.scope_spans]
    assert [(attribute.key, attribute.value.string_value) for attribute in left.resource.attributes] == [
        ("service.name", "shop")
    ]
    span = left.scope_spans[0].spans[0]
    assert (span.name, span.kind, len(span.attributes)) == ("[stripped]", 2, 0)
