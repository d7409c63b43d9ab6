"""deploy/: that what is there fits together, and is what the tools that read it take."""

import os
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from conftest import ROOT
from deployment import (
    DEPLOY, KUBERNETES, OPERATIONS, all_manifests, compose, configuration_of, configurations, containers, default_port,
    documents, hosts, known_variables, kustomizations, manifests, of_kind, pods, seconds, settings, size, variables,
)
from host import DONE

RULES = ROOT / "rules"
PORTS = {"otlp-grpc": "receivers.grpc.endpoint", "otlp-http": "receivers.http.endpoint", "admin": "admin.endpoint"}


def ports() -> dict[str, int]:
    return {name: default_port(setting) for name, setting in PORTS.items()}


def rule_files() -> dict[str, str]:
    files = [*RULES.glob("*.lua"), *RULES.glob("lists/*.txt")]
    return {str(file.relative_to(RULES)): file.read_text() for file in files}


# MARK: Kubernetes


@pytest.mark.parametrize("folder", kustomizations(), ids=lambda path: path.name)
def test_every_manifest_has_only_fields_that_kubernetes_knows(folder):
    resources = manifests(folder)
    assert resources
    for resource in resources:
        kubernetes_validate.validate(resource, "1.32", strict=True)


def test_the_template_of_the_secret_is_one():
    secret = documents(KUBERNETES / "gateway/secret.example.yaml")[0]
    kubernetes_validate.validate(secret, "1.32", strict=True)
    assert set(secret["stringData"]) - {"PROCESSOR_HOST_KEY_CUSTOMERS"} <= known_variables()


@pytest.mark.skipif(not shutil.which("kubectl"), reason="there is no kubectl here")
@pytest.mark.parametrize("folder", kustomizations(), ids=lambda path: path.name)
def test_kustomize_builds_them(folder):
    run = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    built = [resource for resource in yaml.safe_load_all(run.stdout)]
    expected = manifests(folder)
    assert sorted(each["kind"] for each in built) == sorted(each["kind"] for each in expected)
    # Selectors must not have been widened by labels of a kustomization.
    for deployment in of_kind("Deployment", built):
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()


def test_the_config_map_holds_the_rules_that_ship():
    path = KUBERNETES / "rules/configmap.yaml"
    made = subprocess.run([KUBERNETES / "rules-configmap"], capture_output=True, text=True, timeout=60, check=True)
    assert path.read_text() == made.stdout, f"make it again: deploy/kubernetes/rules-configmap > {path.relative_to(ROOT)}"
    data = documents(path)[0]["data"]
    assert data == {Path(name).name: text for name, text in rule_files().items()}


def mounted(pod: dict, container: dict) -> dict[str, str]:
    """The files of a container's rules directory, as the kubelet puts them there."""
    mount = next(each for each in container["volumeMounts"] if each["mountPath"].endswith("/rules"))
    assert "subPath" not in mount, "changes of the ConfigMap would never arrive"
    volume = next(each for each in pod["spec"]["volumes"] if each["name"] == mount["name"])
    files = {}
    for source in volume["projected"]["sources"]:
        name = source["configMap"]["name"]
        found = next(each for each in of_kind("ConfigMap", all_manifests()) if each["metadata"]["name"] == name)
        items = source["configMap"].get("items") or [{"key": key, "path": key} for key in found["data"]]
        for item in items:
            assert item["path"] not in files
            files[item["path"]] = found["data"][item["key"]]
    return files


@pytest.mark.parametrize("name,pod,container", hosts(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_pod_has_every_rule_and_list_where_the_host_reads_them(name, pod, container, executable, tmp_path):
    files = mounted(pod, container)
    assert rule_files().items() <= files.items()
    # As the kubelet does it: everything behind a link that it can turn to the next version at once.
    data = tmp_path / "rules" / "..2026_11_21"
    for path, text in files.items():
        (data / path).parent.mkdir(parents=True, exist_ok=True)
        (data / path).write_text(text)
    (tmp_path / "rules/..data").symlink_to(data.name)
    for path in {Path(path).parts[0] for path in files}:
        (tmp_path / "rules" / path).symlink_to(Path("..data") / path)
    run = subprocess.run([executable, "check", tmp_path / "rules"], capture_output=True, text=True, timeout=120)
    assert run.returncode == DONE, run.stdout + run.stderr


@pytest.mark.parametrize("name,pod", pods(), ids=lambda value: value if isinstance(value, str) else "")
def test_pods_have_no_rights_they_do_not_need(name, pod):
    spec = pod["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in containers(pod):
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False and context["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"] and "cpu" in container["resources"]["requests"]


@pytest.mark.parametrize("name,pod,container", hosts(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_pod_has_time_and_memory_for_what_its_configuration_allows(name, pod, container):
    configuration = configuration_of(pod, container)
    defaults = settings()
    pause = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    drain = seconds(configuration["shutdown"]["drain_timeout"])
    assert pod["spec"]["terminationGracePeriodSeconds"] > pause + drain

    queue = size(configuration.get("queue", {}).get("max_bytes", defaults["queue.max_bytes"]))
    receivers = configuration["receivers"]
    inflight = size(receivers.get("max_inflight_bytes", defaults["receivers.max_inflight_bytes"]))
    itself = 100 << 20
    needed = queue * len(configuration["exporters"]) + 2 * inflight + itself
    assert size(container["resources"]["limits"]["memory"]) >= needed
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    # Otherwise a Service called processor-host sets variables that look like settings.
    assert pod["spec"]["enableServiceLinks"] is False


def test_manifests_speak_of_the_ports_that_the_host_has():
    expected = ports()
    for name, pod, container in hosts():
        given = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert given.items() <= expected.items() and "admin" in given, name
        assert pod["metadata"]["annotations"]["prometheus.io/port"] == str(expected["admin"])
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            if probe in container:
                assert container[probe]["httpGet"]["port"] == "admin"
                assert container[probe]["httpGet"]["path"] in ("/live", "/ready")
        configuration = configuration_of(pod, container)
        assert configuration["admin"]["endpoint"] == f"0.0.0.0:{expected['admin']}"
        # What a Service reaches has to listen beyond the loopback interface; a sidecar's receivers must not.
        for receiver, port in (("grpc", "otlp-grpc"), ("http", "otlp-http")):
            endpoint = configuration["receivers"].get(receiver, {}).get("endpoint")
            assert endpoint == (f"0.0.0.0:{expected[port]}" if port in given else None), name
    service = next(each for each in of_kind("Service", all_manifests()) if each["metadata"]["name"] == "processor-host")
    assert {port["name"]: port["port"] for port in service["spec"]["ports"]} == {
        name: port for name, port in expected.items() if name != "admin"
    }
    policy = of_kind("NetworkPolicy", all_manifests())[0]["spec"]
    open_ports = {port["port"] for rule in policy["ingress"] for port in rule["ports"]}
    assert open_ports == set(expected.values())


def test_what_selects_pods_finds_some():
    resources = manifests(KUBERNETES / "example")
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in of_kind("Deployment", resources)]
    selectors = [each["spec"]["selector"] for each in of_kind("Service", resources)]
    selectors += [each["spec"]["selector"]["matchLabels"] for each in of_kind("PodDisruptionBudget", resources)]
    for policy in of_kind("NetworkPolicy", resources):
        selectors.append(policy["spec"]["podSelector"]["matchLabels"])
        for rule in policy["spec"]["egress"]:
            selectors += [peer["podSelector"]["matchLabels"] for peer in rule["to"] if "podSelector" in peer]
    assert len(selectors) > 4
    for selector in selectors:
        assert any(selector.items() <= each.items() for each in labels), selector


# MARK: Configuration


@pytest.mark.parametrize("name", configurations())
def test_the_host_takes_every_configuration(name, executable, tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(configurations()[name])
    command = [executable, "run", "--config", path, "--rules", RULES, "--dry-run"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "PROCESSOR_HOST_"))}
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert run.returncode == DONE, run.stderr


def test_every_variable_that_is_used_is_one_that_the_host_knows():
    known = known_variables()
    used = []
    files = [OPERATIONS, *(path for path in DEPLOY.rglob("*") if path.is_file())]
    for path in files:
        used += [(name, path.name) for name in variables(path.read_text())]
    assert len({name for name, _ in used}) > 12
    unknown = {each for each in used if each[0] not in known and not each[0].startswith("PROCESSOR_HOST_KEY_")}
    assert unknown == set()


def test_whoever_sends_to_the_port_of_grpc_says_so():
    lines = (DEPLOY / ".env.example").read_text().splitlines()
    assignments = [line.lstrip("#") for line in lines if re.fullmatch(r"#?[A-Z0-9_]+=.*", line)]
    assert len(assignments) > 8
    endpoints = [index for index, text in enumerate(assignments) if text.startswith("OTEL_EXPORTER_OTLP_ENDPOINT=")]
    assert len(endpoints) == 2
    for index in endpoints:
        protocol = "grpc" if assignments[index].endswith(":4317") else "http/protobuf"
        assert assignments[index + 1] == f"OTEL_EXPORTER_OTLP_PROTOCOL={protocol}"
    # Copied as it is, it must do: what is not commented out has no placeholder.
    assert not [line for line in lines if "write-your-own" in line and not line.startswith("#")]
    for _, pod in pods():
        for container in containers(pod):
            values = {each["name"]: each["value"] for each in container.get("env", [])}
            if values.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").endswith(":4317"):
                assert values["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc"
    for name, text in configurations().items():
        for exporter in yaml.safe_load(text).get("exporters", []):
            assert (exporter["kind"] == "otlp-grpc") == exporter["endpoint"].endswith(":4317"), name


# MARK: Image and Compose


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [tuple(line.split(" ", 1)) for line in lines if line]


def test_the_image_is_made_of_what_is_there():
    copied = [text.split()[:-1] for name, text in instructions() if name == "COPY" and "--from" not in text]
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    for source in sum(copied, []):
        assert list(ROOT.glob(source)), f"{source} does not exist"
        assert source.split("/")[0] not in ignored, f"{source} is in .dockerignore"
    assert ["rules"] in copied and ["Sources"] in copied


def test_the_image_runs_as_nobody_and_listens_where_the_host_does():
    found = instructions()
    stages = [text.split()[0] for name, text in found if name == "FROM"]
    assert len(stages) == 2
    users = [text for name, text in found if name == "USER"]
    uid = users[-1].split(":")[0]
    assert int(uid) > 0
    for name, pod, _ in hosts():
        assert pod["spec"]["securityContext"]["runAsUser"] == int(uid), name
    exposed = next(text for name, text in found if name == "EXPOSE")
    assert sorted(map(int, exposed.split())) == sorted(ports().values())
    configuration = yaml.safe_load(configurations()["container"])
    assert configuration["rules"]["dir"] == "/etc/processor-host/rules"
    assert ("COPY", f"rules {configuration['rules']['dir']}") in found
    assert ("ENV", "PROCESSOR_HOST_CONFIG=/etc/processor-host/config.yaml") in found


def test_the_image_has_the_libraries_that_the_build_uses():
    """For every development package of scripts/setup, the package that is needed to run."""
    needed = set(re.findall(r"lib[a-z0-9.]+-dev|zlib1g-dev", (ROOT / "scripts/setup").read_text()))
    at_run_time = {
        "liblua5.4-dev": "liblua5.4-0",
        "zlib1g-dev": "zlib1g",
        "libhyperscan-dev": "libhyperscan5",
        "libvectorscan-dev": "libvectorscan5",
    }
    assert needed == set(at_run_time)
    runtime = " ".join(text for name, text in instructions() if name == "RUN")
    assert all(re.search(rf"(^|[ =]){re.escape(package)}( |$)", runtime) for package in at_run_time.values())


def test_compose_shows_its_ports_to_this_machine_only():
    services = compose()["services"]
    published = [port for service in services.values() for port in service["ports"]]
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert {int(port.rsplit(":", 1)[1]) for port in services["processor-host"]["ports"]} == set(ports().values())
    assert services["jaeger"]["ports"] == ["127.0.0.1:16686:16686"]
    images = {container["image"] for _, pod in pods() for container in containers(pod)}
    assert services["jaeger"]["image"] in images


def test_compose_mounts_the_rules_for_editing():
    service = compose()["services"]["processor-host"]
    source, target, mode = service["volumes"][0].split(":")
    assert (DEPLOY / source).resolve() == RULES
    assert (target, mode) == (yaml.safe_load(configurations()["compose"])["rules"]["dir"], "ro")
    assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()
    mounted_file = next(each for each in service["configs"] if each["source"] == "host")["target"]
    assert ("ENV", f"PROCESSOR_HOST_CONFIG={mounted_file}") in instructions()


def test_whoever_stops_the_host_waits_for_it():
    default = seconds(settings()["shutdown.drain_timeout"])
    assert seconds(compose()["services"]["processor-host"]["stop_grace_period"]) > default
    # `docker stop` waits 10 seconds.
    assert seconds(yaml.safe_load(configurations()["container"])["shutdown"]["drain_timeout"]) < 10
    unit = (DEPLOY / "systemd/processor-host.service").read_text()
    drain = seconds(yaml.safe_load(configurations()["systemd"])["shutdown"]["drain_timeout"])
    assert seconds(re.search(r"^TimeoutStopSec=(\S+)$", unit, re.MULTILINE)[1]) > drain


# MARK: The health check


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(self.server.status if self.path == "/ready" else 404)
        self.end_headers()
        self.wfile.write(b"a page\n")

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("status,healthy", [(200, True), (503, False), (404, False)])
def test_the_health_check_goes_by_the_status(status, healthy):
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        server.status = status
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        run = subprocess.run([DEPLOY / "healthcheck", str(server.server_port)], capture_output=True, timeout=30)
        thread.join()
    assert (run.returncode == 0) == healthy


def test_the_health_check_fails_where_nobody_listens():
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        port = server.server_port
    assert subprocess.run([DEPLOY / "healthcheck", str(port)], capture_output=True, timeout=30).returncode != 0


def test_the_health_check_asks_the_admin_port():
    assert f"port=${{1:-{ports()['admin']}}}" in (DEPLOY / "healthcheck").read_text()


# MARK: systemd


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")
def test_systemd_takes_the_unit(executable, tmp_path):
    text = (DEPLOY / "systemd/processor-host.service").read_text()
    unit = tmp_path / "processor-host.service"
    unit.write_text(text.replace("/usr/local/bin/processor-host", str(executable)))
    run = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60)
    complaints = [line for line in (run.stdout + run.stderr).splitlines() if unit.name in line]
    assert not complaints, complaints


def test_the_unit_reloads_rules_and_checks_before_it_starts():
    unit = (DEPLOY / "systemd/processor-host.service").read_text()
    start = re.search(r"^ExecStart=(.+)$", unit, re.MULTILINE)[1]
    assert re.search(r"^ExecStartPre=(.+)$", unit, re.MULTILINE)[1] == f"{start} --dry-run"
    assert "\nExecReload=/bin/kill -HUP $MAINPID\n" in unit
