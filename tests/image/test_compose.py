"""`docker compose up` brings the whole up, hardened, with what stands in for the real images."""

import json

import requests

from tests.image.compose import Project
from tests.servers import HOST


def test_the_app_generates_and_keeps_recents(project: Project) -> None:
    visitor = requests.Session()

    made = visitor.post(f"{project.url}/api/gerar-senha", json={"tamanho": 20}, timeout=10)
    kept = visitor.get(f"{project.url}/api/senhas", timeout=10)

    assert [item["senha"] for item in kept.json()] == [made.json()["senha"]]


def test_the_database_was_migrated_once_before_the_app_started(project: Project) -> None:
    containers = project.containers()

    assert containers["migrate"]["State"]["ExitCode"] == 0
    assert containers["migrate"]["State"]["FinishedAt"] < containers["app"]["State"]["StartedAt"]
    assert containers["migrate"]["RestartCount"] == 0


def test_every_service_is_hardened(project: Project) -> None:
    for service, container in project.containers().items():
        host = container["HostConfig"]
        assert host["ReadonlyRootfs"], service
        assert host["CapDrop"] == ["ALL"], service
        assert "no-new-privileges:true" in host["SecurityOpt"], service
        assert host["Memory"] > 0, service
        assert host["PidsLimit"] > 0, service


def test_no_secret_is_in_any_environment_or_command(project: Project) -> None:
    values = [path.read_text(encoding="utf-8") for path in project.secrets.iterdir()]
    passwords = [value.split()[-1] for value in values]

    for container in project.containers().values():
        described = json.dumps([container["Config"], container["Args"], container["HostConfig"]])
        assert not any(password in described for password in passwords)


def test_only_the_app_can_be_reached_from_outside(project: Project) -> None:
    containers = project.containers()

    published = {
        service: container["HostConfig"]["PortBindings"]
        for service, container in containers.items()
        if container["HostConfig"]["PortBindings"]
    }
    assert published == {"app": {"5000/tcp": [{"HostIp": HOST, "HostPort": str(project.port)}]}}


def test_the_cache_requires_its_password_and_writes_nothing(project: Project) -> None:
    client = "exec", "-T", "redis", "valkey-cli"

    refused = project.compose(*client, "config", "get", "save")

    assert "NOAUTH" in refused
    assert project.compose(*client, "ping").startswith("NOAUTH")


def test_the_recents_outlive_the_app_and_the_history_outlives_all(project: Project) -> None:
    visitor = requests.Session()
    visitor.post(f"{project.url}/api/gerar-senha", json={"tamanho": 20}, timeout=10)
    before = visitor.get(f"{project.url}/api/senhas", timeout=10).json()

    project.compose("restart", "app")
    project.compose("up", "--detach", "--pull", "never", "--no-build", "--wait")

    assert visitor.get(f"{project.url}/api/senhas", timeout=10).json() == before


def test_the_embedded_variant_is_the_app_alone(project: Project) -> None:
    project.compose("stop", "app")

    project.compose(
        *("--profile", "embedded", "up", "--detach", "--pull", "never", "--no-build", "--wait"),
        *("--no-deps", "embedded"),
    )

    made = requests.post(f"{project.url}/api/gerar-senha", json={"tamanho": 20}, timeout=10)
    assert len(made.json()["senha"]) == 20
