"""The servers that the tests start."""

import os
import socket
from pathlib import Path

import psycopg
import pytest
import redis

from tests.servers import HOST, PostgresServer, RedisServer, ServerStartError, free_port


def _client(server: RedisServer, *, timeout_seconds: float = 5) -> redis.Redis:
    return redis.Redis.from_url(server.url, socket_timeout=timeout_seconds, retry=None)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_free_port_can_be_listened_on() -> None:
    port = free_port()

    with socket.create_server((HOST, port)) as listener:
        assert listener.getsockname() == (HOST, port)


def test_redis_answers_and_is_gone_with_its_folder_afterwards() -> None:
    with RedisServer() as server, _client(server) as client:
        answer = client.ping()
        pid, folder = server.pid, server.folder

    assert answer is True
    assert not _is_alive(pid)
    assert not folder.exists()


def test_redis_is_stopped_when_the_block_fails() -> None:
    server = RedisServer()
    pids: list[int] = []

    def fail() -> None:
        with server:
            pids.append(server.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert len(pids) == 1
    assert not _is_alive(pids[0])


def test_redis_requires_its_password_and_never_shows_it() -> None:
    with RedisServer(password="open-sesame") as server:
        stranger = redis.Redis.from_url(f"redis://{HOST}:{server.port}", retry=None)
        command_line = Path(f"/proc/{server.pid}/cmdline").read_bytes()

        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        with _client(server) as client:
            assert client.ping() is True
        assert b"open-sesame" not in command_line


def test_a_killed_redis_comes_back_on_its_port_and_empty() -> None:
    with RedisServer() as server, _client(server) as client:
        client.set("key", "value")
        port, url = server.port, server.url

        server.kill()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        server.restart()

        assert (server.port, server.url) == (port, url)
        assert client.get("key") is None


def test_a_paused_redis_is_silent_until_it_is_resumed() -> None:
    with RedisServer() as server, _client(server, timeout_seconds=0.2) as client:
        server.pause()
        with pytest.raises(redis.TimeoutError):
            client.ping()

        server.resume()

        assert client.ping() is True


def test_a_paused_redis_can_still_be_stopped() -> None:
    with RedisServer() as server:
        pid = server.pid
        server.pause()

        server.stop()

        assert not _is_alive(pid)


def test_a_server_takes_another_port_when_its_own_is_taken() -> None:
    server = RedisServer()

    with socket.create_server((HOST, server.port)) as listener, server:
        assert server.port != listener.getsockname()[1]


def test_the_error_of_a_failed_start_contains_the_server_s_output() -> None:
    server = RedisServer()
    with server:
        server.stop()
        (server.folder / "redis.conf").write_text("nonsense yes\n")

        with pytest.raises(ServerStartError, match="Bad directive"):
            server.start()


def test_postgres_speaks_to_its_own_user_only() -> None:
    with PostgresServer() as server:
        pid = server.pid

        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT current_user, current_setting('fsync')").fetchone()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url.replace(server.password, "wrong"))

    assert row == (PostgresServer.user, "off")
    assert not _is_alive(pid)
