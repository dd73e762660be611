"""`manage.py prune`: its output and its exit codes."""

import sqlite3

import pytest
from django.core.management import CommandError

from tests.management import program
from tests.management.conftest import Call


@pytest.mark.django_db
def test_it_says_how_much_is_gone(call: Call) -> None:
    stdout, stderr = call("prune")

    assert stdout == ""
    assert stderr == (
        "Deleted: 0 rows of the history, 0 of the audit, 0 sessions, 0 sign-in attempts,"
        " 0 one-time links, 0 API tokens.\n"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", ["0", "86401", "1.5", "soon"])
def test_a_time_that_cannot_be_is_refused(call: Call, seconds: str) -> None:
    with pytest.raises(CommandError, match=r"^--seconds: must be") as caught:
        call("prune", "--seconds", seconds)

    assert caught.value.returncode == 2


def test_the_program_deletes_an_expired_session(own_database: dict[str, str]) -> None:
    path = own_database["DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO django_session VALUES ('k', '', '2020-01-01 00:00:00')")
    database.close()

    ended = program.run("prune", "--seconds", "30", own=own_database)

    assert (ended.returncode, ended.stdout) == (0, "")
    assert " 1 sessions" in ended.stderr


def test_without_a_database_it_fails_with_one_line(no_database: dict[str, str]) -> None:
    ended = program.run("prune", own=no_database)

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
