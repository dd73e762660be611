"""Read policies: those to choose from, all of them, one by its slug."""

from __future__ import annotations

from typing import Final

from django.db import DatabaseError

from passwords.circuit_breaker import CircuitBreaker
from passwords.models import Policy
from passwords.signals import database_failed


class _KnownPolicies:
    """The active policies; while the database is away, those of the last successful read.

    The page is useful without policies, so it must neither fail nor wait because of them.
    """

    def __init__(self) -> None:
        self._circuit = CircuitBreaker()
        self._known: list[Policy] = []

    def read(self) -> list[Policy]:
        if self._circuit.allows():
            try:
                self._known = list(Policy.objects.filter(active=True))
            except DatabaseError as error:
                self._circuit.record_failure()
                database_failed.send(sender=Policy, error=type(error).__name__)
            else:
                self._circuit.record_success()
        return list(self._known)


_policies: Final = _KnownPolicies()


def active_policies() -> list[Policy]:
    """Return the active policies, which people may choose, by position."""
    return _policies.read()


def all_policies() -> list[Policy]:
    """Return all policies, inactive ones included, by position."""
    return list(Policy.objects.all())


def policy_slugs() -> list[str]:
    """Return the slug of every policy that exists or once existed."""
    return sorted(set(Policy.history.values_list("slug", flat=True)))


def active_policy(slug: str) -> Policy | None:
    """Return the active policy *slug*, or ``None``.

    While the database is away, the policies of the last successful read answer.

    Raises:
        DatabaseError: the database is away, and the policy was not among those last read.
    """
    try:
        return Policy.objects.filter(active=True, slug=slug).first()
    except DatabaseError as error:
        database_failed.send(sender=Policy, error=type(error).__name__)
        for policy in active_policies():
            if policy.slug == slug:
                return policy
        raise
