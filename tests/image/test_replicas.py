"""Two containers share one Redis and one PostgreSQL, as replicas do."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import requests

from tests.image.conftest import StartContainer
from tests.image.containers import ContainerApp, docker
from tests.plugin import fresh_keys
from tests.servers import PostgresServer, RedisServer

REQUESTS = 400


@pytest.fixture
def database() -> Iterator[PostgresServer]:
    """A PostgreSQL of the test's own."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def replicas(
    start_container: StartContainer,
    postgres_image: str,
    redis_server: RedisServer,
    database: PostgresServer,
) -> tuple[ContainerApp, ContainerApp]:
    """Two containers with the same keys, Redis and database, which is migrated once."""
    environment = {
        **fresh_keys(),
        "DATABASE_URL": database.url,
        "REDIS_URL": redis_server.url,
        "WEB_CONCURRENCY": "1",
    }
    variables = [part for item in environment.items() for part in ("--env", "=".join(item))]
    docker("run", "--rm", "--network", "host", *variables, postgres_image, "migrate", "--no-input")
    first = start_container(environment, image=postgres_image)
    return first, start_container(environment, image=postgres_image)


def rows(database: PostgresServer) -> int:
    """Return how many secrets the history counts."""
    with psycopg.connect(database.url) as connection:
        found = connection.execute("select count(*) from passwords_generation").fetchone()
    assert found is not None
    count: int = found[0]
    return count


def test_a_request_to_either_sees_the_same_recents(
    replicas: tuple[ContainerApp, ContainerApp],
) -> None:
    visitor = requests.Session()
    made = [
        visitor.post(f"{app.base_url}/api/gerar-senha", json={"tamanho": 20}, timeout=10).json()[
            "senha"
        ]
        for app in (*replicas, *replicas)
    ]

    seen = [visitor.get(f"{app.base_url}/api/senhas", timeout=10).json() for app in replicas]

    assert [item["senha"] for item in seen[0]] == made[::-1]
    assert seen[0] == seen[1]


def test_with_one_killed_under_load_nothing_that_was_answered_is_lost(
    replicas: tuple[ContainerApp, ContainerApp], database: PostgresServer
) -> None:
    first, second = replicas
    for app in replicas:  # the first request opens the connections
        requests.post(f"{app.base_url}/api/gerar-senha", json={"tamanho": 20}, timeout=10)
    results: Counter[str] = Counter()

    def draw(number: int) -> str:
        """Send it to one replica, and to the other one without a response, as a balancer would."""
        for app in (replicas[number % 2], replicas[(number + 1) % 2]):
            try:
                answer = requests.post(
                    f"{app.base_url}/api/gerar-senha", json={"tamanho": 20}, timeout=10
                )
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                continue
            return "answered" if answer.status_code == requests.codes.ok else "refused"
        return "lost"

    with ThreadPoolExecutor(4) as pool:
        for number, result in enumerate(pool.map(draw, range(REQUESTS))):
            results[result] += 1
            if number == REQUESTS // 4:
                first.kill()
    second.stop()

    assert results == {"answered": REQUESTS}
    # A row is committed before its request is answered. Those of the killed one that found the
    # database slow would be in its memory: it said so, and how many.
    assert rows(database) >= REQUESTS, first.log + second.log
