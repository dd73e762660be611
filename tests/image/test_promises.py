"""What docs/image.md claims about the image, checked on a hardened container."""

import json
import re
import socket
import tarfile
import time
import urllib.request
from pathlib import Path

import pytest
import requests

from giropops import __version__
from tests.image.conftest import StartContainer
from tests.image.containers import ContainerApp, DockerError, docker
from tests.plugin import fresh_keys
from tests.servers import HOST, RedisServer

GRACE_SECONDS = 10
"""What `docker stop` waits for between SIGTERM and SIGKILL."""


def python(app: ContainerApp, script: str) -> str:
    """Return what *script* prints in the container."""
    return app.execute("python", "-c", script)


def send(app: ContainerApp, path: str, body: object | None = None) -> bytes:
    """Return the body of a good answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310  # to a container of ours
        f"{app.base_url}{path}", data=data, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
        content: bytes = response.read()
    return content


@pytest.mark.parametrize(
    "program", ["sh", "bash", "ash", "/bin/sh", "/busybox/sh", "pip", "apk", "apt", "wget", "curl"]
)
def test_there_is_no_shell_and_no_way_to_install_anything(
    container: ContainerApp, program: str
) -> None:
    with pytest.raises(DockerError, match=r"executable file not found|no such file"):
        container.execute(program, "-c", "true")


@pytest.mark.parametrize("module", ["pip", "ensurepip._bundled.pip", "setuptools", "brotli"])
def test_no_installer_and_no_build_tool_is_importable(container: ContainerApp, module: str) -> None:
    with pytest.raises(DockerError, match="ModuleNotFoundError"):
        python(container, f"import {module}")


def test_it_runs_without_any_privilege(container: ContainerApp) -> None:
    lines = python(container, "print(open('/proc/1/status').read())").splitlines()

    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert status["Uid"].split() == ["65532"] * 4
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


def test_nothing_but_its_data_is_the_users_own(container: ContainerApp) -> None:
    script = (
        "import os\n"
        "for root in '/app', '/opt', '/usr', '/etc':\n"
        "    for folder, folders, files in os.walk(root):\n"
        "        for name in ['.', *folders, *files]:\n"
        "            path = os.path.join(folder, name)\n"
        "            status = os.lstat(path)\n"
        "            writable = status.st_mode & 0o022 and not os.path.islink(path)\n"
        "            if status.st_uid == 65532 or status.st_gid == 65532 or writable:\n"
        "                print(path)\n"
    )

    assert python(container, script) == ""


def test_no_file_is_setuid_or_setgid(container: ContainerApp, tmp_path: Path) -> None:
    archive = tmp_path / "container.tar"

    docker("export", "--output", str(archive), container.name)

    with tarfile.open(archive) as files:
        assert [file.name for file in files if file.isfile() and file.mode & 0o6000] == []


def test_no_source_or_test_or_git_folder_is_in_it(container: ContainerApp) -> None:
    script = (
        "import os\n"
        "for root in '/app', '/opt':\n"
        "    for folder, folders, files in os.walk(root):\n"
        "        for name in folders + files:\n"
        "            if name.endswith(('.py', '.po')) or name in ('.git', '.env', 'tests'):\n"
        "                print(os.path.join(folder, name))\n"
    )

    assert python(container, script) == ""


def test_every_licence_of_what_is_in_it_came_along(container: ContainerApp) -> None:
    script = (
        "from importlib.metadata import distributions\n"
        "for found in distributions():\n"
        "    if 'site-packages' in str(found.locate_file('')):\n"
        "        folder = found._path\n"
        "        texts = [path for path in folder.rglob('*') if 'LICEN' in path.name.upper()]\n"
        "        if not texts:\n"
        "            print(found.name)\n"
    )

    assert python(container, script) == ""


def test_docker_finds_it_healthy(start_container: StartContainer) -> None:
    app = start_container()

    deadline = time.monotonic() + 60
    while app.inspect("{{.State.Health.Status}}") == "starting" and time.monotonic() < deadline:
        time.sleep(0.5)

    assert app.inspect("{{.State.Health.Status}}") == "healthy"


def test_its_health_check_fails_without_an_answer(image: str) -> None:
    with pytest.raises(DockerError) as caught:
        docker("run", "--rm", "--entrypoint", "python", image, "-m", "giropops.server.health_check")

    assert "Traceback" not in str(caught.value)


def test_it_stops_at_once_and_well(start_container: StartContainer) -> None:
    app = start_container()

    docker("stop", "--time", str(GRACE_SECONDS), app.name)

    assert app.inspect("{{.State.ExitCode}}") == "0"
    assert "Traceback" not in app.log
    assert "Read-only" not in app.log


def test_a_request_in_flight_is_answered_before_it_stops(start_container: StartContainer) -> None:
    app = start_container()
    body = b'{"tamanho": 16}'
    head = (
        "POST /api/gerar-senha HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )

    with socket.create_connection((HOST, app.port), timeout=GRACE_SECONDS) as client:
        client.sendall(head.encode())
        taken_up = client.recv(1024)
        docker("kill", "--signal", "TERM", app.name)
        while "Handling signal: term" not in app.log:
            time.sleep(0.01)
        client.sendall(body)
        answer = b"".join(iter(lambda: client.recv(65536), b""))

    assert taken_up.startswith(b"HTTP/1.1 100")
    assert answer.startswith(b"HTTP/1.1 200")
    assert docker("wait", app.name) == "0"


def test_data_outlive_the_container(start_container: StartContainer) -> None:
    app = start_container()
    send(app, "/api/gerar-senha", {"tamanho": 16})

    app.kill()
    app.start()

    rows = python(
        app,
        "import sqlite3\n"
        "print(*sqlite3.connect('/data/giropops.sqlite3').execute("
        "'select count(*) from passwords_generation').fetchone())",
    )
    assert rows == "1"


def test_it_serves_compressed_files_that_may_be_kept_for_ever(container: ContainerApp) -> None:
    page = send(container, "/admin/login/").decode()
    path = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    request = urllib.request.Request(  # noqa: S310  # to a container of ours
        f"{container.base_url}{path}", headers={"Accept-Encoding": "br"}
    )

    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
        headers = response.headers

    assert headers["Content-Encoding"] == "br"
    assert "immutable" in headers["Cache-Control"]


def test_it_serves_with_nothing_but_the_address_of_redis(start_container: StartContainer) -> None:
    with RedisServer() as server:
        port = f"tcp://{HOST}:{server.port}"
        keys = dict.fromkeys(fresh_keys(), "")
        app = start_container({**keys, "REDIS_HOST": HOST, "REDIS_PORT": port})

        made = json.loads(send(app, "/api/gerar-senha", {"tamanho": 16}))
        ready = json.loads(send(app, "/readyz"))

    assert len(made["senha"]) == 16
    assert ready["dependencies"]["redis"]["status"] == "ok"
    assert app.execute("python", "-c", "import os; print(os.stat('/data/keys.env').st_mode)") == (
        str(0o100600)
    )


@pytest.mark.parametrize("user", ["1000:3000", "1000680000:0"])
def test_any_user_may_run_it(start_container: StartContainer, user: str) -> None:
    keys = dict.fromkeys(fresh_keys(), "")
    app = start_container(keys, options=["--user", user])

    send(app, "/api/gerar-senha", {"tamanho": 16})
    status = python(app, "print(open('/proc/1/status').read())")

    assert f"Uid:\t{user.partition(':')[0]}\t" in status
    assert json.loads(send(app, "/readyz"))["dependencies"]["database"]["status"] == "ok"
    assert "using /data/keys.env" in app.log


def test_a_data_folder_that_cannot_be_written_is_one_line_that_names_it(
    image: str, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)

    with pytest.raises(DockerError) as caught:
        docker(
            *("run", "--rm", "--network", "none", "--user", "1000:3000"),
            *("--volume", f"{tmp_path}:/data", image),
        )

    (line,) = [line for line in str(caught.value).splitlines() if line.startswith("giropops")]
    assert "/data/giropops.sqlite3" in line
    assert "uid 1000" in line
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("folder", ["/app", "/"])
def test_giropops_is_a_command_in_it(container: ContainerApp, folder: str) -> None:
    secret = docker(
        *("exec", "--workdir", folder, container.name, "giropops", "generate", "--length", "20")
    )

    assert len(secret) == 20


def test_it_runs_the_commands_too(image: str) -> None:
    keys = [part for name, value in fresh_keys().items() for part in ("-e", f"{name}={value}")]

    secret = docker("run", "--rm", "--network", "none", *keys, image, "generate", "--length", "20")

    assert len(secret) == 20


def test_its_labels_say_what_it_is(image: str) -> None:
    labels = json.loads(docker("inspect", "--format", "{{json .Config.Labels}}", image))

    assert labels["org.opencontainers.image.title"] == "Giropops Senhas"
    assert labels["org.opencontainers.image.licenses"] == "MIT"
    assert len(labels["org.opencontainers.image.revision"]) == 40
    assert labels["org.opencontainers.image.version"] == __version__


def test_below_a_path_prefix_everything_stays_below_it(start_container: StartContainer) -> None:
    app = start_container({"URL_PREFIX": "/giropops-senhas"})
    visitor = requests.Session()

    page = visitor.get(f"{app.base_url}/giropops-senhas/", timeout=10)
    admin = visitor.get(f"{app.base_url}/giropops-senhas/admin/", timeout=10, allow_redirects=False)
    visitor.post(f"{app.base_url}/giropops-senhas/api/gerar-senha", json={}, timeout=10)

    paths = set(re.findall(r'(?:href|src)="(/[^"#]*)', page.text))
    assert any("/static/" in path for path in paths)
    for path in paths:
        assert path.startswith("/giropops-senhas/")
        assert visitor.get(f"{app.base_url}{path}", timeout=10).status_code == requests.codes.ok
    assert admin.headers["Location"].startswith("/giropops-senhas/admin/login/")
    assert {cookie.path for cookie in visitor.cookies} == {"/giropops-senhas/"}
