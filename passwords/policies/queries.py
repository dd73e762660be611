"""Queries of policies."""

from typing import Final

from django.db import DatabaseError

from passwords.circuit_breaker import CircuitBreaker
from passwords.models import Policy
from passwords.signals import database_failed

_circuit: Final = CircuitBreaker()
_known: Final[list[Policy]] = []
"""The active policies of the last successful read."""


def active_policies() -> list[Policy]:
    """Return the active policies, ordered by position; while the database is down, the known ones.

    The page is useful without policies, so it must not fail or wait because of them.
    """
    if _circuit.allows():
        try:
            _known[:] = Policy.objects.filter(active=True)
        except DatabaseError as error:
            _circuit.record_failure()
            database_failed.send(sender=Policy, error=type(error).__name__)
        else:
            _circuit.record_success()
    return list(_known)


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
