"""What is wrong is refused in JSON, and leaves recents and history untouched."""

import logging

import pytest
from django.test import Client

from passwords import domain, history
from passwords import urls as routes
from tests.api.clients import (
    OLD_RECENTS,
    OLD_SECRETS,
    OPENAPI,
    POLICIES,
    RECENTS,
    SECRETS,
    SHARE_OPEN,
    SHARE_STATUS,
    SHARES,
    assert_untouched,
    draw,
    errors,
    post,
)

pytestmark = pytest.mark.any_database

DRAWING = {OLD_SECRETS: "tamanho", SECRETS: "length"}
ADDRESSES = {
    OLD_SECRETS: {"POST"},
    OLD_RECENTS: {"GET", "HEAD"},
    SECRETS: {"POST"},
    RECENTS: {"GET", "HEAD", "DELETE"},
    f"{RECENTS}/{'0' * 32}": {"DELETE"},
    SHARES: {"GET", "HEAD", "POST"},
    SHARE_STATUS: {"POST"},
    SHARE_OPEN: {"POST"},
    f"{SHARES}/{'1' * 32}": {"GET", "HEAD", "DELETE"},
    POLICIES: {"GET", "HEAD"},
    OPENAPI: {"GET", "HEAD"},
    "/api/": {"GET", "HEAD"},
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")

LENGTHS = {
    "zero": "0",
    "negative": "-5",
    "ten million": "10000000",
    "ten quadrillion": "10000000000000000",
    "ten quadrillion as a float": "1e16",
    "beyond all floats": "1e999",
    "of 5000 digits": "9" * 5000,
    "a fraction": "8.5",
    "text": '"abc"',
    "empty text": '""',
    "null": "null",
    "true": "true",
    "a list": "[8]",
    "an object": '{"value": 8}',
    "a NUL": r'"\u0000"',
    "a lone surrogate": r'"\ud800"',
}
NOT_JSON = {
    "nothing": b"",
    "white space": b"  \n",
    "a form": b"tamanho=8&length=8",
    "half an object": b'{"length": 8',
    "two objects": b"{}{}",
    "NaN": b'{"length": NaN, "tamanho": NaN}',
    "Infinity": b'{"length": Infinity, "tamanho": Infinity}',
    "minus Infinity": b'{"length": -Infinity, "tamanho": -Infinity}',
    "a trailing comma": b'{"length": 8,}',
    "invalid UTF-8": b'{"exclude": "\xff"}',
    "a surrogate in UTF-8": b'{"exclude": "\xed\xa0\x80"}',
    "Latin-1": '{"exclude": "é"}'.encode("latin-1"),
    "UTF-16": "{}".encode("utf-16"),
    "lists in lists": b"[" * 30_000,
    "objects in objects": b'{"a":' * 10_000,
    "a NUL": b"\0",
}
NOT_AN_OBJECT = {
    "null": b"null",
    "a list": b'[{"length": 8}]',
    "a number": b"8",
    "text": b'"8"',
    "true": b"true",
    "duplicate names": b'{"length": 8, "tamanho": 8, "length": 9, "tamanho": 9}',
    "duplicate names inside": b'{"kind": {"a": 1, "a": 2}}',
}


@pytest.mark.parametrize("path", DRAWING)
@pytest.mark.parametrize("length", LENGTHS.values(), ids=LENGTHS)
def test_a_wrong_length_is_named(client: Client, path: str, length: str) -> None:
    name = DRAWING[path]

    answer = post(client, path, f'{{"{name}": {length}}}'.encode())

    assert list(errors(answer, 422)) == [name]
    assert_untouched(client)


@pytest.mark.parametrize("path", DRAWING)
@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_not_json_is_a_bad_request(client: Client, path: str, body: bytes) -> None:
    answer = post(client, path, body)

    assert list(errors(answer, 400)) == ["body"]
    assert_untouched(client)


@pytest.mark.parametrize("path", DRAWING)
@pytest.mark.parametrize("body", NOT_AN_OBJECT.values(), ids=NOT_AN_OBJECT)
def test_what_is_no_plain_object_is_refused(client: Client, path: str, body: bytes) -> None:
    answer = post(client, path, body)

    assert list(errors(answer, 422)) == ["body"]
    assert_untouched(client)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"unknown": 1}, "unknown"),
        ({"": 1}, ""),
        ({"<script>": 1}, "<script>"),
        ({"x" * 60_000: 1}, "x" * 60_000),
        ({"\0": 1}, "body"),
        ({"\ud800": 1}, "body"),
        ({"policy": "\0"}, "policy"),
        ({"policy": "\ud800"}, "policy"),
        ({"policy": ""}, "policy"),
        ({"policy": None}, "policy"),
        ({"policy": ["wifi"]}, "policy"),
        ({"policy": "x" * 60_000}, "policy"),
        ({"kind": "\ud800"}, "kind"),
        ({"kind": {}}, "kind"),
        ({"exclude": "\0"}, "exclude"),
        ({"exclude": "\u202e"}, "exclude"),
        ({"symbols": "\ud800"}, "symbols"),
        ({"kind": "passphrase", "separator": "\n"}, "separator"),
        ({"kind": "passphrase", "wordlist": "../../etc/passwd"}, "wordlist"),
    ],
)
def test_strange_names_and_texts_are_refused(
    client: Client, body: dict[str, object], field: str
) -> None:
    answer = post(client, SECRETS, body)

    assert list(errors(answer, 422)) == [field]
    assert_untouched(client)


@pytest.mark.parametrize("path", DRAWING)
@pytest.mark.parametrize("size", [64 * 1024 + 1, 1024 * 1024])
def test_a_body_over_64_kib_is_too_large(client: Client, path: str, size: int) -> None:
    answer = post(client, path, b"{}".ljust(size))

    assert list(errors(answer, 413)) == ["request"]
    assert_untouched(client)


@pytest.mark.parametrize("path", DRAWING)
def test_a_body_of_64_kib_is_read(memory_client: Client, path: str) -> None:
    assert post(memory_client, path, b"{}".ljust(64 * 1024)).status_code in {200, 201}


@pytest.mark.parametrize("path", DRAWING)
def test_a_byte_order_mark_is_passed_over(memory_client: Client, path: str) -> None:
    assert post(memory_client, path, b"\xef\xbb\xbf{}").status_code in {200, 201}


@pytest.mark.parametrize("path", DRAWING)
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/problem+json",
        "nonsense",
        "",
    ],
)
def test_another_media_type_is_not_supported(client: Client, path: str, content_type: str) -> None:
    answer = client.generic("POST", path, b"{}", content_type=content_type)

    assert list(errors(answer, 415)) == ["body"]
    assert_untouched(client)


@pytest.mark.parametrize("path", DRAWING)
@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "Application/JSON", 'application/json;charset="UTF-8"'],
)
def test_json_may_come_with_a_charset_and_in_any_case(
    memory_client: Client, path: str, content_type: str
) -> None:
    answer = memory_client.generic("POST", path, b"{}", content_type=content_type)

    assert answer.status_code in {200, 201}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (method, path)
        for path, known in ADDRESSES.items()
        for method in METHODS
        if method not in known
    ],
)
def test_an_unsupported_method_is_not_allowed(
    memory_client: Client, method: str, path: str
) -> None:
    answer = memory_client.generic(method, path, b"{}", content_type="application/json")

    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) == ADDRESSES[path] | {"OPTIONS"}
    assert method == "HEAD" or list(errors(answer, 405)) == ["request"]
    assert_untouched(memory_client)


@pytest.mark.parametrize("path", ADDRESSES)
def test_options_lists_the_methods(memory_client: Client, path: str) -> None:
    answer = memory_client.options(path)

    assert (answer.status_code, answer.content) == (204, b"")
    assert set(answer["Allow"].split(", ")) == ADDRESSES[path] | {"OPTIONS"}


def test_these_are_all_the_addresses_of_the_api() -> None:
    patterns = [
        f"/{route.pattern}" for route in routes.urlpatterns if str(route.pattern).startswith("api/")
    ]

    known = {
        path.replace("0" * 32, "<str:item_id>").replace("1" * 32, "<str:receipt>")
        for path in ADDRESSES
    }
    assert known == set(patterns)


@pytest.mark.parametrize(
    "path",
    ["/api/nope", "/api/v1", "/api/v1/", "/api/v2/secrets", "/api/v1/recents/", "/api/é"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_is_not_found(memory_client: Client, method: str, path: str) -> None:
    answer = memory_client.generic(method, path)

    assert list(errors(answer, 404)) == ["request"]


def test_a_host_that_is_not_ours_is_a_bad_request(memory_client: Client) -> None:
    answer = memory_client.get(RECENTS, headers={"host": "elsewhere.example"})

    assert list(errors(answer, 400)) == ["request"]


@pytest.mark.parametrize("path", DRAWING)
def test_a_fault_of_ours_is_json_and_shows_no_secret(
    memory_client: Client,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "0123-not-to-be-seen-4567"

    def draw_secret(*_arguments: object) -> list[str]:
        return [secret]

    def fail(**_arguments: object) -> None:
        message = "broken on purpose"
        raise RuntimeError(message)

    monkeypatch.setattr(domain, "draw_many", draw_secret)
    monkeypatch.setattr(history, "record", fail)
    memory_client.raise_request_exception = False

    with caplog.at_level(logging.DEBUG):
        answer = post(memory_client, path, {})

    assert list(errors(answer, 500)) == ["request"]
    assert answer["Cache-Control"] == "no-store"
    assert "broken on purpose" in caplog.text
    assert secret not in answer.content.decode()
    assert secret not in caplog.text


@pytest.mark.parametrize("language", ["pt-BR", "es", "en", "de", "*", "", "x;q=nonsense", "é"])
def test_any_language_gets_json(memory_client: Client, language: str) -> None:
    answer = memory_client.generic(
        "POST",
        SECRETS,
        b'{"length": 0}',
        content_type="application/json",
        headers={"accept-language": language},
    )

    assert list(errors(answer, 422)) == ["length"]


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/xml"])
def test_a_client_gets_json_for_any_accept_header(memory_client: Client, accept: str) -> None:
    answer = memory_client.get("/api/nope", headers={"accept": accept})

    assert list(errors(answer, 404)) == ["request"]


def test_no_answer_may_be_stored(memory_client: Client) -> None:
    (secret,) = draw(memory_client)
    answers = [
        post(memory_client, SECRETS, {}),
        post(memory_client, OLD_SECRETS, {}),
        post(memory_client, SECRETS, {"length": 0}),
        post(memory_client, SECRETS, b"nonsense"),
        post(memory_client, SECRETS, b" " * 70_000),
        *(memory_client.get(path) for path in ADDRESSES),
        *(memory_client.options(path) for path in ADDRESSES),
        memory_client.get("/api/nope"),
        memory_client.delete(f"{RECENTS}/{secret['id']}"),
        memory_client.delete(RECENTS),
    ]

    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}
    assert max(answer.status_code for answer in answers) < 500
