"""A bad setting stops the start with one line; the documentation lists every setting."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings

from tests.plugin import fresh_keys
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, "manage.py", "check"]
GUNICORN = [
    sys.executable,
    "-m",
    "gunicorn",
    "-c",
    "giropops/server/gunicorn_conf.py",
    "giropops.wsgi",
]


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DOTENV": "", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", [MANAGE, GUNICORN], ids=["manage.py", "gunicorn"])
@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"SECRET_KEY": "short"}, "giropops: SECRET_KEY takes at least 32 random characters"),
        (
            {"RECENTS_TTL": "never"},
            "giropops: RECENTS_TTL takes a whole number from 1 to 2678400",
        ),
        (
            {"PORT": "5000", "METRICS_PORT": "5000"},
            "giropops: METRICS_PORT takes a port from 0 to 65535, but not 5000, that of PORT",
        ),
        (
            {"ALLOWED_HOSTS": "http://x"},
            "giropops: ALLOWED_HOSTS takes host names with commas between, no scheme and no port",
        ),
        (
            {"WORDLISTS_DIR": "/nowhere"},
            "giropops: WORDLISTS_DIR: /nowhere cannot be read (No such file or directory)",
        ),
        (
            {"REMOTE_USER_HEADER": "X-Forwarded-User", "TRUSTED_PROXIES": "1"},
            (
                "giropops: TRUSTED_PROXY_ADDRESSES is not set: it takes addresses and networks"
                " with commas between, such as 10.1.0.0/16, but not all addresses, and no IPv4 in"
                " the form of IPv6, for REMOTE_USER_HEADER"
            ),
        ),
        (
            {"PASSWORD_SIGN_IN": "false"},
            (
                "giropops: REMOTE_USER_HEADER is not set: it takes a header, such as"
                " X-Forwarded-User, for PASSWORD_SIGN_IN=false"
            ),
        ),
        ({"LOGFORMAT": "json"}, "giropops: LOGFORMAT is not a setting: did you mean LOG_FORMAT?"),
        (
            {"DOTENV": "/nowhere/.env"},
            "giropops: DOTENV: /nowhere/.env cannot be read (No such file or directory)",
        ),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_line(
    command: list[str], environment: dict[str, str], line: str
) -> None:
    result = run(command, **{**fresh_keys(), **environment})

    assert result.returncode == 2
    assert result.stderr.splitlines() == [line]


def test_gunicorn_refuses_a_wordlist_with_a_bad_line(tmp_path: Path) -> None:
    (tmp_path / "casa.txt").write_text("casa\nporta 1\n", encoding="utf-8")

    result = run(GUNICORN, **fresh_keys(), WORDLISTS_DIR=str(tmp_path))

    assert result.returncode == 2
    *_log, line = result.stderr.splitlines()
    assert line.startswith("giropops: WORDLISTS_DIR: casa.txt, line 2: a word has lowercase")


def test_gunicorn_refuses_several_workers_without_redis() -> None:
    result = run(GUNICORN, **fresh_keys(), WEB_CONCURRENCY="2")

    assert result.returncode != 0
    assert "WEB_CONCURRENCY takes 1 while recents are kept in memory" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"HOST": "x86_64-conda-linux-gnu"}, "HOST takes a name or an address of this machine"),
        ({"HOST": "192.0.2.1"}, "cannot listen on 192.0.2.1:5000 (Cannot assign"),
        ({"ADMIN_USER": "ana", "ADMIN_PASSWORD": "short"}, "ADMIN_USER, ADMIN_PASSWORD: "),
    ],
)
@pytest.mark.usefixtures("live_template")
def test_a_server_that_cannot_serve_ends_with_one_line(
    tmp_path: Path, environment: dict[str, str], line: str
) -> None:
    own = {"DATABASE_URL": f"sqlite:///{tmp_path / 'app.sqlite3'}", "HOST": "127.0.0.1"}
    command = [sys.executable, "-m", "giropops"]
    if "ADMIN_USER" in environment:
        own["PORT"] = str(free_port())

    result = run(command, **{**fresh_keys(), **own, **environment})

    assert result.returncode == 2
    assert f"giropops: {line}" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.django_db
@override_settings(RECENTS_SCOPE="shared")
def test_a_shared_scope_is_warned_about_at_deployment() -> None:
    messages = run_checks(tags=["giropops"], include_deployment_checks=True)

    assert [message.id for message in messages] == ["giropops.W001"]


@override_settings(WEB_CONCURRENCY=2)
def test_several_workers_with_recents_in_memory_are_an_error() -> None:
    assert [message.id for message in run_checks(tags=["giropops"])] == ["giropops.E001"]


@pytest.mark.parametrize("readme", ["README.md", "README.pt-BR.md"])
def test_the_readme_lists_every_variable_and_no_other(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")

    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", text, flags=re.MULTILINE))

    assert documented == set(settings.ENVIRONMENT_NAMES)
