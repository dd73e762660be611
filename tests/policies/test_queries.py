"""Policies are read from the database, or remembered while it is away."""

import pytest
from django.db import OperationalError, connection

from passwords.policies import queries

pytestmark = pytest.mark.django_db


def test_policies_that_were_seen_are_offered_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = queries.active_policies()

    def fail() -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(queries, "_policies", policies := queries._KnownPolicies())
        known = policies.read()
        patch.setattr(connection, "cursor", fail)
        policies._circuit.record_failure()
        paused = policies.read()
        by_slug = queries.active_policy(seen[0].slug)
        with pytest.raises(OperationalError):
            queries.active_policy("never-seen")

    assert seen == known == paused
    assert by_slug == seen[0]
