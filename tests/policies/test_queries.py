"""Policies are read from the database, or remembered while it is away."""

import pytest
from django.db import OperationalError, connection

from passwords.circuit_breaker import CircuitBreaker
from passwords.policies import queries

pytestmark = pytest.mark.django_db


def test_policies_that_were_seen_are_offered_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = queries.active_policies()

    def fail() -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(queries, "_circuit", circuit := CircuitBreaker())
        patch.setattr(queries, "_known", [])
        known = queries.active_policies()
        patch.setattr(connection, "cursor", fail)
        failed = queries.active_policies()
        circuit.record_failure()
        paused = queries.active_policies()
        by_slug = queries.active_policy(seen[0].slug)
        with pytest.raises(OperationalError):
            queries.active_policy("never-seen")

    assert seen == known == failed == paused
    assert by_slug == seen[0]
