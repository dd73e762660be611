"""Real Redis, Sentinel and PostgreSQL servers for tests, on free loopback ports.

Each is a context manager that owns one process and a folder: whatever happens inside the block,
that process is ended by its id and its folder removed. Nothing here touches a server that was
running before.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

import psycopg
import redis

from tests import watchdog

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 30.0
"""How long a server may take until it answers; generous, since test machines are shared."""
STOP_SECONDS: Final = 10.0
"""How long a server may take to end politely before it is killed."""
_START_ATTEMPTS: Final = 3
_POLL_SECONDS: Final = 0.02


class ServerStartError(RuntimeError):
    """A server ended, or kept silent, before it was ready; carries the end of its log."""


def free_port() -> int:
    """Return a loopback TCP port on which nothing listens right now.

    Somebody may take it before its user does, so a server that finds it taken must try another.
    """
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until(
    ready: Callable[[], bool], *, process: subprocess.Popen[bytes], log_path: Path
) -> None:
    """Return once *ready* returns true.

    Raises:
        ServerStartError: *process* ended first, or START_SECONDS went by.
    """
    deadline = time.monotonic() + START_SECONDS
    reason = f"did not answer within {START_SECONDS:g} s"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            reason = f"ended with code {process.returncode}"
            break
        if ready():
            return
        time.sleep(_POLL_SECONDS)
    msg = f"{process.args!r} {reason}:\n{log_path.read_text(errors='replace')[-4000:]}"
    raise ServerStartError(msg)


def end(process: subprocess.Popen[bytes], *, polite: signal.Signals) -> None:
    """End *process*: *polite* first, SIGKILL after STOP_SECONDS; harmless when it has ended."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)  # a paused process does not hear anything else
        process.send_signal(polite)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class LoopbackServer(ABC):
    """One server process with a folder and a port of its own.

    Leaving the block ends the process and removes the folder. The port stays the same over
    `stop`, `kill` and `restart`, as it does for a server that crashes and comes back.
    """

    _polite_signal = signal.SIGTERM

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix=f"{type(self).__name__.lower()}-")
        try:
            self._prepare()
            self._start_on_a_free_port()
        except BaseException:
            self._folder.cleanup()
            raise
        return self

    def __exit__(self, *_exc_info: object) -> None:
        try:
            self.stop()
        finally:
            if self._folder is not None:
                self._folder.cleanup()

    @property
    def folder(self) -> Path:
        """The server's own folder, there as long as the block lasts."""
        if self._folder is None:
            msg = f"{type(self).__name__} is used outside its with block"
            raise RuntimeError(msg)
        return Path(self._folder.name)

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        return self._running().pid

    @property
    def log(self) -> str:
        """What the server has written so far to its two outputs, over all its starts."""
        return self._log_path.read_text(errors="replace")

    def start(self) -> None:
        """Start the server on its port and return once it answers."""
        with self._log_path.open("ab") as log:
            self._process = self._spawn(log.fileno())
        watchdog.guard(self._process)
        try:
            wait_until(self._answers, process=self._process, log_path=self._log_path)
        except BaseException:
            end(self._process, polite=signal.SIGKILL)
            self._process = None
            raise

    def stop(self) -> None:
        """End the server politely; harmless when it is down."""
        if self._process is not None:
            end(self._process, polite=self._polite_signal)
            self._process = None

    def wait(self) -> int:
        """Wait until the server has ended by itself; return its exit code."""
        process = self._running()
        code = process.wait(STOP_SECONDS)
        self._process = None
        return code

    def kill(self) -> None:
        """End the server at once, as a crash would (SIGKILL)."""
        process = self._running()
        process.kill()
        process.wait()
        self._process = None

    def pause(self) -> None:
        """Freeze the server: it accepts connections, and answers nothing (SIGSTOP)."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused server go on (SIGCONT)."""
        self._running().send_signal(signal.SIGCONT)

    def restart(self) -> None:
        """Stop the server if it runs, and start it again on the same port."""
        self.stop()
        self.start()

    @property
    def _log_path(self) -> Path:
        return self.folder / "log"

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            msg = f"{type(self).__name__} is not running"
            raise RuntimeError(msg)
        return self._process

    def _start_on_a_free_port(self) -> None:
        for attempt in range(1, _START_ATTEMPTS + 1):
            try:
                self.start()
            except ServerStartError:
                if attempt == _START_ATTEMPTS:
                    raise
                self.port = free_port()
            else:
                return

    @abstractmethod
    def _prepare(self) -> None:
        """Fill the fresh folder with what the server needs to start."""

    @abstractmethod
    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        """Start the process, both of its outputs going to the file descriptor *log*."""

    @abstractmethod
    def _answers(self) -> bool:
        """Return whether the server is ready for its users."""


class RedisServer(LoopbackServer):
    """A Redis that keeps nothing on disk; *password* None means that it needs none."""

    _options: tuple[str, ...] = ()

    def __init__(self, *, password: str | None = None) -> None:
        super().__init__()
        self.password = password

    @property
    def url(self) -> str:
        """The URL of its database 0, password included."""
        credentials = f":{self.password}@" if self.password else ""
        return f"redis://{credentials}{HOST}:{self.port}/0"

    def _prepare(self) -> None:
        rules = [f"bind {HOST}", f"dir {self.folder}", 'save ""', "appendonly no"]
        rules.append("repl-diskless-sync-delay 0")  # a replica's first copy need not wait
        if self.password:  # in a file: `ps` shows arguments
            rules += [f'requirepass "{self.password}"', f'masterauth "{self.password}"']
        self._configuration_path.write_text("\n".join(rules) + "\n")

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        command = [find_program("redis-server"), str(self._configuration_path), *self._options]
        return subprocess.Popen(
            [*command, "--port", str(self.port)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=1) as client:
            try:
                return bool(client.ping())
            except (redis.ConnectionError, redis.TimeoutError):
                return False

    @property
    def _configuration_path(self) -> Path:
        return self.folder / "redis.conf"


class SentinelServer(RedisServer):
    """A Redis Sentinel that alone names the *master*, and another one within seconds.

    Args:
        master: a running Redis, whose replicas it finds by itself.
        service: the name by which clients find the master.
        password: what its own clients need.
    """

    _options = ("--sentinel",)

    def __init__(self, *, master: RedisServer, service: str, password: str | None = None) -> None:
        super().__init__(password=password)
        self._service = service
        self._master = master

    def _prepare(self) -> None:
        rules = [
            f"bind {HOST}",
            f"dir {self.folder}",
            f"sentinel monitor {self._service} {HOST} {self._master.port} 1",
            f"sentinel down-after-milliseconds {self._service} 1000",
            f"sentinel failover-timeout {self._service} 3000",
        ]
        if self._master.password:
            rules.append(f"sentinel auth-pass {self._service} {self._master.password}")
        if self.password:
            rules.append(f'requirepass "{self.password}"')
        self._configuration_path.write_text("\n".join(rules) + "\n")


class ClusterServer(RedisServer):
    """One server of a Redis Cluster that notices within half a second when another is away."""

    def __init__(self, *, password: str | None = None) -> None:
        super().__init__(password=password)
        # The others reach it there; the usual port, 10,000 higher, may be no port at all.
        self.bus_port = free_port()
        self._options = ("--cluster-port", str(self.bus_port))

    def _prepare(self) -> None:
        super()._prepare()
        rules = ["cluster-enabled yes", "cluster-node-timeout 500"]
        # A replica is none to the others before it has heard from its master.
        rules.append("repl-ping-replica-period 1")
        with self._configuration_path.open("a") as configuration:
            configuration.write("\n".join(rules) + "\n")


class PostgresServer(LoopbackServer):
    """A PostgreSQL cluster whose superuser needs a password, and which syncs nothing to disk."""

    _polite_signal = signal.SIGINT  # "fast" shutdown: does not wait for clients to leave
    user: Final = "giropops"
    database: Final = "postgres"

    def __init__(self) -> None:
        super().__init__()
        self.password = secrets.token_urlsafe(16)
        # PostgreSQL refuses to run as root, so then its system account (or nobody) runs it.
        self._account = _unprivileged_account() if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        """The DATABASE_URL of the cluster's first database, password included."""
        return f"postgres://{self.user}:{self.password}@{HOST}:{self.port}/{self.database}"

    def pause(self) -> None:
        """Freeze the server and every process of its own; their kernel still takes what is sent."""
        for pid in self._all_pids():
            os.kill(pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused server go on."""
        for pid in self._all_pids():
            os.kill(pid, signal.SIGCONT)

    def _all_pids(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [self.pid, *map(int, children.split())]

    def _prepare(self) -> None:
        password_path = self.folder / "password"
        password_path.write_text(self.password)
        if self._account is not None:
            for path in (self.folder, password_path):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
        command = [
            *(find_program("initdb"), "--pgdata", str(self._data_path), "--no-sync"),
            *("--username", self.user, "--pwfile", str(password_path), "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale=C"),
        ]
        with self._log_path.open("ab") as log:
            process = self._popen(command, log.fileno())
        if process.wait() != 0:
            msg = f"{command!r} failed:\n{self._log_path.read_text(errors='replace')}"
            raise ServerStartError(msg)

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        settings = {
            "port": str(self.port),
            "listen_addresses": HOST,
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return self._popen([find_program("postgres"), "-D", str(self._data_path), *options], log)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def _data_path(self) -> Path:
        return self.folder / "data"

    def _popen(self, command: list[str], log: int) -> subprocess.Popen[bytes]:
        account = self._account
        return subprocess.Popen(
            command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
        )


def _unprivileged_account() -> pwd.struct_passwd:
    """Return the account that runs PostgreSQL for root: Debian's own one, or else nobody."""
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def find_program(program: str) -> str:
    """Return the path of *program*, also where Debian keeps PostgreSQL's out of PATH.

    Raises:
        ServerStartError: it is not installed.
    """
    debian_folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    folders = [os.environ.get("PATH", os.defpath), "/usr/sbin", *map(str, reversed(debian_folders))]
    path = shutil.which(program, path=os.pathsep.join(folders))
    if path is None:
        msg = f"{program} is not installed; `make test` installs it on Debian, or says how"
        raise ServerStartError(msg)
    return path
