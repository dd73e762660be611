"""PostgreSQL signs in whoever has the secret, by the verifier alone."""

import secrets
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from passwords import domain, formats

Connection = psycopg.Connection[Any]

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[Connection]:
    """Return a connection of the superuser to the PostgreSQL of the run."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL (TEST_DATABASE=postgres)")
    settings: dict[str, Any] = {
        name: connection.settings_dict[key]
        for name, key in {
            "host": "HOST",
            "port": "PORT",
            "user": "USER",
            "password": "PASSWORD",
        }.items()
    }
    with psycopg.connect(**settings, dbname="postgres", autocommit=True) as opened:
        yield opened


def test_the_secret_signs_in_by_the_verifier_and_no_other_does(server: Connection) -> None:
    role = f'ana "{secrets.token_hex(4)}"'
    quoted = role.replace('"', '""')
    secret = domain.draw(domain.CharacterRecipe())
    statement = formats.read({"as": "postgres-scram", "user": role}).write(secret).text

    server.execute(f'CREATE ROLE "{quoted}" LOGIN')
    try:
        server.execute(statement)
        info: dict[str, Any] = {
            "host": server.info.host,
            "port": server.info.port,
            "dbname": "postgres",
        }
        psycopg.connect(**info, user=role, password=secret).close()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**info, user=role, password=secret + "!")
    finally:
        server.execute(f'DROP ROLE "{quoted}"')
