"""docs/formats.md: each line of its tables is true of the command, the API and the page."""

import base64
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from passwords.domain.tokens import ENCODINGS
from passwords.formats import FORMATS
from passwords.formats.key_pairs import public_half
from tests.formats.readers import by_shell
from tests.management import program
from tests.management.conftest import Call
from tests.web.reading import read

pytestmark = pytest.mark.django_db

PAGES = ["formats.md", "formats.pt-BR.md"]


def _text(page: str) -> str:
    return (program.ROOT / "docs" / page).read_text(encoding="utf-8")


def _is_like(text: str, shape: str) -> bool:
    """Return whether *text* is *shape*, with any text for `…`, and white space for a space."""
    pattern = re.escape(shape).replace("…", ".+").replace(r"\ ", r"\s+")
    return re.fullmatch(pattern, text.strip(), re.DOTALL) is not None


def _api(client: Client, body: str) -> dict[str, Any]:
    response = client.post("/api/v1/secrets", data=body, content_type="application/json")
    assert response.status_code == 201, response.content
    (secret,) = response.json()["secrets"]
    return dict(secret)


def _page(client: Client, item: str, options: dict[str, Any]) -> str:
    """Return the text of a secret that the page has written with *options*."""
    name = options.pop("as")
    fields = {
        f"{name}-{field}": "on" if value is True else str(value) for field, value in options.items()
    }
    page = read(client.post("/recents/write", {"item": item, "as": name, **fields})).page
    return page.one(id="text").text


@pytest.mark.parametrize("page", PAGES)
def test_each_format_is_what_the_table_says(page: str, call: Call, client: Client) -> None:
    rows = re.findall(
        r"^\| `(\S+)` \| `(generate .+?)` \| `(.+?)` \| `(.+)` \|$", _text(page), re.MULTILINE
    )

    for name, command, body, shape in rows:
        printed, _stderr = call(*shlex.split(command))
        made = _api(client, body)
        shown = _page(client, made["id"], json.loads(body)["format"])

        assert _is_like(printed, shape), command
        assert _is_like(made["text"], shape), body
        assert _is_like(shown, shape), body
        assert made["format"] == name
    assert {name for name, *_others in rows} == FORMATS.keys()


@pytest.mark.parametrize("page", PAGES)
def test_each_encoding_is_what_the_table_says(page: str, call: Call, client: Client) -> None:
    rows = re.findall(
        r"^\| `(generate .+?)` \| `(.+?)` \| `(.+?)` \| (\d+) \| (.+) \|$",
        _text(page),
        re.MULTILINE,
    )

    for command, body, shape, characters, meaning in rows:
        encoding = json.loads(body)["encoding"]
        printed, _stderr = call(*shlex.split(command))
        made = _api(client, body)

        assert command.endswith(f" {encoding}")
        assert _is_like(printed, shape), command
        assert _is_like("\n".join(filter(None, [made["value"], made.get("public")])), shape), body
        assert len(made["value"]) == int(characters)
        has_more = "public" in made or encoding in {"uuid7", "ulid"}
        assert ("**" in meaning) is has_more  # says what is no secret
    assert {json.loads(body)["encoding"] for _command, body, *_others in rows} == set(ENCODINGS)


def test_the_commands_lead_from_a_policy_of_vault_to_files_that_tools_take(
    own_database: dict[str, str], tmp_path: Path
) -> None:
    if not all(map(shutil.which, ["htpasswd", "wg"])):
        pytest.skip("needs htpasswd and wg")
    manage = f'manage.py() {{ {sys.executable} {program.ROOT}/manage.py "$@"; }}; set -eu\n'

    done = subprocess.run(
        ["/bin/bash", "-c", manage + "".join(_blocks())],
        cwd=tmp_path,
        env=program.environment(own_database),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    secret = yaml.safe_load((tmp_path / "secret.yaml").read_text())
    password = base64.b64decode(secret["data"]["password"]).decode()
    assert secret["metadata"]["name"] == "db"
    assert re.fullmatch("[a-z0-9_-]{20}", password)
    assert re.search("[_-]", password)
    line = (tmp_path / ".env").read_text().strip()
    assert line == f"DB_PASSWORD={by_shell(line, 'DB_PASSWORD')}"
    private, public = (tmp_path / "wg.keys").read_text().split()
    assert done.stdout.splitlines()[-1] == public == public_half("wireguard", private)


def test_one_visit_of_the_page_leads_from_the_policy_to_the_secret(
    call: Call, client: Client, tmp_path: Path
) -> None:
    (document,) = re.findall(r"<<'END'\n(.*?)^END", "".join(_blocks()), re.DOTALL | re.MULTILINE)
    (tmp_path / "db.hcl").write_text(document)
    call("policies", "import", "--format", "vault", str(tmp_path / "db.hcl"))

    preset = read(client.get("/?policy=db")).page
    draft = preset.one("form", id="held").one("input").attributes["value"]
    fields = {"draft": draft, "as": "kubernetes", "kubernetes-name": "db"}
    written = read(client.post("/recents/write", fields)).page

    manifest = yaml.safe_load(written.one(id="text").text)
    shown = preset.one(id="secret").text
    assert base64.b64decode(manifest["data"]["password"]).decode() == shown


def _blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", _text("formats.md"), re.DOTALL | re.MULTILINE)
