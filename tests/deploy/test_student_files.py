"""What students of the course bring starts and passes with nothing but the image's name changed.

The documents below are our own and minimal. They set what some twenty public repositories of
students set: Deployments, Compose files, Services, probes, and the load scripts for Locust and k6.
"""

import http.client
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.live import ROOT, GunicornServer
from tests.servers import HOST, RedisServer

POD: Final = "10.244.0.8"
PROBE: Final = {"Host": f"{POD}:5000", "User-Agent": "kube-probe/1.31", "Accept": "*/*"}

DOCUMENTS: Final = {
    "deployment": """
        kind: Deployment
        spec:
          template:
            spec:
              containers:
              - name: giropops-senhas
                image: giropops-senhas
                env: [{name: REDIS_HOST, value: redis-service}]
                ports: [{containerPort: 5000}]
                livenessProbe: {httpGet: {path: /, port: 5000}}
        ---
        {kind: Service, metadata: {name: giropops-senhas}}
        ---
        {kind: Service, metadata: {name: redis-service}}
    """,
    "three probes": """
        kind: Deployment
        spec:
          template:
            spec:
              containers:
              - name: app
                env: [{name: REDIS_HOST, value: redis}, {name: REDIS_PASSWORD, value: ""}]
                startupProbe: {httpGet: {path: /, port: http}}
                livenessProbe: {httpGet: {path: /metrics, port: http}}
                readinessProbe: {httpGet: {path: /api/senhas, port: http}}
        ---
        {kind: Service, metadata: {name: redis}}
        ---
        {kind: Service, metadata: {name: giropops-senhas-svc}}
    """,
    # The Flask app looked for redis-service where nothing named another.
    "no environment": """
        kind: Deployment
        spec: {template: {spec: {containers: [{name: app, ports: [{containerPort: 5000}]}]}}}
        ---
        {kind: Service, metadata: {name: giropops-senhas}}
    """,
    "config map": """
        kind: Deployment
        spec:
          template:
            spec: {containers: [{name: app, envFrom: [{configMapRef: {name: app}}]}]}
        ---
        {kind: ConfigMap, metadata: {name: app}, data: {REDIS_HOST: redis, REDIS_PORT: "6379"}}
    """,
    "compose": """
        services:
          giropops-senhas:
            image: giropops-senhas
            ports: ["5000:5000"]
            networks: [giropops]
            environment: {REDIS_HOST: redisdb}
          redisdb: {image: redis, networks: [giropops]}
        networks: {giropops: {driver: bridge}}
    """,
    "compose with a list": """
        version: "3.8"
        services:
          giropops-senhas:
            build: .
            environment: [REDIS_HOST=redis, FLASK_APP=app.py, FLASK_ENV=production]
          redis: {image: redis}
    """,
    "docker run -e REDIS_HOST": "environment: {REDIS_HOST: redis}",
}

HOSTS: Final = {
    "the Service": "giropops-senhas:5000",
    "the Service on port 80": "giropops-senhas",
    "the Service's short name": "giropops-senhas.default.svc:5000",
    "the Service's whole name": "giropops-senhas.default.svc.cluster.local:5000",
    "the pod": f"{POD}:5000",
    "the pod by IPv6": "[fd00:10:244::8]:5000",
    "a machine": "192.168.0.106:5000",
    "a machine with a public address": "203.0.113.7:80",
    "Docker Desktop's cluster": "giropops-senhas.kubernetes.docker.internal",
    "a name of the local network": "ubuntu.local:5000",
    "port-forward": "localhost:5000",
}

# Method, path, and what the body is made of.
Step = tuple[str, str, dict[str, Any]]
OLD: Final = "/api/gerar-senha"
FLAGS: Final = {"incluir_numeros": True, "incluir_caracteres_especiais": True}
SCRIPTS: Final[dict[str, list[Step]]] = {
    "Locust, the course's": [
        ("POST", OLD, {"json": {"tamanho": 8, **FLAGS}}),
        ("GET", "/api/senhas", {}),
        ("GET", "/api/senhas", {}),
    ],
    "Locust, random lengths": [
        *(("POST", OLD, {"json": {"tamanho": length, **FLAGS}}) for length in range(8, 17)),
        ("GET", "/api/senhas", {}),
    ],
    "Locust, the form": [
        ("GET", "/", {}),
        ("POST", "/", {"data": {"tamanho": "12", "incluir_numeros": "on"}}),
        ("POST", "/", {"data": {"tamanho": 16, "incluir_caracteres_especiais": "on"}}),
    ],
    "k6, a POST without a body": [("POST", "/", {})] * 3,
    "k6, flags as text": [
        (
            "POST",
            OLD,
            {
                "json": {
                    "tamanho": 32,
                    "incluir_numeros": "on",
                    "incluir_caracteres_especiais": "on",
                }
            },
        ),
        ("GET", "/api/senhas", {"headers": {"Content-Type": "application/json"}}),
    ],
    # JSON.stringify leaves a function out: the length is missing.
    "k6, no length": [("GET", "/", {}), ("POST", OLD, {"json": FLAGS})],
    "curl": [
        ("POST", "/", {"data": {"tamanho": "12"}}),
        (
            "POST",
            OLD,
            {"data": '{"tamanho": 10}', "headers": {"Content-Type": "application/json"}},
        ),
    ],
}


class StudentApp(GunicornServer):
    """The app as a container starts it: a fresh copy, the image's variables, and *environment*."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__()
        self._own_environment = dict(environment)

    def _prepare(self) -> None:
        for name in ("giropops", "passwords", "templates"):
            shutil.copytree(ROOT / name, self.folder / name, dirs_exist_ok=True)
        shutil.copy(ROOT / "manage.py", self.folder)
        var = self.folder / "var"
        var.mkdir(exist_ok=True)
        if not (var / "static").exists():
            (var / "static").symlink_to(ROOT / "var" / "static")

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        image = {"DOTENV": "", "HOST": HOST, "PORT": str(self.port)}
        return subprocess.Popen(
            [sys.executable, "-m", "giropops"],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], **image, **self._own_environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _environment(documents: list[dict[str, Any]]) -> dict[str, str]:
    """Return what the container of the app gets: its own variables, and those of the Services."""
    maps = {
        document["metadata"]["name"]: document["data"]
        for document in documents
        if document.get("kind") == "ConfigMap"
    }
    services = [
        document["metadata"]["name"] for document in documents if document.get("kind") == "Service"
    ]
    found: dict[str, str] = {}
    for place, name in enumerate(services, start=1):
        found |= _service_links(name, f"10.96.0.{place}", 6379 if "redis" in name else 5000)
    for document in documents:
        if document.get("kind") == "Deployment":
            (container,) = document["spec"]["template"]["spec"]["containers"]
            for source in container.get("envFrom", []):
                found |= maps[source["configMapRef"]["name"]]
            found |= {item["name"]: item["value"] for item in container.get("env", [])}
        elif "services" in document or "environment" in document:
            own = document.get("services", {}).get("giropops-senhas", document)["environment"]
            pairs = own.items() if isinstance(own, dict) else (item.split("=", 1) for item in own)
            found |= dict(pairs)
    return found


def _service_links(name: str, address: str, port: int) -> dict[str, str]:
    """Return the variables that Kubernetes gives a pod for each Service of its namespace."""
    prefix = name.upper().replace("-", "_")
    url = f"tcp://{address}:{port}"
    return {
        f"{prefix}_SERVICE_HOST": address,
        f"{prefix}_SERVICE_PORT": str(port),
        f"{prefix}_PORT": url,
        f"{prefix}_PORT_{port}_TCP": url,
        f"{prefix}_PORT_{port}_TCP_PROTO": "tcp",
        f"{prefix}_PORT_{port}_TCP_PORT": str(port),
        f"{prefix}_PORT_{port}_TCP_ADDR": address,
    }


def _probes(documents: list[dict[str, Any]]) -> list[str]:
    return [
        container[kind]["httpGet"]["path"]
        for document in documents
        if document.get("kind") == "Deployment"
        for container in document["spec"]["template"]["spec"]["containers"]
        for kind in ("startupProbe", "livenessProbe", "readinessProbe")
        if kind in container
    ]


def _get(app: StudentApp, path: str, headers: Mapping[str, str]) -> int:
    """Return the status of a request with exactly these headers."""
    connection = http.client.HTTPConnection(HOST, app.port, timeout=10)
    connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def _generated(app: StudentApp) -> float:
    text = requests.get(f"{app.base_url}/metrics", timeout=10).text
    (family,) = (
        family for family in text_string_to_metric_families(text) if family.name == "senha_gerada"
    )
    return sum(sample.value for sample in family.samples if sample.name == "senha_gerada_total")


@pytest.fixture(scope="module")
def course_redis() -> Iterator[RedisServer]:
    """The `redis` of the course: no password, no configuration."""
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="module")
def app(live_template: Path, course_redis: RedisServer) -> Iterator[StudentApp]:  # noqa: ARG001  # static files
    """The app of the course's `docker run`, for the load scripts."""
    with StudentApp({"REDIS_HOST": HOST, "REDIS_PORT": str(course_redis.port)}) as app:
        yield app


@pytest.mark.usefixtures("live_template")  # collects the static files
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_starts_the_app_and_its_probes_pass(
    name: str, course_redis: RedisServer
) -> None:
    documents = list(yaml.safe_load_all(dedent(DOCUMENTS[name])))
    environment = _environment(documents)
    if "REDIS_HOST" in environment:  # whose name leads to our own Redis, as its Service would
        environment |= {
            "REDIS_HOST": HOST,
            "REDIS_PORT": f"tcp://{HOST}:{course_redis.port}",
        }

    with ExitStack() as stack:
        app = stack.enter_context(StudentApp(environment))
        probes = [_get(app, path, PROBE) for path in _probes(documents)]
        page = _get(app, "/", {"Host": "localhost:5000"})
        made = requests.post(f"{app.base_url}{OLD}", json={"tamanho": 8, **FLAGS}, timeout=10)
        ready = requests.get(f"{app.base_url}/readyz", timeout=10).json()
        log = app.log

    assert set(probes) <= {200}
    assert page == 200
    assert len(made.json()["senha"]) == 8
    assert ready["status"] == "ok"
    used = "ok" if "REDIS_HOST" in environment else "unused"
    assert ready["dependencies"]["redis"]["status"] == used
    assert "Traceback" not in log


@pytest.mark.parametrize("path", ["/", "/api/senhas", "/metrics"])
@pytest.mark.parametrize("host", HOSTS)
def test_the_app_answers_to_the_names_of_a_cluster_and_a_network(
    app: StudentApp, host: str, path: str
) -> None:
    assert _get(app, path, {"Host": HOSTS[host]}) == 200


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_load_script_gets_no_error(app: StudentApp, script: str) -> None:
    before = _generated(app)

    with requests.Session() as session:
        session.headers["Host"] = "giropops-senhas:5000"
        for method, path, body in SCRIPTS[script]:
            answer = session.request(method, f"{app.base_url}{path}", timeout=10, **body)
            assert answer.status_code == 200, answer.text[:500]

    posts = sum(method == "POST" for method, _, _ in SCRIPTS[script])
    assert _generated(app) - before == posts


def test_a_script_sees_what_it_generated_newest_first(app: StudentApp) -> None:
    with requests.Session() as session:
        made = [
            session.post(f"{app.base_url}{OLD}", json={}, timeout=10).json()["senha"]
            for _ in range(3)
        ]
        kept = session.get(f"{app.base_url}/api/senhas", timeout=10).json()

    assert [item["senha"] for item in kept] == made[::-1]


def test_another_site_s_page_cannot_use_the_form(app: StudentApp) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    answer = requests.post(f"{app.base_url}/", headers=headers, timeout=10)

    assert answer.status_code == 403


def test_a_public_name_must_be_allowed(app: StudentApp) -> None:
    assert _get(app, "/", {"Host": "giropops-senhas.io"}) == 400
