"""Settings of a running host, through the executable: what is in force, what is refused, and what is kept secret."""

import http.client
import json
import os
import subprocess

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from host import DONE, USAGE
from serving import ROOT, RunningHost

SECRET = "hush-hush-hush"


@pytest.fixture
def run(executable, tmp_path):
    """Runs the host to its end; returns its status, output and errors."""

    def run(*options: str, file: str | None = None, environment: dict[str, str] | None = None):
        if file is not None:
            (tmp_path / "host.yaml").write_text(file)
            options = ("--config", "host.yaml", *options)
        foreign = ("OTEL_", "PROCESSOR_HOST_", "SENTRY_")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        command = [executable, "run", *options]
        return subprocess.run(
            command, cwd=tmp_path, env=inherited | (environment or {}), capture_output=True, text=True, timeout=60
        )

    return run


def test_what_is_in_force_is_printed_with_its_origin_and_without_secrets(run):
    outcome = run(
        "--print-config", "--max-batch-spans", "100", "--set", "slow_trace.threshold=30s",
        file="queue: { max_spans: 1000, max_batch_spans: 50 }\nlanes: 2\n",
        environment={
            "OTEL_BSP_MAX_QUEUE_SIZE": "2000", "OTEL_EXPORTER_OTLP_ENDPOINT": "https://backend.example",
            "OTEL_EXPORTER_OTLP_HEADERS": f"authorization={SECRET}", "SENTRY_DSN": f"https://{SECRET}@sentry.example/1",
            "PROCESSOR_HOST_RECEIVERS_BEARER_TOKEN": SECRET,
        },
    )  # fmt: skip
    assert outcome.returncode == DONE, outcome.stderr
    assert SECRET not in outcome.stdout + outcome.stderr
    settings = yaml.safe_load(outcome.stdout)
    assert settings["queue"]["max_spans"] == 2000
    assert settings["queue"]["max_batch_spans"] == 100
    assert settings["lanes"] == 2
    assert settings["rules"]["settings"] == {"slow_trace.threshold": "30s"}
    assert [each["kind"] for each in settings["exporters"]] == ["otlp-http", "sentry"]
    assert settings["exporters"][0]["endpoint"] == "https://backend.example/v1/traces"
    lines = {line.split(":")[0].strip(): line.split("  # ")[-1] for line in outcome.stdout.splitlines()}
    assert lines["max_spans"] == "variable OTEL_BSP_MAX_QUEUE_SIZE"
    assert lines["max_batch_spans"] == "flag --max-batch-spans"
    assert lines["lanes"] == "host.yaml:2:8"
    assert lines["schedule_delay"] == "default"


def test_what_is_printed_is_a_file_that_says_the_same(run):
    first = run("--print-config", "--lanes", "3", "--exporters", "none", "--admin", "none")
    second = run("--print-config", file=first.stdout)
    assert second.returncode == DONE, second.stderr
    assert yaml.safe_load(second.stdout) == yaml.safe_load(first.stdout)


def test_everything_that_is_wrong_is_told_at_once(run):
    outcome = run(
        "--log-format", "xml",
        file="lane: 2\nqueue: { max_spans: many }\nexporters: [{ kind: telegraph }]\n",
        environment={"OTEL_BSP_EXPORT_TIMEOUT": "soon"},
    )  # fmt: skip
    assert outcome.returncode == USAGE
    assert outcome.stdout == ""
    lines = outcome.stderr.splitlines()
    for beginning in ("host.yaml:1:1:", "host.yaml:2:21:", "host.yaml:3:21:", "OTEL_BSP_EXPORT_TIMEOUT:", "--log-format:"):
        assert any(beginning in line for line in lines), outcome.stderr
    assert len(lines) == 5
    assert "did you mean lanes?" in outcome.stderr


def test_the_file_can_be_named_by_a_variable_and_an_empty_one_names_none(run):
    outcome = run("--print-config", environment={"PROCESSOR_HOST_CONFIG": ""})
    assert outcome.returncode == DONE, outcome.stderr
    assert run("--print-config", environment={"PROCESSOR_HOST_CONFIG": "nowhere.yaml"}).returncode == USAGE


def test_a_file_that_is_not_there_is_told(run):
    outcome = run("--config", "nowhere.yaml")
    assert outcome.returncode == USAGE
    assert "nowhere.yaml" in outcome.stderr


def test_an_exporter_that_points_at_the_host_itself_is_an_error(run):
    outcome = run("--dry-run", environment={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"})
    assert outcome.returncode == USAGE
    assert "own" in outcome.stderr


def test_variables_that_speak_to_apps_are_told_of(run):
    environment = {"OTEL_SERVICE_NAME": "shop", "OTEL_TRACES_SAMPLER": "always_off"}
    outcome = run("--dry-run", "--rules", str(ROOT / "rules"), environment=environment)
    assert outcome.returncode == DONE, outcome.stderr
    assert "OTEL_TRACES_SAMPLER, OTEL_SERVICE_NAME speak to apps" in outcome.stderr


def test_the_admin_port_tells_the_figures_and_the_configuration(executable, tmp_path):
    headers = {"authorization": SECRET}
    exporters = [{"kind": "otlp-http", "endpoint": "http://127.0.0.1:9", "headers": headers}]
    host = RunningHost(executable, tmp_path / "host", exporters, {"lanes": 2})
    try:
        status, body = host.get("/metrics")
        assert status == 200
        families = {family.name: family for family in text_string_to_metric_families(body.decode())}
        assert families["processor_host_spans_received"].type == "counter"
        assert families["process_resident_memory_bytes"].samples[0].value > 1 << 20
        assert families["prometheus_series_left_out"].samples[0].value == 0
        status, body = host.get("/config")
        assert status == 200
        assert SECRET not in body.decode()
        settings = {each["name"]: each for each in json.loads(body)["settings"]}
        assert settings["lanes"]["value"] == "2"
        assert settings["lanes"]["origin"].startswith(str(tmp_path))
        assert settings["exporters[otlp].headers.authorization"]["value"] == "********"
        assert host.get("/live")[0] == 200
        assert host.get("/nothing")[0] == 404
        connection = http.client.HTTPConnection(host.addresses["admin"], timeout=10)
        connection.request("POST", "/rules", body=b"{}")
        response = connection.getresponse()
        assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")
        connection.close()
    finally:
        assert host.stop() == DONE
