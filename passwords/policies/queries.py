"""Queries of policies."""

from typing import Final

from django.db import DatabaseError

from passwords.circuit_breaker import CircuitBreaker
from passwords.models import Policy
from passwords.signals import database_failed


class _KnownPolicies:
    """Reads the active policies; while the database is down, returns the last result.

    The page is useful without policies, so it must not fail or wait because of them.
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
    """Return the active policies, which users may choose, ordered by position."""
    return _policies.read()


def all_policies() -> list[Policy]:
    """Return all policies, including inactive ones, ordered by position."""
    return list(Policy.objects.all())


def policy_slugs() -> list[str]:
    """Return the slugs of all policies, including deleted ones."""
    return sorted(set(Policy.history.values_list("slug", flat=True)))


def active_policy(slug: str) -> Policy | None:
    """Return the active policy *slug*, or ``None``.

    While the database is down, it is found among the policies of the last successful read.

    Raises:
        DatabaseError: the database is down, and the policy is not among those.
    """
    try:
        return Policy.objects.filter(active=True, slug=slug).first()
    except DatabaseError as error:
        database_failed.send(sender=Policy, error=type(error).__name__)
        for policy in active_policies():
            if policy.slug == slug:
                return policy
        raise
