"""Every overlay is valid, and meets the restricted Pod Security Standard."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from giropops.conf.environment import hosts
from tests.deploy.kustomizing import Resource, containers, pod_of, render
from tests.live import ROOT
from tests.plugin import APP_VARIABLES

KUBERNETES = ROOT / "deploy" / "kubernetes"
OVERLAYS = sorted(path.name for path in (KUBERNETES / "overlays").iterdir())
VERSIONS = ("1.30", "1.34")
WEB = {"app.kubernetes.io/name": "giropops-senhas", "app.kubernetes.io/component": "web"}


@pytest.fixture(params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> list[Resource]:
    """The resources of one environment."""
    return render(KUBERNETES / "overlays" / request.param)


def one(resources: list[Resource], kind: str, name: str = "giropops-senhas") -> Any:
    """Return the one resource of that kind and name."""
    (found,) = [
        resource
        for resource in resources
        if resource["kind"] == kind and resource["metadata"]["name"] == name
    ]
    return found


def test_there_are_three_environments() -> None:
    assert OVERLAYS == ["dev", "prod", "staging"]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_resource_has_the_fields_of_its_type(overlay: list[Resource], version: str) -> None:
    for resource in overlay:
        if "monitoring.coreos.com" not in resource["apiVersion"]:
            kubernetes_validate.validate(resource, version, strict=True)


def test_all_pods_meet_the_restricted_standard(overlay: list[Resource]) -> None:
    pods = [pod for resource in overlay if (pod := pod_of(resource))]

    assert pods
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 65532
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert {kind for volume in pod["volumes"] for kind in volume} <= {
            *("name", "secret", "emptyDir"),
        }
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["readOnlyRootFilesystem"] is True
            assert context["capabilities"] == {"drop": ["ALL"]}


def test_memory_is_limited_and_the_processor_is_not(overlay: list[Resource]) -> None:
    for resource in overlay:
        for container in containers(resource):
            assert set(container["resources"]["limits"]) == {"memory"}
            assert set(container["resources"]["requests"]) == {"cpu", "memory"}
    (web,) = containers(one(overlay, "Deployment"))
    assert web["resources"]["limits"]["memory"] == "128Mi"


def test_the_three_probes_differ(overlay: list[Resource]) -> None:
    (web,) = containers(one(overlay, "Deployment"))

    paths = {name: web[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness")}
    assert paths == {"startup": "/healthz", "liveness": "/healthz"}
    assert web["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_selectors_find_the_pods(overlay: list[Resource]) -> None:
    deployment = one(overlay, "Deployment")

    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert labels == WEB
    assert deployment["spec"]["selector"]["matchLabels"] == WEB
    assert one(overlay, "Service")["spec"]["selector"] == WEB
    assert one(overlay, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == WEB
    assert one(overlay, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"].items() <= (
        labels.items()
    )
    for spread in deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]:
        assert spread["labelSelector"]["matchLabels"] == WEB


def test_the_service_has_the_port_of_old(overlay: list[Resource]) -> None:
    ports = {port["name"]: port for port in one(overlay, "Service")["spec"]["ports"]}
    (web,) = containers(one(overlay, "Deployment"))

    assert ports["http"]["port"] == 5000
    assert {port["targetPort"] for port in ports.values()} == {
        port["name"] for port in web["ports"]
    }


def test_every_variable_is_one_that_the_app_reads(overlay: list[Resource]) -> None:
    data = one(overlay, "ConfigMap")["data"]

    assert {name.removesuffix("_FILE") for name in data} <= set(APP_VARIABLES)
    assert all(isinstance(value, str) for value in data.values())
    assert not any("KEY" in name and not name.endswith("_FILE") for name in data)


def test_the_ingress_leads_to_a_host_that_the_app_answers(overlay: list[Resource]) -> None:
    spec = one(overlay, "Ingress")["spec"]
    data = one(overlay, "ConfigMap")["data"]
    (rule,) = spec["rules"]

    assert data["ALLOWED_HOSTS"] == rule["host"]
    scheme = "https" if data["HTTPS"] == "true" else "http"
    assert data["CSRF_TRUSTED_ORIGINS"] == f"{scheme}://{rule['host']}"
    assert [rule["host"]] == (spec["tls"][0]["hosts"] if "tls" in spec else [rule["host"]])
    (path,) = rule["http"]["paths"]
    assert path["path"] == (data.get("URL_PREFIX") or "/")


def test_the_app_answers_to_the_names_of_its_service_and_the_address_of_its_pod(
    overlay: list[Resource],
) -> None:
    (web,) = containers(one(overlay, "Deployment"))
    env = {variable["name"]: variable for variable in web["env"]}
    values = {
        "PUBLIC_HOSTS": one(overlay, "ConfigMap")["data"]["ALLOWED_HOSTS"],
        "POD_IP": "fd00::7",
        "POD_NAMESPACE": one(overlay, "Deployment")["metadata"]["namespace"],
    }
    text = env["ALLOWED_HOSTS"]["value"]
    for name, value in values.items():
        assert list(env).index(name) < list(env).index("ALLOWED_HOSTS")
        text = text.replace(f"$({name})", value)
    service = one(overlay, "Service")["metadata"]
    full_name = f"{service['name']}.{service['namespace']}.svc.cluster.local"

    assert env["PUBLIC_HOSTS"]["valueFrom"]["configMapKeyRef"]["key"] == "ALLOWED_HOSTS"
    assert env["POD_IP"]["valueFrom"]["fieldRef"]["fieldPath"] == "status.podIP"
    assert hosts(text) == [
        values["PUBLIC_HOSTS"],
        "[fd00::7]",
        service["name"],
        f"{service['name']}.{service['namespace']}",
        full_name.removesuffix(".cluster.local"),
        full_name,
    ]


def test_staging_is_below_a_prefix_and_production_is_not() -> None:
    prefixes = {
        name: one(render(KUBERNETES / "overlays" / name), "ConfigMap")["data"].get("URL_PREFIX")
        for name in OVERLAYS
    }

    assert prefixes == {"dev": None, "staging": "/giropops-senhas", "prod": None}


def test_a_database_in_a_file_has_one_pod_and_no_migration_beside_it() -> None:
    kinds = {resource["kind"] for resource in render(KUBERNETES / "overlays" / "dev")}
    deployment = one(render(KUBERNETES / "overlays" / "dev"), "Deployment")

    assert deployment["spec"]["replicas"] == 1
    assert deployment["spec"]["strategy"] == {"type": "Recreate"}
    assert not kinds & {"HorizontalPodAutoscaler", "Job", "CronJob"}


@pytest.mark.parametrize("name", ["staging", "prod"])
def test_elsewhere_a_job_migrates_with_the_same_image(name: str) -> None:
    resources = render(KUBERNETES / "overlays" / name)
    (web,) = containers(one(resources, "Deployment"))
    (migrate,) = containers(one(resources, "Job", "giropops-senhas-migrate"))

    assert migrate["image"] == web["image"]
    assert migrate["args"] == ["migrate", "--no-input"]
    assert one(resources, "HorizontalPodAutoscaler")["spec"]["minReplicas"] >= 2


@pytest.mark.parametrize("name", ["staging", "prod"])
def test_elsewhere_a_job_prunes_once_a_day_with_the_same_image(name: str) -> None:
    resources = render(KUBERNETES / "overlays" / name)
    (web,) = containers(one(resources, "Deployment"))
    job = one(resources, "CronJob", "giropops-senhas-prune")
    (prune,) = containers(job)
    spec = job["spec"]

    assert prune["image"] == web["image"]
    assert prune["args"] == ["prune"]
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["schedule"].split()[2:] == ["*", "*", "*"]
    # Longer than the command's own limit, which lets it end well.
    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] > 300


def test_the_alerts_are_those_of_prometheus_without_a_cluster() -> None:
    rules = yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8"))

    rule = one(render(KUBERNETES / "overlays" / "prod"), "PrometheusRule")

    assert rule["spec"] == rules


def test_every_file_belongs_to_some_environment() -> None:
    used: set[Path] = set()

    def walk(folder: Path) -> None:
        path = folder / "kustomization.yaml"
        used.add(path.resolve())
        rules = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name in [*rules.get("resources", []), *rules.get("components", [])]:
            child = (folder / name).resolve()
            walk(child) if child.is_dir() else used.add(child)

    for name in OVERLAYS:
        walk(KUBERNETES / "overlays" / name)

    assert used == {path.resolve() for path in KUBERNETES.rglob("*.yaml")}
