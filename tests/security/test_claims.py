"""The claims of SECURITY.md that no other test makes, and that each claim names a test there is."""

import re
from pathlib import Path

import pytest
import requests
from django.test import Client

from passwords import owners
from tests.conftest import StartLiveApp
from tests.live import ROOT

JSON = "application/json"


def named_tests() -> list[str]:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"`(tests/[^`]+)`", text)))


@pytest.mark.parametrize("name", named_tests())
def test_every_claim_names_a_test_that_is_there(name: str) -> None:
    path, _, test = name.partition("::")
    text = (ROOT / path).read_text(encoding="utf-8")

    assert f"def {test}(" in text if test else "def test_" in text


def test_the_database_holds_no_secret_and_leads_to_no_anonymous_owner(
    start_live_app: StartLiveApp,
) -> None:
    app = start_live_app({})
    with requests.Session() as session:
        secrets = [
            item["value"]
            for _ in range(20)
            for item in session.post(
                f"{app.base_url}/api/v1/secrets", json={"count": 50}, timeout=30
            ).json()["secrets"]
        ]
        identifier = str(session.cookies[owners.COOKIE_NAME]).partition(":")[0]
    app.stop()

    files = [path.read_bytes() for path in Path(app.folder).glob("app.sqlite3*")]
    assert len(secrets) == 1000
    assert files
    for content in files:
        assert [value for value in secrets if value.encode() in content] == []
        assert identifier.encode() not in content


@pytest.mark.django_db
def test_a_stolen_cookie_opens_one_owners_recents_and_nothing_else() -> None:
    victim, other, thief = Client(), Client(), Client()
    for client in (victim, other):
        client.post("/api/v1/secrets", {}, JSON)
    thief.cookies[owners.COOKIE_NAME] = victim.cookies[owners.COOKIE_NAME].value

    def values(client: Client) -> list[str]:
        return [item["value"] for item in client.get("/api/v1/recents").json()["recents"]]

    assert values(thief) == values(victim) != values(other)
    assert thief.get("/admin/").status_code == 302
    assert victim.cookies[owners.COOKIE_NAME]["max-age"] == 86_400
    assert victim.cookies[owners.COOKIE_NAME]["httponly"]
