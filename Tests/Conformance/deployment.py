"""What is in deploy/ and docs/operations.md, read for their tests."""

import re
from pathlib import Path

import yaml

from conftest import ROOT
from guide import code

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
OPERATIONS = ROOT / "docs/operations.md"
# What only apps read, so that the settings do not mention it.
VARIABLES_OF_APPS = {"OTEL_PROPAGATORS"}


def documents(path: Path) -> list[dict]:
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def kustomizations() -> list[Path]:
    return sorted(path.parent for path in KUBERNETES.rglob("kustomization.yaml"))


def manifests(folder: Path) -> list[dict]:
    """The resources of a kustomization and of those it builds on, as they are written."""
    found = []
    kustomization = documents(folder / "kustomization.yaml")[0]
    for name in kustomization["resources"]:
        path = (folder / name).resolve()
        found += manifests(path) if path.is_dir() else documents(path)
    for generator in kustomization.get("configMapGenerator", []):
        data = {name: (folder / name).read_text() for name in generator["files"]}
        if generator.get("behavior") == "replace":
            found = [each for each in found if (each["kind"], each["metadata"]["name"]) != ("ConfigMap", generator["name"])]
        found.append(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": generator["name"]}, "data": data}
        )
    return found


def of_kind(kind: str, resources: list[dict]) -> list[dict]:
    return [resource for resource in resources if resource["kind"] == kind]


def all_manifests() -> list[dict]:
    return [resource for folder in kustomizations() for resource in manifests(folder)]


def pods() -> list[tuple[str, dict]]:
    """The pods of all Deployments, each once."""
    found = {}
    for deployment in of_kind("Deployment", all_manifests()):
        found[deployment["metadata"]["name"]] = deployment["spec"]["template"]
    return sorted(found.items())


def containers(pod: dict) -> list[dict]:
    return pod["spec"]["containers"] + pod["spec"].get("initContainers", [])


def hosts() -> list[tuple[str, dict, dict]]:
    """The containers that run this host: the Deployment's name, the pod, the container."""
    return [
        (name, pod, container)
        for name, pod in pods()
        for container in containers(pod)
        if container["name"] == "processor-host"
    ]


def compose() -> dict:
    return documents(DEPLOY / "docker-compose.yaml")[0]


def configurations() -> dict[str, str]:
    """The texts of all configuration files of the host."""
    return {
        "container": (DEPLOY / "container.yaml").read_text(),
        "compose": compose()["configs"]["host"]["content"],
        "gateway": (KUBERNETES / "gateway/config.yaml").read_text(),
        "sidecar": (KUBERNETES / "sidecar/config.yaml").read_text(),
        "systemd": (DEPLOY / "systemd/config.yaml").read_text(),
        "traces": (KUBERNETES / "traces/config.yaml").read_text(),
    }


def configuration_of(pod: dict, container: dict) -> dict:
    """What a container of the host has mounted as its configuration file."""
    mount = next(each for each in container["volumeMounts"] if each.get("subPath") == "config.yaml")
    volume = next(each for each in pod["spec"]["volumes"] if each["name"] == mount["name"])
    name = volume["configMap"]["name"]
    found = next(each for each in of_kind("ConfigMap", all_manifests()) if each["metadata"]["name"] == name)
    return yaml.safe_load(found["data"]["config.yaml"])


# MARK: The guide


def table(heading: str, number: int = 0) -> list[list[str]]:
    """The cells of a table below a heading of the guide, row by row; unlike those of the other guides, cells can be empty."""
    section = re.split(r"^#+ ", OPERATIONS.read_text().split(f"\n{heading}\n")[1], flags=re.MULTILINE)[0]
    lines = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)[number].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def settings() -> dict[str, str]:
    """The defaults of all settings by name, as the guide has them; some have no name in the file."""
    return {name: row[3].strip("`") for row in table("### All settings") for name in code(row[0])}


def default_port(setting: str) -> int:
    return int(settings()[setting].rsplit(":", 1)[1])


def known_variables() -> set[str]:
    """Every variable that the guide's chapter of settings names."""
    chapter = OPERATIONS.read_text().split("\n## Settings\n")[1].split("\n## ")[0]
    return set(variables(chapter)) | VARIABLES_OF_APPS


def variables(text: str) -> list[str]:
    """The variables a text names; `OTEL_BSP_*` and `PROCESSOR_HOST_...` name none."""
    found = re.findall(r"\b(?:OTEL_[A-Z0-9_]+|PROCESSOR_HOST_[A-Z0-9_]+|SENTRY_DSN)\b(?![*.<])", text)
    return [name for name in found if not name.endswith("_")]


def anchor(heading: str) -> str:
    """The name that a heading has in links."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    outside = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", outside, re.MULTILINE)}


def seconds(text: str) -> float:
    number, unit = re.fullmatch(r"(\d+)(ms|s|m)", text).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60}[unit]


def size(text: str) -> int:
    """Bytes, as this host, Kubernetes, Compose and systemd write them."""
    number, unit = re.fullmatch(r"(\d+)([KMG]?)(?:i?B?|i)", text.upper().replace("I", "i")).groups()
    return int(number) << {"": 0, "K": 10, "M": 20, "G": 30}[unit]
