"""`manage.py generate` as a program: its streams, its end, and what it does not need."""

import os
import pty
import re
import select
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from passwords.models import Channel, Kind
from tests.management import program
from tests.servers import free_port

LONG_WORK = ("generate", "passphrase", "--count", "10000000")
NOT_RECORDED = "There is no database: the request is not recorded in the history."


def test_secrets_go_to_stdout_and_the_rest_to_stderr(own_database: dict[str, str]) -> None:
    ended = program.run("generate", "pin", "--count", "3", own=own_database)

    assert ended.returncode == 0
    assert [len(line) for line in ended.stdout.splitlines()] == [6, 6, 6]
    assert ended.stderr == "Entropy of each: 19.9 bits.\n"


@pytest.mark.parametrize(
    ("arguments", "at_fault"),
    [
        (["--length", "0"], "--length"),
        (["--length"], "--length"),
        (["--format", "xml"], "--format"),
        (["--symbols", "!", "--no-symbols"], "--no-symbols"),
        (["--len", "8"], "--len"),
        (["pin", "token"], "token"),
    ],
)
def test_a_bad_option_is_one_line_and_exit_code_2(
    no_database: dict[str, str], arguments: list[str], at_fault: str
) -> None:
    ended = program.run("generate", *arguments, own=no_database)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert at_fault in ended.stderr


def test_it_works_without_a_database_and_makes_none(
    tmp_path: Path, no_database: dict[str, str]
) -> None:
    in_a_folder = {"DATABASE_URL": f"sqlite:///{tmp_path}/app.sqlite3"}

    endings = [program.run("generate", own=own) for own in (no_database, in_a_folder)]

    for ended in endings:
        assert ended.returncode == 0
        assert len(ended.stdout) == 21
        assert ended.stderr.splitlines()[1:] == [NOT_RECORDED]
    assert list(tmp_path.iterdir()) == []


def test_it_works_with_a_database_that_has_no_tables(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()

    ended = program.run("generate", own={"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"})

    assert ended.returncode == 0
    assert ended.stderr.splitlines()[1:] == [NOT_RECORDED]


def test_it_works_with_postgresql_and_redis_away() -> None:
    away = {
        "DATABASE_URL": f"postgres://giropops:not-a-secret@127.0.0.1:{free_port()}/giropops",
        "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
    }

    ended = program.run("generate", own=away)

    assert ended.returncode == 0
    assert len(ended.stdout) == 21
    assert ended.stderr.splitlines()[1:] == [NOT_RECORDED]


def test_quiet_is_quiet_without_a_database_too(no_database: dict[str, str]) -> None:
    ended = program.run("generate", "--quiet", own=no_database)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_policy_without_a_database_is_one_line_and_exit_code_1(
    no_database: dict[str, str],
) -> None:
    ended = program.run("generate", "--policy", "pin", own=no_database)

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == "There is no database yet: run `manage.py migrate`.\n"


def test_a_policy_that_cannot_be_looked_up_is_not_reported_as_missing() -> None:
    away = {"DATABASE_URL": f"postgres://giropops:not-a-secret@127.0.0.1:{free_port()}/giropops"}

    ended = program.run("generate", "--policy", "pin", own=away)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("The database does not respond")


def test_a_policy_of_the_database_is_found(own_database: dict[str, str]) -> None:
    ended = program.run("generate", "--policy", "pin", own=own_database)

    assert ended.returncode == 0
    assert re.fullmatch(r"[0-9]+\n", ended.stdout)


def test_another_settings_module_can_be_used(no_database: dict[str, str]) -> None:
    ended = program.run("generate", "--settings", "no.such.settings", own=no_database)

    assert ended.returncode != 0
    assert "No module named 'no'" in ended.stderr


def test_it_speaks_the_terminal_s_language(no_database: dict[str, str]) -> None:
    own = {**no_database, "LC_ALL": "pt_BR.UTF-8"}

    ended = program.run("generate", own=own)
    refused = program.run("generate", "--length", "3", own=own)

    assert ended.stderr.startswith("Entropia de cada um: ")
    assert refused.stderr == "--length: deve estar entre 4 e 256\n"


def test_one_request_is_one_row_as_the_models_describe_it(own_database: dict[str, str]) -> None:
    program.run("generate", "pin", "--count", "3", own=own_database)

    path = own_database["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as database:
        (row,) = database.execute(
            "SELECT surface, kind, count, size, owner_hash, user_name, user_id, client_address"
            " FROM passwords_generation"
        )
    assert row == (Channel.COMMAND.value, Kind.PIN.value, 3, 6, "", "", None, None)


@pytest.mark.parametrize(
    ("has_database", "unused"),
    [
        (False, {"redis", "django_redis", "nacl", "django.db.models", "django.contrib"}),
        (True, {"redis", "django_redis", "nacl", "django.contrib", "passwords.models"}),
    ],
    ids=["without a database", "with a database"],
)
def test_it_imports_only_what_it_needs(
    own_database: dict[str, str],
    no_database: dict[str, str],
    has_database: bool,  # noqa: FBT001  # a column of the table above
    unused: set[str],
) -> None:
    script = (
        "import runpy, sys; sys.argv = ['manage.py', 'generate', '--quiet'];"
        "runpy.run_path('manage.py', run_name='__main__'); print(*sys.modules)"
    )
    own = own_database if has_database else no_database
    redis = {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}

    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=program.ROOT,
        env=program.environment({**own, **redis}),
        capture_output=True,
        text=True,
        check=True,
    )

    imported = set(ended.stdout.splitlines()[1].split())
    assert "passwords.management.commands.generate" in imported
    assert imported & unused == set()


@pytest.mark.parametrize("format_name", ["text", "json", "ndjson", "csv"])
def test_a_reader_that_goes_away_ends_it_quietly(
    no_database: dict[str, str], format_name: str
) -> None:
    with program.start(
        "generate", "--quiet", "--count", "10000000", "--format", format_name,
        own=no_database, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None

        first = process.stdout.readline()
        process.stdout.close()

        assert process.wait(program.TIMEOUT_SECONDS) == 128 + signal.SIGPIPE
        assert process.stderr.read() == b""
    assert first.endswith(b"\n")


def test_ctrl_c_ends_it_quietly_with_exit_code_130(no_database: dict[str, str]) -> None:
    with program.start(
        *LONG_WORK, "--quiet", own=no_database, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()

        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=program.TIMEOUT_SECONDS)

    assert (process.returncode, stderr) == (130, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's full disk")
def test_a_full_disk_is_one_line_and_exit_code_1(no_database: dict[str, str]) -> None:
    with (
        Path("/dev/full").open("wb") as full,
        program.start(
            "generate", "--quiet", own=no_database, stdout=full, stderr=subprocess.PIPE
        ) as process,
    ):
        _, stderr = process.communicate(timeout=program.TIMEOUT_SECONDS)

    assert process.returncode == 1
    assert stderr == b"The output cannot be written: No space left on device.\n"


def test_long_work_draws_a_bar_on_the_terminal(no_database: dict[str, str]) -> None:
    controller, terminal = pty.openpty()
    with program.start(
        *LONG_WORK, own=no_database, stdout=subprocess.DEVNULL, stderr=terminal
    ) as process:
        os.close(terminal)

        seen = _read_until(controller, b"/10000000)")
        process.send_signal(signal.SIGINT)
        seen += _read_until(controller, None)

        assert process.wait(program.TIMEOUT_SECONDS) == 130
    os.close(controller)
    assert b"Entropy of each:" in seen
    assert re.search(rb"\r\x1b\[K\[#*\.+\] +[0-9]+ % \([0-9]+/10000000\)", seen)
    assert seen.endswith(b"\r\x1b[K")  # the bar is gone


def test_memory_does_not_grow_with_the_count(no_database: dict[str, str]) -> None:
    one = program.peak_memory("generate", "--count", "1", own=no_database)
    many = program.peak_memory("generate", "--count", "2000000", own=no_database)

    assert many / one <= 1.25


def _read_until(controller: int, wanted: bytes | None) -> bytes:
    """Return what the terminal shows until that ends with *wanted*, or until its program ends."""
    seen = b""
    while wanted is None or not seen.endswith(wanted):
        ready, _, _ = select.select([controller], [], [], program.TIMEOUT_SECONDS)
        assert ready, seen
        try:
            byte = os.read(controller, 1)
        except OSError:  # Linux's way to say that nobody has the terminal open any more
            break
        seen += byte
    return seen
