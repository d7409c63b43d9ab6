"""docs/operations.md, the dashboard and the alerts: what they name is there, and what they say of spans is so."""

import json
import re
import shutil
import subprocess

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from clients import make_request, post
from conftest import ROOT
from deployment import DEPLOY, OPERATIONS, anchors, documents, settings, table
from guide import code
from metrics import HISTOGRAM, PREFIX, asked_for, labels, labels_asked_for, published, sources

DASHBOARD = DEPLOY / "grafana/processor-host.json"
ALERTS = DEPLOY / "prometheus/alerts.yaml"


def panels() -> list[dict]:
    return json.loads(DASHBOARD.read_text())["panels"]


def queries() -> list[tuple[str, str]]:
    """Every expression, and the text that its labels stand in."""
    found = [(each["expr"], each["legendFormat"]) for panel in panels() for each in panel.get("targets", [])]
    found += [(each["expr"], each["textFormat"]) for each in json.loads(DASHBOARD.read_text())["annotations"]["list"]]
    return found


def alerts() -> list[dict]:
    return [rule for group in documents(ALERTS)[0]["groups"] for rule in group["rules"]]


# MARK: Metrics


def test_the_guide_lists_every_metric_and_no_other():
    listed = set()
    for row in table("## Metrics"):
        listed |= {PREFIX + name for name in code(row[0])}
    assert listed == {name for name in published() if name.startswith(PREFIX)}
    process = OPERATIONS.read_text().split("\n## Metrics\n")[1].split("\n## ")[0]
    assert set(re.findall(r"`(process_[a-z_]+)`", process)) == {name for name in published() if name.startswith("process_")}


def test_a_running_host_shows_what_the_sources_name(serve, make_sink):
    sink = make_sink("http")
    host = serve(sink)
    assert post(host.http, make_request(3).SerializeToString()).status == 200
    host.wait(lambda: "_exported" in host.metrics().text and sink.arrivals, "the spans to arrive")
    shown = set(re.findall(r"^# TYPE (\S+)", host.metrics().text, re.MULTILINE)) - {"prometheus_series_left_out"}
    # These have no series before there is a reason for one.
    only_with_a_reason = {f"{name}_total" for name in ["rule_failures", "rule_skipped", "spans_dropped", "spans_sampled_out", "hidden"]}
    only_with_an_audit_log = {"audit_log_sequence", "audit_log_head", "audit_log_unwritten"}
    only_with_a_candidate = {"shadow_spans_total", "shadow_changes_total", "shadow_failing"}
    assert shown <= published()
    assert published() - shown <= {PREFIX + name for name in only_with_a_reason | only_with_an_audit_log | only_with_a_candidate}


def test_the_guide_names_the_labels_that_metrics_have():
    named = {name for row in table("## Metrics") for name in code(row[1])}
    assert named and named <= labels()


def test_the_dashboard_asks_for_metrics_and_labels_that_there_are():
    assert len(queries()) > 30
    for expression, legend in queries():
        assert asked_for(expression) <= published() | {"up"} and (asked_for(expression) or "up{" in expression), expression
        assert labels_asked_for(expression) <= labels(), expression
        assert set(re.findall(r"{{\s*(\w+)\s*}}", legend)) <= labels(), legend


def test_every_metric_of_the_host_is_on_the_dashboard():
    shown = set().union(*(asked_for(expression) for expression, _ in queries()))
    # Beside the time of requests, which also counts them.
    assert published() - shown == {PREFIX + "requests_total"}


def test_alerts_ask_for_metrics_and_labels_that_there_are():
    assert len(alerts()) > 10
    for alert in alerts():
        assert asked_for(alert["expr"]) <= published() and (asked_for(alert["expr"]) or "up{" in alert["expr"]), alert["alert"]
        assert labels_asked_for(alert["expr"]) <= labels()
        annotations = alert["annotations"]
        assert set(re.findall(r"\$labels\.(\w+)", str(annotations))) <= labels()
        assert alert["labels"]["severity"] in ("warning", "critical")


def test_every_alert_has_a_section_of_the_guide():
    for alert in alerts():
        path, _, section = alert["annotations"]["runbook"].partition("#")
        assert ROOT / path == OPERATIONS and section in anchors(OPERATIONS), alert["alert"]


@pytest.mark.skipif(not shutil.which("promtool"), reason="there is no promtool here")
@pytest.mark.parametrize("command", [["check", "rules", ALERTS], ["test", "rules", ALERTS.with_suffix(".test.yaml")]])
def test_prometheus_takes_the_alerts(command):
    run = subprocess.run(["promtool", *command], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_dashboard_is_one_that_grafana_can_place():
    places = [panel["gridPos"] for panel in panels()]
    assert len({panel["id"] for panel in panels()}) == len(places)
    taken = set()
    for place in places:
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert place["x"] + place["w"] <= 24 and not cells & taken
        taken |= cells
    for panel in panels():
        assert panel["type"] == "row" or panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


def test_series_of_histograms_are_asked_for_by_their_endings():
    for expression, _ in queries() + [(alert["expr"], "") for alert in alerts()]:
        # But for the gauge beside one of them.
        for name in re.findall(r"processor_host_(?!\w+_longest_)\w+_seconds(\w*)", expression):
            assert name in (*HISTOGRAM, "_total"), expression


# MARK: The guide


def test_links_lead_somewhere():
    for path in (OPERATIONS, DEPLOY / "README.md"):
        links = re.findall(r"\]\(([^)\s]+)\)", path.read_text())
        assert links
        for link in links:
            if link.startswith("http"):
                continue
            file, _, section = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            assert target.exists(), link
            assert not section or section in anchors(target), link


def test_settings_are_called_by_their_names():
    text = re.sub(r"^```.*?^```", "", OPERATIONS.read_text(), flags=re.MULTILINE | re.DOTALL)
    pattern = r"`((?:receivers|queue|rules|shutdown|logging|passthrough|admin)\.[a-z_.]+)"
    named = set(re.findall(pattern, text)) - {"rules.md", "rules.lock", "rules.sig"}
    assert len(named) > 10
    assert named <= set(settings())


def test_the_defaults_that_the_guide_repeats_are_the_defaults():
    rows = table("## Capacity and memory")
    assert len(rows) > 3
    for row in rows:
        assert settings()[code(row[0])[0]] == row[1].replace(" ", "")


def test_what_the_guide_quotes_of_the_log_is_what_the_host_writes():
    text = sources()
    rows = table("## Editing rules on a running host")
    quoted = [code(cell)[0] for cell in rows[0][1:]] + ["ended", "more_like_this"]
    for message in quoted:
        assert f'"{message}"' in text, message


def conventions() -> list[tuple[str, str, str]]:
    return [(code(row[0])[0], code(row[2])[0], row[3]) for row in table("## What apps should send")]


def test_attributes_leave_as_the_guide_says(host):
    rows = conventions()
    assert len(rows) > 15
    request = ExportTraceServiceRequest()
    span = request.resource_spans.add().scope_spans.add().spans.add(
        name="llm_call", trace_id=bytes(range(16)), span_id=bytes(range(8)), start_time_unix_nano=1, end_time_unix_nano=2
    )
    for name, example, _ in rows:
        span.attributes.add(key=name).value.string_value = example
    outcome = host.process(host.write("spans.pb", request.SerializeToString()), rules=ROOT / "rules")
    left = {each.key: each.value.string_value for each in outcome.request.resource_spans[0].scope_spans[0].spans[0].attributes}
    for name, example, told in rows:
        expected = {"stays": example, "removed": None}.get(told, (code(told) or [None])[0])
        assert left.get(name) == expected, name
