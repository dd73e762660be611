"""The chart renders the same as the overlays, by Helm's own engine in this process."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.kustomizing import Resource, containers, render
from tests.live import ROOT

helm = pytest.importorskip("helm_python", reason="there is no helm-python-sdk for this platform")

CHART = ROOT / "deploy" / "helm" / "giropops-senhas"
ENVIRONMENTS = ("dev", "staging", "prod")
MIGRATE = ("Job", "giropops-senhas-migrate")


def read(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return values


def template(values: dict[str, Any], revision: int = 1) -> dict[tuple[str, str], Resource]:
    """Return what `helm template` would print, by kind and name."""
    with helm.Chart.load(CHART) as chart:
        files = chart.render(
            values, name="senhas", namespace="anywhere", revision=revision, is_upgrade=revision > 1
        )
    found = [one for text in files.values() for one in yaml.safe_load_all(text) if one]
    named = {(one["kind"], one["metadata"]["name"]): one for one in found}
    assert len(named) == len(found)
    return named


def kustomized(environment: str) -> dict[tuple[str, str], Resource]:
    """Return an overlay's resources without their namespace, which Helm gets as an option."""
    resources = render(ROOT / "deploy" / "kubernetes" / "overlays" / environment)
    for resource in resources:
        del resource["metadata"]["namespace"]
    return {(one["kind"], one["metadata"]["name"]): one for one in resources}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_chart_renders_the_same_as_the_overlay(environment: str) -> None:
    rendered = template(read(CHART / f"values-{environment}.yaml"))
    # A Job cannot be changed, so that of each revision has a name of its own.
    job = rendered.pop(("Job", "giropops-senhas-migrate-1"), None)
    if job is not None:
        job["metadata"]["name"] = "giropops-senhas-migrate"
        rendered[MIGRATE] = job

    expected = kustomized(environment)

    assert sorted(rendered) == sorted(expected)
    for name, resource in expected.items():
        assert rendered[name] == resource, name


def test_each_revision_migrates_by_a_job_of_its_own() -> None:
    assert ("Job", "giropops-senhas-migrate-7") in template({}, revision=7)


def test_a_digest_wins_over_the_tag() -> None:
    digest = "sha256:" + "0" * 64

    rendered = template({"image": {"repository": "here/senhas", "digest": digest}})

    for name in (("Deployment", "giropops-senhas"), ("Job", "giropops-senhas-migrate-1")):
        (container,) = rendered[name]["spec"]["template"]["spec"]["containers"]
        assert container["image"] == f"here/senhas@{digest}"
    (container,) = containers(rendered["CronJob", "giropops-senhas-prune"])
    assert container["image"] == f"here/senhas@{digest}"


def test_any_setting_of_the_readme_can_be_given() -> None:
    own = {"REDIS_SENTINEL_PASSWORD_FILE": "/run/secrets/giropops/x", "WEB_CONCURRENCY": "2"}

    data = template({"settings": own})["ConfigMap", "giropops-senhas"]["data"]

    assert own.items() <= data.items()
    assert data["LOG_FORMAT"] == "json"


def test_a_configmap_of_wordlists_is_mounted_where_its_setting_says() -> None:
    rendered = template({"wordlists": "casa"})

    pod = rendered["Deployment", "giropops-senhas"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    (mount,) = [one for one in container["volumeMounts"] if one["name"] == "wordlists"]
    assert {"name": "wordlists", "configMap": {"name": "casa"}} in pod["volumes"]
    assert {"name": "WORDLISTS_DIR", "value": mount["mountPath"]} in container["env"]


@pytest.mark.parametrize(
    "values",
    [
        {"hots": "a.example.com"},
        {"prefix": "no-slash"},
        {"database": "file", "replicas": 2},
        {"image": {"digest": "latest"}},
        {"settings": {"WEB_CONCURRENCY": 1}},
    ],
)
def test_a_bad_value_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(helm.HelmValuesError):
        template(values)


def test_the_chart_is_of_the_apps_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert read(CHART / "Chart.yaml")["appVersion"] == project["version"]


def test_helm_itself_finds_no_fault() -> None:
    messages = helm.lint(CHART, strict=True)["messages"]

    assert [message["error"] for message in messages] == ["icon is recommended"]
