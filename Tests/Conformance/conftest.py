"""Where the executable is, and the seeds of the random tests."""

import os
import random
from pathlib import Path

import pytest

from host import Host
from serving import RunningHost, exporters_to
from sink import Sink

ROOT = Path(__file__).resolve().parents[2]


def pytest_configure(config):
    config.addinivalue_line("markers", "random: draws its input from CONFORMANCE_SEED, so new seeds are new tests")


@pytest.fixture(scope="session")
def executable() -> Path:
    path = Path(os.environ.get("PROCESSOR_HOST") or ROOT / ".build/debug/processor-host")
    if not os.access(path, os.X_OK):
        message = f"there is no executable {path}; build it with 'make build', or name another in PROCESSOR_HOST"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path.resolve()


@pytest.fixture
def host(executable, tmp_path) -> Host:
    return Host(executable, tmp_path)


@pytest.fixture
def make_sink():
    """Makes backends, which end with the test."""
    sinks = []

    def make_sink(protocol: str = "http", **options) -> Sink:
        sinks.append(Sink(protocol, **options))
        return sinks[-1]

    yield make_sink
    for sink in sinks:
        sink.close()


@pytest.fixture
def serve(executable, tmp_path, make_sink):
    """Runs hosts that export to backends; settings are those of the configuration file, by their dotted names.

    A host that the test has not stopped has to end by itself when asked, with status 0 and a ledger that balances. It
    ends before the backends do, whichever of the fixtures a test names first.
    """
    hosts = []

    def serve(*sinks: Sink, rules=None, options=(), exporter=None, **settings) -> RunningHost:
        folder = tmp_path / f"host-{len(hosts)}"
        hosts.append(RunningHost(executable, folder, exporters_to(sinks, exporter), settings, rules, options))
        return hosts[-1]

    yield serve
    try:
        for host in hosts:
            if host.process.poll() is None:
                host.assert_balanced()
                assert host.stop() == 0, host.said
    finally:
        for host in hosts:
            host.kill()


@pytest.fixture
def rng(request) -> random.Random:
    """Random numbers that are the same in every run of a test, and different in every test."""
    seed = os.environ.get("CONFORMANCE_SEED", "20260711")
    return random.Random(f"{seed} {request.node.name}")


def recordings() -> list[Path]:
    """The recording of this repository and, where they lie beside it, those of other projects."""
    found = sorted((ROOT / "Examples/recording").glob("*.otlp.*"))
    others = ROOT.parent / "shared/data"
    return found + sorted(path for path in others.glob("*") if path.suffix in (".json", ".jsonl"))
