"""Policies as documents: there and back, and a plan before anything changes."""

import json
from collections.abc import Iterator

import pytest
from django.utils import translation

from passwords.models import Policy
from passwords.policies import files
from passwords.policies.files import Effect, PolicyFileError

pytestmark = pytest.mark.django_db

TWO_DEFAULTS = json.dumps(
    {
        "policies": [
            {"slug": slug, "name": "X", "kind": "pin", "default": True} for slug in ("x", "y")
        ]
    }
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("format_name", files.FORMATS)
def test_an_export_changes_nothing_where_it_comes_from(format_name: str) -> None:
    document = files.dump(Policy.objects.all(), format_name)

    steps = files.plan(document)

    assert {step.effect for step in steps} == {Effect.KEEP}
    assert files.apply(steps) == 0


def test_a_plan_changes_nothing() -> None:
    before = list(Policy.objects.values())

    files.plan("policies: [{slug: pin, name: x, kind: pin}]")

    assert list(Policy.objects.values()) == before


def test_a_new_default_takes_the_place_of_the_old_one() -> None:
    document = "policies: [{slug: new, name: New, kind: pin, default: true}]"

    files.apply(files.plan(document))

    assert Policy.objects.get(kind="pin", default=True).slug == "new"


def test_two_policies_exchange_being_the_default() -> None:
    policies = json.loads(files.dump(Policy.objects.filter(kind="characters"), "json"))
    for entry in policies["policies"]:
        entry["default"] = entry["slug"] == "wifi"

    files.apply(files.plan(json.dumps(policies)))

    assert Policy.objects.get(kind="characters", default=True).slug == "wifi"


def test_a_changed_recipe_counts_the_version_up() -> None:
    document = "policies: [{slug: wifi, name: x, kind: characters, parameters: {length: 30}}]"

    files.apply(files.plan(document))

    assert Policy.objects.get(slug="wifi").version == 2


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("", "no list of policies"),
        ("[]", "no list of policies"),
        ("policies: 3", "no list of policies"),
        ("policies: [3]", "no list of policies"),
        ("a: [", "look at line"),
        ("\x00", "neither JSON nor YAML"),
        ("[" * 20_000, "neither JSON nor YAML"),
        ("!!python/object/apply:os.getcwd []", "neither JSON nor YAML"),
        ("policies: [{slug: x, name: X}]", "x: kind: This field is missing"),
        ("policies: [{slug: x, name: X, kind: pin, color: red}]", "x: color: There is no such"),
        ("policies: [{slug: x, name: X, kind: dice}]", "x: kind: "),
        ("policies: [{slug: x, name: 3, kind: pin}]", "x: name: must be text"),
        ("policies: [{slug: x y, name: X, kind: pin}]", "x y: slug: "),
        ("policies: [{slug: x, name: X, kind: pin, parameters: []}]", "x: parameters: "),
        ("policies: [{slug: x, name: X, kind: pin, parameters: {length: 1}}]", "between 3 and 32"),
        ("policies: [{slug: x, name: X, kind: pin}, {slug: x, name: X, kind: pin}]", "twice"),
        (TWO_DEFAULTS, "two default policies"),
    ],
)
def test_a_document_that_cannot_be_is_refused_with_its_reason(document: str, says: str) -> None:
    with pytest.raises(PolicyFileError, match=says):
        files.plan(document)
