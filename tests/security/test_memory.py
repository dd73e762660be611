"""No request can fill the memory of a process."""

import http.client
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from tests.conftest import StartLiveApp
from tests.live import LiveApp
from tests.servers import HOST

REQUESTS = 3300
MOST_GROWTH_KIB = 24 * 1024

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# The admin's token is any that its cookie repeats.
TOKEN = {"Cookie": f"giropops_csrf={'t' * 32}", "X-CSRFToken": "t" * 32}
EMOJI = 0x1F300
"""A printable character that takes four bytes, and makes its whole text do so in Python."""


class Hostile(NamedTuple):
    """A request as it is sent."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = {}  # noqa: RUF012  # never changed


def filler(number: int, length: int) -> str:
    """Return a printable text that no other number has."""
    return f"{number}-{chr(EMOJI + number % 200)}".ljust(length, chr(EMOJI))


def in_json(path: str, values: dict[str, object]) -> Hostile:
    return Hostile("POST", path, json.dumps(values, ensure_ascii=False).encode(), JSON)


def in_form(path: str, values: dict[str, object]) -> Hostile:
    return Hostile("POST", path, urlencode(values).encode(), FORM)


def sign_in(number: int) -> Hostile:
    # Each tenth has a password: hashing one takes longer than all the other requests of a round.
    values = {"username": filler(number, 4000), "password": "" if number % 10 else "x"}
    return Hostile("POST", "/admin/login/", urlencode(values).encode(), {**FORM, **TOKEN})


def multipart_of_unknown_charsets(number: int) -> Hostile:
    parts = "".join(
        f"--x\r\nContent-Disposition: form-data; name*=c{number}-{part}-{'y' * 500}''a\r\n\r\n\r\n"
        for part in range(90)
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    return Hostile("POST", "/", f"{parts}--x--\r\n".encode(), headers)


ATTACKS: dict[str, Callable[[int], Hostile]] = {
    "exclude in JSON": lambda n: in_json("/api/v1/secrets", {"exclude": filler(n, 16_000)}),
    "exclude of letters": lambda n: in_json(
        "/api/v1/secrets", {"exclude": f"{'z' * 60_000}{n:b}", "min_digits": 0}
    ),
    "exclude in a form": lambda n: in_form(
        "/", {"kind": "characters", "exclude": filler(n, 5000)}
    ),
    "exclude in a query": lambda n: Hostile(
        "GET", f"/?kind=characters&exclude={quote(filler(n, 300))}"
    ),
    "a padded number": lambda n: in_form(
        "/", {"kind": "characters", "length": f"{' ' * (60_000 + n)}20"}
    ),
    "a padded old number": lambda n: in_form("/", {"tamanho": f"{' ' * (60_000 + n)}20"}),
    "a padded query": lambda n: Hostile(
        "GET", f"/?kind=pin&length={'+' * (3000 + n % 900)}6"
    ),
    "symbols": lambda n: in_json("/api/v1/secrets", {"symbols": "!?#" * (10_000 + n)}),
    "separators": lambda n: in_json(
        "/api/v1/secrets", {"kind": "passphrase", "separator": f"{n:08}"[::-1]}
    ),
    "a kind": lambda n: in_json("/api/v1/secrets", {"kind": filler(n, 15_000)}),
    "a policy": lambda n: in_json("/api/v1/secrets", {"policy": filler(n, 15_000)}),
    "a name": lambda n: in_json("/api/v1/secrets", {filler(n, 15_000): 1}),
    "minimums": lambda n: in_json(
        "/api/v1/secrets",
        {"length": 256 - n % 9, "min_digits": n % 31 + 1, "min_symbols": n % 29 + 1, "count": 2},
    ),
    "minimums in a query": lambda n: Hostile(
        "GET",
        f"/?length={256 - n % 7}&min_digits={n % 37 + 1}&min_uppercase={n % 41 + 1}",
    ),
    "many large secrets": lambda _n: in_json(
        "/api/v1/secrets", {"kind": "token", "encoding": "hex", "bytes": 1024, "count": 10}
    ),
    "pages": lambda n: Hostile(
        ["GET", "POST"][n % 5 == 0],
        f"/?kind={['characters', 'passphrase', 'pin', 'token'][n % 4]}",
        b"kind=pin&length=" + [b"6", b"x"][n % 2],
        {
            **FORM,
            "Cookie": f"giropops_language={['pt-br', 'en', 'es'][n % 3]};"
            f" giropops_theme={['auto', 'light', 'dark'][n % 7 % 3]}",
            **[{}, {"X-Parts": "1"}][n % 11 % 2],
        },
    ),
    "strengths": lambda n: Hostile(
        "GET",
        f"/?length={n % 252 + 4}&exclude={chr(97 + n % 26)}{chr(65 + n % 23)}",
        headers={"Cookie": f"giropops_language={['pt-br', 'en', 'es'][n % 3]}"},
    ),
    "languages": lambda n: Hostile(
        "GET", "/", headers={"Accept-Language": f"x{n}," + ",".join(f"a{i:x}" for i in range(120))}
    ),
    "a language cookie": lambda n: Hostile(
        "GET", "/", headers={"Cookie": f"giropops_language=en-{'-'.join(['aaaa'] * 90)}-{n}"}
    ),
    "cookies": lambda n: Hostile(
        "POST",
        "/recents/clear",
        headers={"Cookie": f"giropops_owner={n:032x}:{'x' * 43}; giropops_session={n:032x}"},
    ),
    "a strange charset": lambda n: Hostile(
        "GET", "/?kind=pin", b"", {"Content-Type": f"x/y; charset={['zip', 'idna'][n % 2]}"}
    ),
    "an encoded parameter": lambda n: Hostile(
        "POST", "/api/gerar-senha", b"{}", {"Content-Type": f"application/json; x*=c{n}''a"}
    ),
    "a charset": lambda n: Hostile(
        "POST", "/api/gerar-senha", b"{}", {"Content-Type": f"a/b; charset={n}{'x' * 7000}"}
    ),
    "charsets in parts": multipart_of_unknown_charsets,
    "a path": lambda n: Hostile("DELETE", f"/api/v1/recents/{n}{'x' * 3900}"),
    "an origin": lambda n: Hostile(
        "POST", "/recents/clear", headers={"Origin": f"http://{n}.{'x' * 7000}"}
    ),
    "a host": lambda n: Hostile("GET", "/", headers={"Host": f"{n}{'x' * 7000}"}),
    "a request id": lambda n: Hostile("GET", "/", headers={"X-Request-ID": f"{n}{'x' * 60}"}),
    "a method": lambda n: Hostile(f"M{n}"[:20], "/"),
    "nested JSON": lambda n: Hostile(
        "POST", "/api/v1/secrets", b'{"length":' + b"[" * (500 + n) + b"]" * (500 + n) + b"}", JSON
    ),
    "sign-in": sign_in,
}  # fmt: skip


def hostile_requests(names: list[str]) -> Iterator[Hostile]:
    """Yield requests of each kind in turn, without an end."""
    for number in itertools.count():
        for name in names:
            yield ATTACKS[name](number)


def send(app: LiveApp, requests: Iterator[Hostile]) -> list[int]:
    """Send *requests*, each in a connection of its own; return the statuses."""
    statuses = []
    for request in requests:
        connection = http.client.HTTPConnection(HOST, app.port, timeout=60)
        connection.putrequest(request.method, request.path, skip_host="Host" in request.headers)
        for name, value in {**request.headers, "Content-Length": str(len(request.body))}.items():
            connection.putheader(name, value)
        connection.endheaders(request.body)
        response = connection.getresponse()
        response.read()
        connection.close()
        statuses.append(response.status)
    return statuses


def memory_kib(app: LiveApp) -> int:
    """Return the proportional set size of the app's one worker."""
    children = Path(f"/proc/{app.pid}/task/{app.pid}/children").read_text(encoding="ascii")
    (worker,) = children.split()
    rollup = Path(f"/proc/{worker}/smaps_rollup").read_text(encoding="ascii")
    (line,) = [line for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(line.split()[1])


def test_hostile_requests_of_all_kinds_leave_a_process_small(start_live_app: StartLiveApp) -> None:
    # What coverage keeps in the process is not the app's.
    app = start_live_app(
        {"LOG_REQUESTS": "false", "RECENTS_LIMIT": "100", "COVERAGE_PROCESS_CONFIG": ""}
    )
    names = list(ATTACKS)
    # What the first requests load is loaded once: wordlists, languages, templates.
    send(app, itertools.islice(hostile_requests(names), 2 * len(names)))
    before = memory_kib(app)

    statuses = send(app, itertools.islice(hostile_requests(names), REQUESTS))

    assert memory_kib(app) - before < MOST_GROWTH_KIB
    assert {status for status in statuses if status >= 500} == set()
