"""Clients that request secrets without a pause and never retry, and their results."""

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Self

from tests.servers import HOST

CLIENTS: Final = 6
"""Of the app's eight threads, as many are busy when a fault makes requests slow."""
_PAUSE_SECONDS: Final = 0.1
"""Without a pause a client measures how fast this machine is, and uses it up."""
PATIENCE_SECONDS: Final = 30.0
_JSON: Final = {"Content-Type": "application/json"}
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Tally:
    """What the clients saw."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    drawn: int = 0
    broken: int = 0

    @property
    def answered(self) -> int:
        """How many requests got an answer."""
        return sum(self.statuses.values())

    @property
    def failed(self) -> int:
        """How many of the answers were a 5xx."""
        return sum(count for status, count in self.statuses.items() if status >= 500)

    @property
    def p99_seconds(self) -> float:
        """The time that 99 of 100 answers took at most."""
        times = sorted(self.seconds)
        return times[int(len(times) * 0.99)] if times else 0.0


class Client(threading.Thread):
    """One client with a connection and cookies of its own, which uses every channel that draws."""

    def __init__(self, port: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._ended = stop
        self._connection = self._connect()
        self._cookies: dict[str, str] = {}
        self.tally = Tally()

    def run(self) -> None:
        """Send requests, with a pause after each four, until the load ends."""
        while not self._ended.wait(_PAUSE_SECONDS):
            self._send("GET", "/")
            self._draw("/", "kind=characters&length=20", _FORM)
            self._draw("/api/gerar-senha", '{"tamanho": 20}', _JSON)
            self._draw("/api/v1/secrets", '{"kind": "pin"}', _JSON)
        self._connection.close()

    def _draw(self, path: str, body: str, headers: dict[str, str]) -> None:
        before = self.tally.statuses[200] + self.tally.statuses[201]
        self._send("POST", path, body, headers)
        self.tally.drawn += self.tally.statuses[200] + self.tally.statuses[201] - before

    def _send(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> str:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        started = time.monotonic()
        try:
            self._connection.request(method, path, body, {**(headers or {}), "Cookie": cookie})
            with self._connection.getresponse() as answer:
                text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.tally.broken += 1
            self._connection.close()
            self._connection = self._connect()
            return ""
        self.tally.statuses[answer.status] += 1
        self.tally.seconds.append(time.monotonic() - started)
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return text

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(HOST, self._port, timeout=PATIENCE_SECONDS)


class Load:
    """Clients at work as long as the block lasts; `tally` is of all of them, once it has ended."""

    def __init__(self, port: int, *, clients: int = CLIENTS) -> None:
        self._stop = threading.Event()
        self._clients = [Client(port, self._stop) for _ in range(clients)]

    def __enter__(self) -> Self:
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *_exc_info: object) -> None:
        self._stop.set()
        for client in self._clients:
            client.join(PATIENCE_SECONDS)

    @property
    def tally(self) -> Tally:
        """What all clients have seen."""
        whole = Tally()
        for client in self._clients:
            whole.statuses.update(client.tally.statuses)
            whole.seconds += client.tally.seconds
            whole.drawn += client.tally.drawn
            whole.broken += client.tally.broken
        return whole
