"""The examples of docs/automation.md: shells run them, or their request goes to the app."""

import json
import os
import re
import shlex
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import requests
import yaml

from passwords.accounts import tokens
from tests.admin.live import manage
from tests.live import ROOT, LiveApp

# The translation has the same code: tests/test_documentation.py.
PAGE: Final = ROOT / "docs" / "automation.md"
SITE: Final = "https://senhas.example.com"
PASSWORD: Final = re.compile(r"[0-9A-Za-z]{32}", re.ASCII)
# Notes how it was called; `kubectl` also keeps its input.
STAND_IN: Final = """#!/bin/sh
printf '%s\\n' "$@" > "$CALLS/{program}.arguments"
{action}
"""


@cache
def blocks() -> list[tuple[str, str]]:
    """Return the language and the text of each block of code."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(r"^```(\w*)\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def one(language: str, part: str) -> str:
    """Return the only such block that holds *part*."""
    (found,) = [text for name, text in blocks() if name == language and part in text]
    return found


@pytest.fixture(scope="module")
def token(live_app: LiveApp) -> str:
    """A token, made by the command of the page."""
    user = "from django.contrib.auth.models import User; User.objects.get_or_create(username='ana')"
    manage(live_app, "shell", "--verbosity=0", "--command", user)
    program, *arguments = shlex.split(one("sh", "tokens create pipeline"))
    assert program == "manage.py"
    return manage(live_app, *arguments).decode().strip()


def run(script: str, app: LiveApp, folder: Path, token: str) -> subprocess.CompletedProcess[str]:
    """Run *script* as bash of GitHub and GitLab does, with programs that note their arguments."""
    for program, action in (
        ("curl", f'exec {shutil.which("curl")} "$@"'),
        ("kubectl", 'exec cat > "$CALLS/kubectl.input"'),
    ):
        path = folder / program
        path.write_text(STAND_IN.format(program=program, action=action))
        path.chmod(0o755)
    return subprocess.run(
        [
            "bash",
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "-c",
            script.replace(SITE, app.base_url),
        ],
        env={
            "PATH": f"{folder}:{os.environ['PATH']}",
            "CALLS": str(folder),
            "GIROPOPS_TOKEN": token,
            "GITHUB_OUTPUT": str(folder / "output"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def scripts() -> dict[str, str]:
    """Return the examples for a shell."""
    (github,) = yaml.safe_load(one("yaml", "GITHUB_OUTPUT"))
    (gitlab,) = yaml.safe_load(one("yaml", "kubectl"))["database-password"]["script"]
    assert github["shell"] == "bash"
    assert github["env"] == {"GIROPOPS_TOKEN": "${{ secrets.GIROPOPS_TOKEN }}"}
    return {"shell": one("sh", "curl"), "GitHub": github["run"], "GitLab": gitlab}


def test_the_shell_writes_the_password(live_app: LiveApp, token: str, tmp_path: Path) -> None:
    ended = run(scripts()["shell"], live_app, tmp_path, token)

    assert PASSWORD.fullmatch(ended.stdout.removesuffix("\n")), ended.stderr


def test_github_masks_the_password_and_hands_it_on(
    live_app: LiveApp, token: str, tmp_path: Path
) -> None:
    ended = run(scripts()["GitHub"], live_app, tmp_path, token)

    password = (tmp_path / "output").read_text().removeprefix("password=").removesuffix("\n")
    assert PASSWORD.fullmatch(password)
    assert (ended.stdout, ended.stderr) == (f"::add-mask::{password}\n", "")


def test_gitlab_hands_the_password_on_and_prints_none(
    live_app: LiveApp, token: str, tmp_path: Path
) -> None:
    ended = run(scripts()["GitLab"], live_app, tmp_path, token)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert PASSWORD.fullmatch((tmp_path / "kubectl.input").read_text())


@pytest.mark.parametrize("name", ["shell", "GitHub", "GitLab"])
def test_a_script_ends_with_an_error_without_a_password_and_no_argument_has_the_token(
    live_app: LiveApp, tmp_path: Path, name: str
) -> None:
    unknown = "gps_0123456789ABCDEFGHIJKLMNOPQRST4PMbyp"

    ended = run(scripts()[name], live_app, tmp_path, unknown)

    assert ended.returncode != 0
    assert ended.stdout == ""
    assert "401" in ended.stderr
    assert not (tmp_path / "output").exists()
    assert "@-" in (tmp_path / "curl.arguments").read_text().split()
    assert not any(unknown in path.read_text() for path in tmp_path.glob("*.arguments"))


def test_ansible_gets_the_password(live_app: LiveApp, token: str) -> None:
    draw, use = yaml.safe_load(one("yaml", "ansible"))
    asked = draw["ansible.builtin.uri"]
    values = {"giropops_url": live_app.base_url, "giropops_token": token}

    answer = requests.request(
        asked["method"],
        _jinja(asked["url"], values),
        headers={name: _jinja(text, values) for name, text in asked["headers"].items()},
        json=asked["body"],  # body_format: json
        timeout=30,
    )

    assert asked["body_format"] == "json"
    assert answer.status_code == asked["status_code"]
    assert answer.headers["Content-Type"] == "application/json"  # what makes `drawn.json`
    assert draw["no_log"] is use["no_log"] is True
    assert use["ansible.builtin.copy"]["content"] == "{{ drawn.json.password }}"
    assert PASSWORD.fullmatch(answer.json()["password"])


def _jinja(template: str, values: dict[str, str]) -> str:
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: values[found[1]], template)


def test_terraform_gets_the_password(live_app: LiveApp, token: str) -> None:
    text = one("hcl", 'data "http"').replace("${var.giropops_token}", token)
    (headers,) = re.findall(r"request_headers = \{\n(.*?)\n  \}", text, flags=re.DOTALL)
    (body,) = re.findall(r"jsonencode\(\{(.*)\}\)", text)
    given = dict(re.findall(r'(url|method) += "(.*)"', text))

    answer = requests.request(
        given["method"],
        given["url"].replace(SITE, live_app.base_url),
        headers=dict(re.findall(r'([\w-]+) += "(.*)"', headers)),
        data=json.dumps(
            {name: json.loads(value) for name, value in re.findall(r"(\w+) = ([^,]+?),? ", body)}
        ),
        timeout=30,
    )

    assert f"self.status_code == {answer.status_code}" in text
    assert "jsondecode(data.http.password.response_body).password" in text
    assert PASSWORD.fullmatch(answer.json()["password"])


def test_errors_are_those_of_the_page(live_app: LiveApp, token: str) -> None:
    expected = [json.loads(line) for line in one("json", "errors").splitlines()]
    body: dict[str, Any] = json.loads(one("json", "keep"))

    answers = [
        requests.post(
            f"{live_app.base_url}/api/v1/secrets",
            headers={"Authorization": f"Bearer {text}", "Accept-Language": "en"},
            json=body | change,
            timeout=30,
        )
        for text, change in (
            ("gps_unknown", {}),
            (token, {"policy": "wifi"}),
            (token, {"flat": "secret"}),
        )
    ]

    assert [answer.json() for answer in answers] == expected
    assert [answer.status_code for answer in answers] == [401, 403, 422]


def test_the_expression_for_scanners_finds_tokens(token: str) -> None:
    pattern = one("", "gps_").strip()

    assert re.findall(pattern, f"x: {token}\n") == [token]
    assert tokens.is_well_formed(token)
