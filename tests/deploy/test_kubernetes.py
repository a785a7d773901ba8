"""The manifests are what Kubernetes takes, and agree with what a server does when it starts and ends."""

import argparse
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from solver.settings.options import add_options
from solver.settings.reading import read_configuration
from solver.settings.settings import Settings

KUBERNETES = Path(__file__).parents[2] / "deploy" / "kubernetes"
FILES = sorted(path for path in KUBERNETES.glob("*.yaml") if path.name not in ("kustomization.yaml", "xunyuan.yaml"))
OVERTIME_SECONDS = 5  # server.py's
DURATION = re.compile(r"\d+(ms|[smhdwy])")  # of one unit, as Prometheus and its operator take it


def manifests(text: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(text) if one]


def manifest(name: str) -> dict[str, Any]:
    (found,) = manifests((KUBERNETES / f"{name}.yaml").read_text())
    return found


@pytest.fixture(scope="module")
def settings() -> Settings:
    parser = argparse.ArgumentParser()
    add_options(parser)
    environment = {"XUNYUAN_STORAGE_URL": "postgresql://xunyuan@db/xunyuan"}
    return read_configuration(parser.parse_args(["--config", str(KUBERNETES / "xunyuan.yaml")]), environment).settings


@pytest.fixture(scope="module")
def pod() -> dict[str, Any]:
    spec: dict[str, Any] = manifest("deployment")["spec"]["template"]["spec"]
    return spec


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_manifest_is_valid(path: Path) -> None:
    for one in manifests(path.read_text()):
        kubernetes_validate.validate(one, kubernetes_validate.latest_version(), strict=True)


def test_a_field_that_there_is_not_would_be_found() -> None:
    wrong = manifest("disruption-budget")
    wrong["spec"]["maxUnavailble"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, kubernetes_validate.latest_version(), strict=True)


def test_the_monitor_selects_the_service_and_names_a_port_of_it() -> None:
    folder = KUBERNETES.parent / "kubernetes-monitoring"
    [monitor], service = manifests((folder / "service-monitor.yaml").read_text()), manifest("service")
    assert (monitor["apiVersion"], monitor["kind"]) == ("monitoring.coreos.com/v1", "ServiceMonitor")
    assert monitor["spec"].keys() == {"selector", "endpoints"}
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    [endpoint] = monitor["spec"]["endpoints"]
    assert endpoint.keys() == {"port", "interval"}
    assert DURATION.fullmatch(endpoint["interval"])
    assert endpoint["port"] in {one["name"] for one in service["spec"]["ports"]}


def test_the_rule_of_the_operator_has_the_alerts_of_the_file_and_only_fields_that_it_takes() -> None:
    [rule] = manifests((KUBERNETES.parent / "kubernetes-monitoring" / "prometheus-rule.yaml").read_text())
    [alerts] = manifests((KUBERNETES.parent / "prometheus" / "alerts.yaml").read_text())
    assert (rule["apiVersion"], rule["kind"]) == ("monitoring.coreos.com/v1", "PrometheusRule")
    assert rule["spec"] == alerts
    for group in rule["spec"]["groups"]:
        assert group.keys() == {"name", "rules"}
        for one in group["rules"]:
            assert one.keys() <= {"alert", "expr", "for", "labels", "annotations"}
            assert DURATION.fullmatch(one.get("for", "0s"))
            assert all(isinstance(value, str) for of in (one["labels"], one["annotations"]) for value in of.values())


@pytest.mark.parametrize(("folder", "more"), [("kubernetes", 0), ("kubernetes-monitoring", 2)])
def test_they_are_put_together_as_valid_ones(folder: str, more: int) -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("needs kubectl")
    made = subprocess.run(
        [kubectl, "kustomize", KUBERNETES.parent / folder], capture_output=True, text=True, check=True
    )
    found = manifests(made.stdout)
    assert len(found) == len(FILES) + 1 + more, "the settings are a map of their own"
    for one in found:
        if one["kind"] not in {"ServiceMonitor", "PrometheusRule"}:
            kubernetes_validate.validate(one, kubernetes_validate.latest_version(), strict=True)
        assert one["kind"] == "Namespace" or one["metadata"]["namespace"] == "xunyuan"
    (deployment,) = (one for one in found if one["kind"] == "Deployment")
    volumes = {one["name"]: one for one in deployment["spec"]["template"]["spec"]["volumes"]}
    (kept,) = (one for one in found if one["kind"] == "ConfigMap")
    assert volumes["settings"]["configMap"]["name"] == kept["metadata"]["name"]


def test_a_pod_has_time_to_end(pod: dict[str, Any], settings: Settings) -> None:
    (container,) = pod["containers"]
    before = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    needed = before + settings.server.notice_seconds + settings.server.drain_seconds + OVERTIME_SECONDS
    assert needed < pod["terminationGracePeriodSeconds"]


def test_ports_are_those_of_the_settings(pod: dict[str, Any], settings: Settings) -> None:
    ports = {one["name"]: one["containerPort"] for one in pod["containers"][0]["ports"]}
    assert ports == {"grpc": settings.server.port, "metrics": settings.watching.metrics_port}
    service = {one["targetPort"]: one["port"] for one in manifest("service")["spec"]["ports"]}
    assert service == ports
    policy = manifest("network-policy")["spec"]["ingress"]
    assert [row["ports"][0]["port"] for row in policy] == [ports["grpc"], ports["metrics"]]


def test_pods_have_no_rights(pod: dict[str, Any]) -> None:
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_one_goes_only_when_another_one_serves() -> None:
    deployment, budget = manifest("deployment")["spec"], manifest("disruption-budget")["spec"]
    assert deployment["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    assert deployment["replicas"] > budget["maxUnavailable"] == 1
    assert budget["selector"] == deployment["selector"]
    assert deployment["template"]["metadata"]["labels"].items() >= deployment["selector"]["matchLabels"].items()
