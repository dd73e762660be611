"""deploy/nginx/giropops-senhas.conf: a real nginx with TLS in front of the app."""

import http.client
import re
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import requests

from tests.admin.live import SESSION_COOKIE
from tests.live import ROOT, LiveApp
from tests.servers import LoopbackServer, find_program, free_port

CONFIGURATION: Final = ROOT / "deploy" / "nginx" / "giropops-senhas.conf"
NAME: Final = "localhost"
ADMIN: Final = {"ADMIN_USER": "ana", "ADMIN_PASSWORD": "long enough for the admin"}
HSTS: Final = "max-age=31536000"


class Nginx(LoopbackServer):
    """nginx with the project's file, a certificate of its own, and loopback ports."""

    def __init__(self, *, app_port: int) -> None:
        super().__init__()
        self._app_port = app_port
        self.plain_port = free_port()

    @property
    def base_url(self) -> str:
        """The scheme and authority behind which the app is."""
        return f"https://{NAME}:{self.port}"

    @property
    def certificate(self) -> Path:
        """The certificate that signs itself."""
        return self.folder / "senhas.crt"

    def _prepare(self) -> None:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
                *("-out", self.certificate, "-keyout", self.folder / "senhas.key"),
            ],
            check=True,
            capture_output=True,
        )

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        site = CONFIGURATION.read_text(encoding="utf-8")
        for ours, here in {
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            "127.0.0.1:5000": f"127.0.0.1:{self._app_port}",
            "https://senhas.example.com": self.base_url,
            "/etc/nginx/senhas.example.com": str(self.folder / "senhas"),
            "senhas.example.com": NAME,
        }.items():
            assert ours in site
            site = site.replace(ours, here)
        folders = "".join(
            f"{kind}_temp_path {self.folder / kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {self.folder / 'nginx.pid'};\n"
            f"error_log stderr; events {{}}\nhttp {{ access_log off;\n{folders}{site} }}\n",
            encoding="utf-8",
        )
        return subprocess.Popen(
            [find_program("nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def _answers(self) -> bool:
        try:
            requests.get(f"{self.base_url}/healthz", verify=str(self.certificate), timeout=5)
        except requests.RequestException:
            return False
        return True


@pytest.fixture(scope="module")
def nginx(live_template: Path) -> Iterator[Nginx]:
    """A proxy in front of the app, which has the three settings that the file names."""
    settings = {"HTTPS": "true", "TRUSTED_PROXIES": "1", "ALLOWED_HOSTS": NAME, **ADMIN}
    with (
        LiveApp(template=live_template, environment=settings) as app,
        Nginx(app_port=app.port) as nginx,
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
