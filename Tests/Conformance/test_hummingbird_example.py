"""`Examples/hummingbird-tickets`: the library in real services, with the rules that the host beside apps has."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "Examples/hummingbird-tickets"
sys.path.insert(0, str(EXAMPLE))

from driver import load, made_up, traces  # noqa: E402
from driver.services import Services  # noqa: E402
from driver.sink import Sink  # noqa: E402

IN_FORCE = "the rules were edited and are in force"


@pytest.fixture(scope="module")
def example() -> Path:
    """The example's executable: HUMMINGBIRD_TICKETS names it, or it is built."""
    if named := os.environ.get("HUMMINGBIRD_TICKETS"):
        return Path(named).resolve()
    build = ["swift", "build", "--package-path", str(EXAMPLE), "--scratch-path", str(ROOT / ".build/hummingbird-tickets")]
    flags = os.environ.get("SWIFT_FLAGS", "").split()
    built = subprocess.run(build + flags, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout[-4000:] + built.stderr[-4000:]
    folder = subprocess.run(build + flags + ["--show-bin-path"], capture_output=True, text=True, check=True).stdout.strip()
    return Path(folder) / "hummingbird-tickets"


@pytest.fixture
def backend():
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def rules(tmp_path) -> Path:
    """The rules that ship, to be edited."""
    return shutil.copytree(ROOT / "rules", tmp_path / "rules")


@pytest.fixture
def services(example, backend, rules, tmp_path):
    with Services(example, tmp_path / "said", backend.url, rules, OTEL_BSP_SCHEDULE_DELAY="100") as services:
        yield services


def send_and_collect(services: Services, backend: Sink, tickets: list[dict]) -> tuple[list, list[bytes]]:
    """The spans of so many tickets, and the requests that they came in."""
    since, updates = len(backend.bodies), services.updates()
    assert [services.send(ticket) for ticket in tickets] == [202] * len(tickets)
    services.wait(lambda: services.updates() == updates + len(tickets), "the tickets to be updated", 60)
    expected = len(tickets) * traces.SPANS_PER_TICKET
    services.wait(lambda: len(backend.spans(since)) >= expected, f"{expected} spans to arrive", 30)
    return backend.spans(since), backend.bodies[since:]


def edit(services: Services, path: Path, old: str, new: str):
    """Changes a rule, and waits until all three processes say that it is in force."""
    before = [service.log.read_text().count(IN_FORCE) for service in services.all]
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    services.wait(
        lambda: all(service.log.read_text().count(IN_FORCE) > count for service, count in zip(services.all, before)),
        "the edit to be in force",
        30,
    )


def test_each_ticket_is_one_trace_through_three_services_and_no_secret_leaves(services, backend):
    spans, bodies = send_and_collect(services, backend, made_up.TICKETS)
    assert traces.check(spans, tickets=len(made_up.TICKETS)) == []
    assert traces.secrets_in(bodies) == []
    slow = {arrived.span.name for arrived in spans if arrived.attributes.get("slow_trace")}
    assert slow == {"enhancement", "agent.enhancement.call_model", "POST", "/llm/chat", "generate"}
    assert load.check_accounts(services.stop(), len(spans)) == []


def test_a_webhook_with_a_wrong_signature_leaves_a_trace_without_the_secret(services, backend):
    changed = made_up.TICKETS[0] | {"subject": "Changed on its way"}
    assert services.send(changed, as_if=made_up.TICKETS[0]) == 401
    services.stop()
    spans = backend.spans()
    assert traces.check(spans, tickets=0, refused=1) == []
    assert "webhook.signature_mismatch" in {event.name for arrived in spans for event in arrived.span.events}
    assert traces.secrets_in(backend.bodies) == []


def test_rules_that_are_edited_take_effect_while_the_app_runs(services, backend, rules):
    spans, _ = send_and_collect(services, backend, made_up.TICKETS[3:])
    assert priorities(spans) == {"normal"}

    edit(services, rules / "redact.lua", "remove(match.names {", 'match.names { "priority" },\n    remove(match.names {')
    spans, _ = send_and_collect(services, backend, made_up.TICKETS[3:])
    assert priorities(spans) == {traces.MARK}

    # What hides nothing shows that each planted secret was there to be hidden.
    edit(services, rules / "chain.lua", ', "redact", "truncate"', "")
    _, bodies = send_and_collect(services, backend, made_up.TICKETS[:3])
    assert traces.secrets_in(bodies) == [secret for secret, _ in made_up.PLANTED]


def priorities(spans: list) -> set[str]:
    return {arrived.attributes["priority"] for arrived in spans if "priority" in arrived.attributes}
