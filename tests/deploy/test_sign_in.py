"""deploy/nginx/sign-in.conf: a team signs in through a real nginx, in front of a real gunicorn."""

import re
import socket
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Final

import pytest
import requests
import yaml
from django.conf import settings

from tests.admin.live import SESSION_COOKIE, manage
from tests.deploy import identity
from tests.deploy.identity import Team
from tests.deploy.nginx import NAME, Nginx
from tests.live import ROOT, LiveApp
from tests.servers import HOST

# Not where the other tests' clients come from: nginx connects to the app from there.
PROXY: Final = "127.0.0.3"
SETTINGS: Final = {
    "HTTPS": "true",
    "TRUSTED_PROXIES": "1",
    "ALLOWED_HOSTS": f"{NAME},{HOST}",
    "TRUSTED_PROXY_ADDRESSES": PROXY,
    "REMOTE_USER_HEADER": "X-Forwarded-User",
    "REMOTE_GROUPS_HEADER": "X-Forwarded-Groups",
    "REMOTE_STAFF_GROUPS": "operadores",
    "REMOTE_SIGN_OUT_PATH": "/oauth2/sign_out",
    "PASSWORD_SIGN_IN": "false",
    "API_REQUIRES_TOKEN": "true",
}
BROWSER: Final = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
MAKE_USER: Final = "from django.contrib.auth.models import *; User.objects.create_user('ci')"
SECRETS: Final = "/api/v1/secrets"


@pytest.fixture(scope="module")
def app(live_template: Path) -> Iterator[LiveApp]:
    """The app, which trusts nginx's address alone."""
    with LiveApp(template=live_template, environment=SETTINGS) as app:
        yield app


@pytest.fixture(scope="module")
def team(app: LiveApp) -> Iterator[Team]:
    """The team's provider, the stand-in of oauth2-proxy, and nginx."""
    with identity.running() as team:
        addresses = {
            "127.0.0.1:5000": f"127.0.0.1:{app.port}",
            "127.0.0.1:4180": f"127.0.0.1:{team.auth_port}",
            "    ssl_protocols": f"    proxy_bind {PROXY};\n    ssl_protocols",
        }
        with Nginx("sign-in.conf", addresses) as nginx:
            team.origin = nginx.base_url
            team.certificate = str(nginx.certificate)
            yield team


def browser(team: Team, person: str = "", *groups: str) -> requests.Session:
    """Return the browser of *person*, who is not signed in yet."""
    team.person, team.groups = person, [*groups]
    session = requests.Session()
    session.trust_env = False
    session.verify = team.certificate
    session.headers.update(BROWSER)
    return session


def test_a_user_signs_in_sees_the_admin_by_group_and_signs_out(team: Team) -> None:
    with browser(team, "ana", "operadores") as ana:
        page = ana.get(f"{team.origin}/?kind=pin", timeout=10)
        made = ana.post(f"{team.origin}{SECRETS}", json={"length": 20}, timeout=10)
        admin = ana.get(f"{team.origin}/admin/", timeout=10)
        history = ana.get(f"{team.origin}/admin/passwords/generation/", timeout=10)
        policies = ana.get(f"{team.origin}/admin/passwords/policy/", timeout=10)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', admin.text)
        assert token
        left = ana.post(
            f"{team.origin}/admin/logout/",
            data={"csrfmiddlewaretoken": token[1]},
            headers={"Origin": team.origin, "Referer": f"{team.origin}/admin/"},
            timeout=10,
        )
        after = ana.get(f"{team.origin}/admin/", timeout=10, allow_redirects=False)

    assert page.url == f"{team.origin}/?kind=pin"
    assert [answer.status_code for answer in page.history] == [302, 302, 302, 302]
    assert made.status_code == HTTPStatus.CREATED
    assert '<td class="field-who">ana</td>' in history.text
    assert (admin.status_code, policies.status_code) == (HTTPStatus.OK, HTTPStatus.FORBIDDEN)
    assert not [answer for answer in (page, admin) if 'type="password"' in answer.text]
    assert left.url == f"{team.origin}/oauth2/sign_out"
    assert SESSION_COOKIE not in ana.cookies
    assert after.headers["Location"].startswith(f"{team.origin}/oauth2/sign_in")


def test_a_user_without_a_group_sees_no_admin_and_no_form(team: Team) -> None:
    with browser(team, "bia@example.com") as bia:
        admin = bia.get(f"{team.origin}/admin/", timeout=10)

    assert admin.status_code == HTTPStatus.FORBIDDEN
    assert "your account may not see the admin" in admin.text
    assert "<form" not in admin.text


def test_a_client_cannot_name_itself_through_the_proxy(team: Team) -> None:
    forged = {"X-Forwarded-User": "ana", "X-Forwarded-Groups": "gestores,operadores"}
    with browser(team, "carla") as carla:
        stranger = carla.get(f"{team.origin}/", headers=forged, timeout=10, allow_redirects=False)
        api = carla.get(f"{team.origin}/api/v1/recents", headers=forged, timeout=10)
        carla.get(f"{team.origin}/", timeout=10)
        admin = carla.get(f"{team.origin}/admin/", headers=forged, timeout=10)

    assert stranger.status_code == HTTPStatus.FOUND
    assert api.status_code == HTTPStatus.UNAUTHORIZED
    assert admin.status_code == HTTPStatus.FORBIDDEN


def test_a_pipeline_and_a_recipient_of_a_link_need_no_account(team: Team, app: LiveApp) -> None:
    manage(app, "shell", "--verbosity=0", "--command", MAKE_USER)
    token = manage(app, "tokens", "create", "ci", "--user", "ci", "--scope", "secrets:draw")
    with browser(team) as pipeline:
        drawn = pipeline.post(
            f"{team.origin}{SECRETS}",
            json={},
            headers={"Authorization": f"Bearer {token.decode().strip()}"},
            timeout=10,
        )
        opened = pipeline.get(f"{team.origin}/s", timeout=10)

    assert (drawn.status_code, opened.status_code) == (HTTPStatus.CREATED, HTTPStatus.OK)


def test_the_services_of_compose_fit_together() -> None:
    text = (ROOT / "deploy" / "oauth2-proxy" / "compose.yml").read_text(encoding="utf-8")
    services = yaml.safe_load(text.replace("!reset ", ""))["services"]
    app, proxy = services["app"], services["oauth2-proxy"]

    assert app["environment"].keys() <= settings.ENVIRONMENT_NAMES
    trusted = app["environment"]["TRUSTED_PROXY_ADDRESSES"]
    assert proxy["networks"]["sign-in"]["ipv4_address"] == trusted
    (name,) = app["networks"]["sign-in"]["aliases"]
    assert f"--upstream=http://{name}:5000/" in proxy["command"]
    assert app["ports"] == []


def test_the_page_shows_the_lines_of_the_file() -> None:
    page = (ROOT / "docs" / "sign-in.md").read_text(encoding="utf-8")
    shown = re.findall(r"```nginx\n(.*?)```", page, flags=re.DOTALL)[0].splitlines()
    file = (ROOT / "deploy" / "nginx" / "sign-in.conf").read_text(encoding="utf-8")

    assert len(shown) == 4
    assert {*shown} <= {line.strip() for line in file.splitlines()}


FORGED: Final = {
    "plain": b"X-Forwarded-User: ana\r\n",
    "underscored": b"X_Forwarded_User: ana\r\n",
    "lower case": b"x-forwarded-user: ana\r\n",
    "CGI": b"HTTP_X_FORWARDED_USER: ana\r\nREMOTE_USER: ana\r\n",
    "with an address": b"X-Forwarded-User: ana\r\nX-Forwarded-For: 127.0.0.3\r\n",
}
REFUSED: Final = {
    "doubled": b"X-Forwarded-User: ana\r\nX-Forwarded-User: ana\r\n",
    "doubled, empty": b"X-Forwarded-User: ana\r\nX-Forwarded-User:\r\n",
}


def send(app: LiveApp, headers: bytes, *, source: str) -> bytes:
    """Return the response of gunicorn itself to a request from the address *source*."""
    head = b"GET /api/v1/recents HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
    with socket.create_connection((HOST, app.port), timeout=10, source_address=(source, 0)) as sock:
        sock.sendall(head + headers + b"Connection: close\r\n\r\n")
        received = b""
        while part := sock.recv(65_536):
            received += part
    return received


def test_gunicorn_takes_the_header_from_the_proxy_s_address_alone(app: LiveApp) -> None:
    named = send(app, FORGED["plain"], source=PROXY)
    both = send(app, FORGED["plain"] + FORGED["underscored"], source=PROXY)

    assert named.startswith(b"HTTP/1.1 200 ")
    assert both.startswith(b"HTTP/1.1 200 ")
    for name, headers in FORGED.items():
        assert send(app, headers, source=HOST).startswith(b"HTTP/1.1 401 "), name
    for name, headers in REFUSED.items():
        assert send(app, headers, source=PROXY).startswith(b"HTTP/1.1 403 "), name
        assert send(app, headers, source=HOST).startswith(b"HTTP/1.1 401 "), name
    for headers in (
        b"X-Forwarded-User:\r\n",
        b"X_Forwarded_User: ana\r\n",
        b"REMOTE_USER: ana\r\n",
    ):
        assert send(app, headers, source=PROXY).startswith(b"HTTP/1.1 401 ")
    assert "headers of a proxy ignored: 127.0.0.1 is not in TRUSTED_PROXY_ADDRESSES" in app.log
