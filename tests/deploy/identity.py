"""Stand-ins for a team's sign-in: an OpenID Connect provider, and oauth2-proxy's endpoints.

Both are small servers in threads. The provider signs in whomever a test says, without a question.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from tests.servers import HOST

COOKIE: Final = "_oauth2_proxy"
_CLIENT: Final = ("giropops-senhas", secrets.token_urlsafe(16))


@dataclass
class Team:
    """Who sits at the browser, and where the servers are."""

    origin: str = ""
    """The address of the app behind nginx."""
    issuer: str = ""
    auth_port: int = 0
    certificate: str = ""
    person: str = ""
    groups: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    states: dict[str, dict[str, str]] = field(default_factory=dict)
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)


class Handler(BaseHTTPRequestHandler):
    """Answers by the path of a request."""

    team: Team

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""

    def answer(
        self, status: int, body: str = "", headers: list[tuple[str, str]] | None = None
    ) -> None:
        """Send a response."""
        self.send_response(status)
        for name, value in headers or []:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


class Provider(Handler):
    """The authorization endpoint and the token endpoint (OpenID Connect Core 1.0, section 3.1)."""

    def do_GET(self) -> None:
        """Give a code to the client (3.1.2.5)."""
        query = self.query
        assert (query["client_id"], query["response_type"]) == (_CLIENT[0], "code")
        code = secrets.token_urlsafe(16)
        self.team.codes[code] = query
        back = urlencode({"code": code, "state": query["state"]})
        self.answer(HTTPStatus.FOUND, headers=[("Location", f"{query['redirect_uri']}?{back}")])

    def do_POST(self) -> None:
        """Change a code for an ID token, once (3.1.3)."""
        length = int(self.headers["Content-Length"])
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length)).items()}
        asked = self.team.codes.pop(form[b"code"].decode(), None)
        expected = base64.b64encode(":".join(_CLIENT).encode()).decode()
        verifier = hashlib.sha256(form[b"code_verifier"]).digest()
        if (
            asked is None
            or self.headers["Authorization"] != f"Basic {expected}"
            or asked["redirect_uri"] != form[b"redirect_uri"].decode()
            or asked["code_challenge"] != _base64url(verifier)
        ):
            self.answer(HTTPStatus.BAD_REQUEST, '{"error": "invalid_grant"}')
            return
        claims = {
            "iss": self.team.issuer,
            "aud": _CLIENT[0],
            "exp": int(time.time()) + 60,
            "nonce": asked["nonce"],
            "preferred_username": self.team.person,
            "groups": self.team.groups,
        }
        self.answer(HTTPStatus.OK, json.dumps({"id_token": _signed(claims)}))


class AuthService(Handler):
    """What oauth2-proxy serves to nginx: ``auth``, ``sign_in``, ``callback`` and ``sign_out``."""

    def do_GET(self) -> None:
        """Answer one of the four."""
        endpoints = {
            "/oauth2/auth": self._auth,
            "/oauth2/sign_in": self._sign_in,
            "/oauth2/callback": self._callback,
            "/oauth2/sign_out": self._sign_out,
        }
        endpoints[urlsplit(self.path).path]()

    def _auth(self) -> None:
        claims = self.team.sessions.get(self._cookie())
        if claims is None:
            self.answer(HTTPStatus.UNAUTHORIZED)
            return
        headers = [
            ("X-Auth-Request-Preferred-Username", claims["preferred_username"]),
            ("X-Auth-Request-Groups", ",".join(claims["groups"])),
        ]
        self.answer(HTTPStatus.ACCEPTED, headers=headers)

    def _sign_in(self) -> None:
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        self.team.states[state] = {
            "nonce": nonce,
            "verifier": verifier,
            "rd": self.query.get("rd", "/"),
        }
        asked = {
            "client_id": _CLIENT[0],
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": self._redirect_uri,
            "state": state,
            "nonce": nonce,
            "code_challenge": _base64url(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        location = f"{self.team.issuer}/authorize?{urlencode(asked)}"
        self.answer(HTTPStatus.FOUND, headers=[("Location", location)])

    def _callback(self) -> None:
        begun = self.team.states.pop(self.query["state"])
        answer = requests.post(
            f"{self.team.issuer}/token",
            auth=_CLIENT,
            data={
                "grant_type": "authorization_code",
                "code": self.query["code"],
                "redirect_uri": self._redirect_uri,
                "code_verifier": begun["verifier"],
            },
            timeout=10,
        )
        claims = _verified(answer.json()["id_token"])
        assert (claims["iss"], claims["aud"]) == (self.team.issuer, _CLIENT[0])
        assert claims["nonce"] == begun["nonce"]
        assert claims["exp"] > time.time()
        session = secrets.token_urlsafe(32)
        self.team.sessions[session] = claims
        cookie = f"{COOKIE}={session}; Path=/; Secure; HttpOnly; SameSite=Lax"
        headers = [("Location", begun["rd"]), ("Set-Cookie", cookie)]
        self.answer(HTTPStatus.FOUND, headers=headers)

    def _sign_out(self) -> None:
        self.team.sessions.pop(self._cookie(), None)
        gone = f"{COOKIE}=; Path=/; Max-Age=0; Secure"
        self.answer(HTTPStatus.OK, "Signed out", headers=[("Set-Cookie", gone)])

    def _cookie(self) -> str:
        found = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        return found.value if found else ""

    @property
    def _redirect_uri(self) -> str:
        return f"{self.team.origin}/oauth2/callback"


@contextmanager
def running() -> Iterator[Team]:
    """Run both servers."""
    team = Team()
    provider, auth = (
        ThreadingHTTPServer((HOST, 0), type(kind.__name__, (kind,), {"team": team}))
        for kind in (Provider, AuthService)
    )
    team.issuer = f"http://{HOST}:{provider.server_port}"
    team.auth_port = auth.server_port
    threads = [Thread(target=server.serve_forever, args=(0.05,)) for server in (provider, auth)]
    for thread in threads:
        thread.start()
    try:
        yield team
    finally:
        for server, thread in zip((provider, auth), threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _signed(claims: dict[str, Any]) -> str:
    """Return a JWT with HS256 (RFC 7515, section 3.1), whose key is the client's secret."""
    head, body = (
        _base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)
    )
    return f"{head}.{body}.{_signature(head, body)}"


def _verified(token: str) -> dict[str, Any]:
    head, body, signature = token.split(".")
    assert hmac.compare_digest(signature, _signature(head, body))
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(f"{body}=="))
    return claims


def _signature(head: str, body: str) -> str:
    key = _CLIENT[1].encode()
    return _base64url(hmac.digest(key, f"{head}.{body}".encode(), "sha256"))
