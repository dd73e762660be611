"""Policies judge themselves by the domain."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from passwords import domain
from passwords.models import Generation, Kind, Policy

pytestmark = pytest.mark.django_db


def test_the_kinds_are_those_of_the_domain() -> None:
    assert set(Kind.values) == set(domain.RECIPES)


def test_every_seeded_policy_describes_a_recipe_and_names_itself() -> None:
    policies = list(Policy.objects.all())

    assert len(policies) == 9
    assert all(policy.recipe().entropy_bits > 10 for policy in policies)
    with translation.override("en"):
        assert [str(policy) for policy in policies] == [policy.name for policy in policies]
    for policy in policies:
        policy.full_clean()


@pytest.mark.parametrize(
    "parameters", [{"length": 0}, {"longness": 9}, {"length": "9"}, [], "text", {"bits": 10_000}]
)
def test_parameters_without_a_recipe_are_refused_on_their_field(parameters: Any) -> None:
    policy = Policy(slug="new", name="New", kind="characters", parameters=parameters)

    with pytest.raises(ValidationError) as caught:
        policy.full_clean()

    assert set(caught.value.message_dict) == {"parameters"}


def test_the_version_counts_changes_of_the_recipe_only() -> None:
    policy = Policy.objects.get(slug="wifi")

    policy.name = "Another name"
    policy.save()
    renamed = policy.version
    policy.parameters = {"length": 30}
    policy.save()

    assert (renamed, policy.version) == (1, 2)


def test_no_model_has_a_field_that_could_hold_a_secret() -> None:
    allowed = {
        "id", "created_at", "user", "user_name", "owner_hash", "channel", "kind", "policy",
        "policy_slug", "policy_version", "count", "size", "entropy_bits", "client_address",
        "draft_id",
    }  # fmt: skip

    assert {field.name for field in Generation._meta.get_fields()} == allowed
