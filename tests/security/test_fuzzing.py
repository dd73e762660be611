"""Nothing that a client can send makes the app fail, or takes one request for two."""

import socket
from typing import Any, Final

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from passwords import owners
from tests.live import LiveApp
from tests.servers import HOST

EXAMPLES: Final = 60
JSON: Final = "application/json"
DOORS: Final = st.sampled_from(["/", "/api/gerar-senha", "/api/v1/secrets", "/keep"])

# What WSGI lets through: Latin-1 without line breaks.
header_text = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=200)
names = st.sampled_from(
    [
        *("tamanho", "incluir_numeros", "kind", "length", "bits", "words", "policy", "symbols"),
        *("request_id", "separator", "wordlist", "count", "encoding", "\0", "é", ""),
    ]
)
values = st.one_of(st.text(max_size=50), st.integers().map(str), st.floats().map(str))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=10,
)


class FuzzedParsers(TestCase):
    """Headers, cookies, forms and JSON, each with anything at all in it."""

    def setUp(self) -> None:
        """Let a failure be the 500 that a client would see."""
        self.client = Client(raise_request_exception=False)

    @settings(max_examples=EXAMPLES)
    @given(
        path=DOORS,
        name=st.sampled_from(
            [
                *("HTTP_HOST", "HTTP_ACCEPT_LANGUAGE", "HTTP_X_FORWARDED_FOR", "HTTP_ACCEPT"),
                *("HTTP_X_REQUEST_ID", "HTTP_ORIGIN", "HTTP_REFERER", "HTTP_AUTHORIZATION"),
                *("HTTP_X_PARTS", "CONTENT_TYPE", "HTTP_X_FORWARDED_PROTO", "HTTP_IF_NONE_MATCH"),
            ]
        ),
        value=header_text,
    )
    def test_headers(self, path: str, name: str, value: str) -> None:
        """No header makes the app fail."""
        anything: Any = {name: value}
        response = self.client.generic("POST", path, b"{}", **anything)

        assert response.status_code < 500

    @settings(max_examples=EXAMPLES)
    @given(
        path=DOORS,
        name=st.sampled_from(
            [owners.COOKIE_NAME, "giropops_csrf", "giropops_session", "giropops_language", "x"]
        ),
        value=header_text,
    )
    def test_cookies(self, path: str, name: str, value: str) -> None:
        """No cookie makes the app fail, or identifies somebody else."""
        response = self.client.get(path, headers={"cookie": f"{name}={value}"})

        assert response.status_code < 500

    @settings(max_examples=EXAMPLES)
    @given(form=st.dictionaries(names, values, max_size=6), raw=st.binary(max_size=200))
    def test_forms(self, form: dict[str, str], raw: bytes) -> None:
        """No form makes the app fail."""
        whole = self.client.post("/", form)
        torn = self.client.post("/", raw, "application/x-www-form-urlencoded")
        parts = self.client.post("/", raw, "multipart/form-data; boundary=x")

        address = self.client.get("/", form)
        draft = self.client.post("/keep", {"draft": raw})

        answers = (whole, torn, parts, address, draft)
        assert max(answer.status_code for answer in answers) < 500

    @settings(max_examples=EXAMPLES)
    @given(
        path=st.sampled_from(["/api/gerar-senha", "/api/v1/secrets"]),
        members=st.dictionaries(names, json_values, max_size=6),
        raw=st.binary(max_size=100),
    )
    def test_json(self, path: str, members: dict[str, object], raw: bytes) -> None:
        """No JSON, and nothing that is none, makes the app fail."""
        whole = self.client.post(path, members, JSON)
        torn = self.client.post(path, raw, JSON)

        assert max(whole.status_code, torn.status_code) < 500


SECOND: Final = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEAD: Final = (
    b"POST /api/gerar-senha HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
)


@pytest.mark.parametrize(
    "request_bytes",
    [
        HEAD + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + SECOND,
        HEAD + b"Content-Length: 2\r\nContent-Length: 50\r\n\r\n{}" + SECOND,
        HEAD + b"Content-Length: 2, 50\r\n\r\n{}" + SECOND,
        HEAD + b"Content-Length: +2\r\n\r\n{}" + SECOND,
        HEAD + b"Content-Length: 0x2\r\n\r\n{}" + SECOND,
        HEAD + b"Content-Length: -1\r\n\r\n{}" + SECOND,
        HEAD + b"Content-Length : 2\r\n\r\n{}" + SECOND,
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND,
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SECOND,
        HEAD + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SECOND,
        HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SECOND,
        HEAD + b"X: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
        HEAD + b"X: \0\r\nContent-Length: 2\r\n\r\n{}" + SECOND,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;a=b\nxx\r\n0\r\n\r\n" + SECOND,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + SECOND,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n" + SECOND,
        b"GET / HTTP/9.9\r\n\r\n" + SECOND,
        b"GET http://elsewhere/ HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n" + SECOND,
        b"GE(T / HTTP/1.1\r\nHost: localhost\r\n\r\n" + SECOND,
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 200 + b"\r\n" + SECOND,
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n" + SECOND,
        bytes(range(256)) * 4,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_no_request_hides_in_another(live_app: LiveApp, request_bytes: bytes) -> None:
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.sendall(request_bytes)
        client.shutdown(socket.SHUT_WR)
        try:
            answer = b"".join(iter(lambda: client.recv(65_536), b""))
        except ConnectionResetError:
            answer = b""

    statuses = [line[9:12] for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    # RFC 9112, section 6.1, requires 501 for an unknown transfer coding.
    assert all(status < b"500" or status == b"501" for status in statuses)
    assert b"404" not in statuses  # the hidden request
    assert b"smuggled" not in answer
    if statuses and statuses[-1] in {b"400", b"414", b"431", b"501"}:
        assert b"Content-Security-Policy: default-src 'none'" in answer
