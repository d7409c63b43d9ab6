"""The digest on scopes: each span says under which set of rules it was processed."""

import json
import shutil

import pytest

from clients import deliver, make_request
from conftest import ROOT

KEY = "processor_host.rules.digest"


@pytest.fixture
def rules(tmp_path):
    """A copy of the rules that ship."""
    return shutil.copytree(ROOT / "rules", tmp_path / "rules")


def digest(host) -> str:
    return json.loads(host.get("/rules")[1])["digest"]


def stamps(sink) -> list[list[str]]:
    """Of each scope, the digests on it."""
    scopes = [scope for arrival in sink.taken for part in arrival.request.resource_spans for scope in part.scope_spans]
    return [[pair.value.string_value for pair in scope.scope.attributes if pair.key == KEY] for scope in scopes]


@pytest.mark.parametrize("backend", ["http", "grpc"])
def test_every_scope_carries_the_digest_of_the_rules_and_nothing_else_of_it_changes(serve, make_sink, rules, backend):
    sink = make_sink(backend)
    host = serve(sink, rules=rules)
    request = make_request(2)
    bare = request.resource_spans[0].scope_spans[0]
    assert not bare.HasField("scope")
    named = make_request(1).resource_spans[0].scope_spans[0]
    named.scope.name, named.scope.version, named.scope.dropped_attributes_count = "library", "1.2", 3
    named.scope.attributes.add(key="kind").value.string_value = "own"
    for forged in ("a client's own", digest(host)):
        named.scope.attributes.add(key=KEY).value.string_value = forged
    named.schema_url = "https://example.com/schema"
    request.resource_spans[0].scope_spans.append(named)
    for transport in ("http", "grpc"):
        deliver(host, request, transport)
    sink.wait_for_spans(6)
    host.wait_until_settled()

    assert stamps(sink) == [[digest(host)]] * 4
    scopes = [scope for arrival in sink.taken for part in arrival.request.resource_spans for scope in part.scope_spans]
    for expected in (bare, named):
        left = [scope for scope in scopes if scope.schema_url == expected.schema_url]
        assert len(left) == 2
        for scope in left:
            for either in (scope, expected):
                kept = [pair for pair in either.scope.attributes if pair.key != KEY]
                del either.scope.attributes[:]
                either.scope.attributes.extend(kept)
            assert scope.scope == expected.scope and scope.spans == expected.spans


def test_an_edit_changes_the_digest_and_spans_that_were_stripped_carry_it_too(serve, make_sink, rules):
    sink = make_sink("http")
    host = serve(sink, rules=rules, rules__watch_interval="200ms")
    first = digest(host)
    (rules / "failing.lua").write_text(
        'return rule { about = "Fails.", on_failure = "strip", can = { set = { never = "boolean" } },\n'
        '  on_span = function(span) error("always") end }\n'
    )
    chain = (rules / "chain.lua").read_text()
    (rules / "chain.lua").write_text(chain.replace("api = 1,", 'api = 1, "failing",'))
    host.wait(lambda: digest(host) != first, "the edit to be in force", 20)
    deliver(host, make_request(1))
    sink.wait_for_spans(1)
    assert [span.name for span in sink.spans] == ["[stripped]"]
    assert stamps(sink) == [[digest(host)]]


def test_it_can_be_left_out_and_a_rule_hides_it_then_like_any_other(serve, make_sink, rules):
    sink = make_sink("http")
    host = serve(sink, rules=rules, rules__stamp="off")
    request = make_request(1)
    request.resource_spans[0].scope_spans[0].scope.attributes.add(key=KEY).value.string_value = "mail@example.com"
    deliver(host, request)
    sink.wait_for_spans(1)
    assert stamps(sink) == [["[REDACTED]"]]
    deliver(host, make_request(1))
    sink.wait_for_spans(2)
    assert stamps(sink)[1:] == [[]]
