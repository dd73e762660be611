"""deploy/nginx/giropops-senhas.conf: a real nginx with TLS in front of the app."""

import http.client
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import requests

from tests.admin.live import SESSION_COOKIE
from tests.deploy.nginx import NAME, Nginx
from tests.live import LiveApp

ADMIN: Final = {"ADMIN_USER": "ana", "ADMIN_PASSWORD": "long enough for the admin"}
HSTS: Final = "max-age=31536000"


@pytest.fixture(scope="module")
def nginx(live_template: Path) -> Iterator[Nginx]:
    """A proxy in front of the app, which has the three settings that the file names."""
    settings = {"HTTPS": "true", "TRUSTED_PROXIES": "1", "ALLOWED_HOSTS": NAME, **ADMIN}
    with (
        LiveApp(template=live_template, environment=settings) as app,
        Nginx("giropops-senhas.conf", {"127.0.0.1:5000": f"127.0.0.1:{app.port}"}) as nginx,
    ):
        yield nginx


@pytest.fixture
def visitor(nginx: Nginx) -> Iterator[requests.Session]:
    """A client that trusts the certificate."""
    with requests.Session() as session:
        session.trust_env = False  # a REQUESTS_CA_BUNDLE would win over this certificate
        session.verify = str(nginx.certificate)
        yield session


def test_the_page_and_its_form_work_over_tls(nginx: Nginx, visitor: requests.Session) -> None:
    page = visitor.get(f"{nginx.base_url}/", timeout=10)
    browser = {"Origin": nginx.base_url, "Sec-Fetch-Site": "same-origin"}
    sent = visitor.post(f"{nginx.base_url}/", data={"tamanho": "12"}, headers=browser, timeout=10)

    assert page.headers["Strict-Transport-Security"].startswith(HSTS)
    assert sent.status_code == 200
    assert all(cookie.secure for cookie in visitor.cookies)
    assert visitor.cookies


def test_an_old_browser_sends_no_more_than_an_origin(
    nginx: Nginx, visitor: requests.Session
) -> None:
    own = visitor.post(f"{nginx.base_url}/", headers={"Origin": nginx.base_url}, timeout=10)
    other = visitor.post(f"{nginx.base_url}/", headers={"Origin": "https://evil.test"}, timeout=10)

    assert (own.status_code, other.status_code) == (200, 403)


def test_plain_http_leads_to_https(nginx: Nginx) -> None:
    url = f"http://127.0.0.1:{nginx.plain_port}/keep?x=1"

    answer = requests.get(url, headers={"Host": NAME}, allow_redirects=False, timeout=10)

    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{nginx.base_url}/keep?x=1"


def test_the_admin_s_sign_in_works(nginx: Nginx, visitor: requests.Session) -> None:
    url = f"{nginx.base_url}/admin/login/?next=/admin/"
    page = visitor.get(url, timeout=10).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token

    answer = visitor.post(
        url,
        data={
            "csrfmiddlewaretoken": token[1],
            "username": ADMIN["ADMIN_USER"],
            "password": ADMIN["ADMIN_PASSWORD"],
        },
        headers={"Referer": url, "Origin": nginx.base_url},
        timeout=10,
    )

    assert answer.status_code == 200
    assert SESSION_COOKIE in {cookie.name for cookie in visitor.cookies}


def test_the_metrics_are_not_for_everybody(nginx: Nginx, visitor: requests.Session) -> None:
    assert visitor.get(f"{nginx.base_url}/metrics", timeout=10).status_code == 404


def test_another_name_is_refused(nginx: Nginx) -> None:
    context = ssl.create_default_context(cafile=str(nginx.certificate))
    connection = http.client.HTTPSConnection(NAME, nginx.port, timeout=10, context=context)

    connection.request("GET", "/", headers={"Host": "evil.test"})

    assert connection.getresponse().status == 400
    connection.close()
