"""docs/scaling.md: its arithmetic comes out as it stands there, its balancer fits the hosts, and its simulation runs."""

import math
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from conftest import ROOT
from deployment import KUBERNETES, anchors, containers, documents, of_kind, manifests, seconds, settings, size

GUIDE = ROOT / "docs/scaling.md"
TRACES = KUBERNETES / "traces"


def tables(heading: str) -> list[list[list[str]]]:
    """The tables below a heading, as cells; the first row is that of the headings."""
    section = re.split(r"^#+ ", GUIDE.read_text().split(f"\n{heading}\n")[1], flags=re.MULTILINE)[0]
    found = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)
    return [
        [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if not line.startswith("|---")]
        for table in found
    ]


def number(cell: str) -> float:
    return float(re.match(r"[\d.]+", cell.replace(",", ""))[0])


def collector() -> dict:
    return yaml.safe_load((TRACES / "collector.yaml").read_text())


# MARK: Arithmetic


def test_the_arithmetic_comes_out():
    given, computed = tables("## How much it takes")
    v = {row[0].split("*")[1]: number(row[1]) for row in given[1:]}
    held = v["g"] + v["t"] / 2
    cost = (v["c"] + v["h"] + v["d"]) * 1e-9
    expected = {}
    for column, rate in enumerate((10_000, 100_000, 1_000_000), start=1):
        assert computed[0][column] == f"{rate:,} spans/s"
        room = rate * held * v["m"] * v["r"]
        cores = rate * cost / v["u"]
        hosts = max(math.ceil(cores / 2), math.ceil(room / 2**32))
        network = rate * v["b"] * 8e-9
        expected[column] = [
            f"{rate * held:,.0f}", f"{rate * held / v['n']:,.0f}", f"{room / v['r'] / 1e9:.2f}", f"{room / 1e9:.2f}",
            f"{cores:.2f}", f"{network:.2f}", f"{network * v['k']:.2f}", f"{network * 2:.2f}", f"{hosts + 1}",
            f"{rate / hosts:,.0f}",
        ]  # fmt: skip
    for column, values in expected.items():
        assert [row[column] for row in computed[1:]] == values
    assert f"seconds, {held:g}." in GUIDE.read_text()


def test_what_is_called_measured_stands_among_the_figures():
    figures = (ROOT / "docs/architecture.md").read_text().split("\n## Figures\n")[1]
    given = tables("## How much it takes")[0][1:]
    measured = [row[1] for row in given if row[2].startswith("measured")]
    assert len(measured) == 4
    for value in measured:
        # "800 to 1,100" is "800 to\n1,100" where a line ends.
        assert re.search(rf"(?<![\d,]){value}(?![\d,])", figures), value


# MARK: The balancer and the hosts behind it


def test_what_the_balancer_names_is_defined():
    given = collector()
    for kind in ("receivers", "processors", "exporters"):
        for pipeline in given["service"]["pipelines"].values():
            assert set(pipeline[kind]) == set(given[kind]), kind
    assert set(given["service"]["extensions"]) == set(given["extensions"])
    exporter = given["exporters"]["load_balancing"]
    assert exporter["routing_key"] == "traceID"
    # What fails comes back to where it can be sent elsewhere.
    assert exporter["retry_on_failure"]["enabled"] and exporter["sending_queue"]["enabled"]
    inner = exporter["protocol"]["otlp"]
    assert not inner["retry_on_failure"]["enabled"] and not inner["sending_queue"]["enabled"]
    assert "endpoint" not in inner


def test_the_balancer_finds_every_host_by_the_headless_service():
    resources = manifests(TRACES)
    resolver = collector()["exporters"]["load_balancing"]["resolver"]
    services = {each["metadata"]["name"]: each["spec"] for each in of_kind("Service", resources)}
    headless = services[resolver["dns"]["hostname"]]
    assert headless["clusterIP"] == "None"
    assert [str(port["port"]) for port in headless["ports"]] == [resolver["dns"]["port"]]
    pods = {each["metadata"]["name"]: each["spec"]["template"] for each in of_kind("Deployment", resources)}
    assert headless["selector"].items() <= pods["processor-host"]["metadata"]["labels"].items() | {
        # Put there by the gateway's kustomization.
        ("app.kubernetes.io/name", "processor-host")
    }
    for name, service in services.items():
        chosen = [pod for pod in pods.values() if service["selector"].items() <= pod["metadata"]["labels"].items()]
        assert len(chosen) == 1, name
        ports = {port["name"] for container in containers(chosen[0]) for port in container.get("ports", [])}
        assert {port["targetPort"] for port in service["ports"]} <= ports, name


def test_resolvers_in_the_guide_are_as_the_balancer_takes_them():
    blocks = [yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)]
    assert [list(block["resolver"]) for block in blocks] == [["static"], ["k8s"]]
    hostname = collector()["exporters"]["load_balancing"]["resolver"]["dns"]["hostname"]
    assert blocks[1]["resolver"]["k8s"]["service"].split(".")[0] == hostname


def test_hosts_that_hold_traces_have_the_time_and_the_memory_for_it():
    given = yaml.safe_load((TRACES / "config.yaml").read_text())
    defaults = settings()
    gathered = 5 + seconds(defaults["queue.schedule_delay"])
    assert seconds(given["traces"]["grace"]) > gathered
    assert f"has {given['traces']['grace'][:-1]} s, for both batches" in GUIDE.read_text()
    kustomization = documents(TRACES / "kustomization.yaml")[0]
    patch = yaml.safe_load(kustomization["patches"][0]["patch"])
    values = {each["path"]: each["value"] for each in patch}
    limit = size(values["/spec/template/spec/containers/0/resources/limits/memory"])
    needed = size(given["queue"]["max_bytes"]) * len(given["exporters"]) + 2 * size(given["receivers"]["max_inflight_bytes"])
    # What is held, a twentieth for decisions and what is set aside, and the process itself.
    needed += size(given["traces"]["max_bytes"]) * 1.05 + (100 << 20)
    assert limit >= needed
    gateway = next(each for each in of_kind("Deployment", manifests(TRACES)) if each["metadata"]["name"] == "processor-host")
    pod = gateway["spec"]["template"]["spec"]
    pause = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod["terminationGracePeriodSeconds"] > pause + seconds(given["shutdown"]["drain_timeout"])


# MARK: Simulation


def test_the_simulation_is_what_the_guide_shows_and_finds_nothing_wrong(executable):
    simulation = Path(executable).with_name("Simulation")
    if not os.access(simulation, os.X_OK) and os.environ.get("CI") != "true":
        pytest.skip("there is no Simulation beside the executable")
    run = subprocess.run([simulation, "3", "2000"], capture_output=True, text=True, timeout=300)
    assert (run.returncode, run.stderr) == (0, "")
    lines = [line for line in run.stdout.splitlines() if line.startswith("|")]
    shown = [line for line in GUIDE.read_text().split("\nSeed 7: ")[1].splitlines() if line.startswith("|")]
    assert lines[:2] == shown[:2]
    assert [line.split("|")[1] for line in lines] == [line.split("|")[1] for line in shown]
    rows = {line.split("|")[1].strip(" *"): [cell.strip() for cell in line.split("|")[2:-1]] for line in lines[2:]}
    # What it is there to show: by trace id nothing is torn unless hosts change, round robin tears.
    torn = rows["torn between hosts by the balancing"]
    assert torn[0] == "0.00 %" and float(torn[1].split()[0]) > 20
    whole = [float(cell.split()[0]) for cell in (rows["decided in one piece"][0], rows["decided in one piece"][1])]
    assert whole[0] > 90 > whole[1]
    assert int(rows["… early, for want of memory"][4]) > 0
    assert int(rows["spans gone with the lost host"][5]) > 0


def test_numbers_that_are_no_numbers_are_told(executable):
    simulation = Path(executable).with_name("Simulation")
    if not os.access(simulation, os.X_OK):
        pytest.skip("there is no Simulation beside the executable")
    for arguments in (["x"], ["1", "0"], ["1", "2", "3"], ["-1"]):
        run = subprocess.run([simulation, *arguments], capture_output=True, text=True, timeout=60)
        assert run.returncode == 2 and "usage: Simulation" in run.stderr, arguments


# MARK: Links


def test_links_lead_somewhere():
    links = re.findall(r"\]\(([^)\s]+)\)", GUIDE.read_text())
    assert len(links) > 15
    for link in links:
        if link.startswith("http"):
            continue
        path, _, place = link.partition("#")
        target = (GUIDE.parent / path).resolve() if path else GUIDE
        assert target.exists(), link
        if place:
            assert place in anchors(target), link
