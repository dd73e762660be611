"""Policies from and to Apple's document of site rules."""

import json
from collections import Counter

import pytest
from django.utils import translation
from hypothesis import assume, given

from passwords import domain
from passwords.domain import CharacterRecipe
from passwords.domain.passwordrules import parse
from passwords.models import Policy
from passwords.policies import files
from passwords.policies.documents import PolicyFileError
from passwords.policies.files import Effect
from passwords.policies.formats import EXPORTS
from passwords.policies.site_rules import rule_of
from tests.domain.site_rules import RULES, needs_rules
from tests.domain.strategies import character_recipes

SITES = """{
  "example.com": {"password-rules": "minlength: 8; maxlength: 12; required: digit"},
  "login.example.org": {"password-rules": "required: upper; required: lower"}
}"""


@pytest.mark.django_db
def test_each_site_becomes_an_inactive_policy() -> None:
    files.apply(files.plan(SITES))

    policy = Policy.objects.get(slug="login-example-org")
    assert (policy.name, policy.kind, policy.active) == ("login.example.org", "characters", False)
    assert policy.parameters == {"passwordrules": "required: upper; required: lower"}


@pytest.mark.django_db
def test_a_second_import_changes_the_rule_and_nothing_else() -> None:
    files.apply(files.plan(SITES))
    Policy.objects.filter(slug="example-com").update(active=True, name="Shop", position=3)

    files.apply(files.plan(SITES.replace("maxlength: 12", "maxlength: 16")))

    policy = Policy.objects.get(slug="example-com")
    assert (policy.name, policy.active, policy.position) == ("Shop", True, 3)
    assert policy.recipe().size == 16
    assert {step.effect for step in files.plan(SITES)} == {Effect.CHANGE, Effect.KEEP}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('"required: letters"', "passwordrules: character 11: “letters” is none of"),
        ("5", "passwordrules: must be text"),
        ("[]", "passwordrules: must be text"),
    ],
)
def test_a_faulty_rule_is_refused_with_its_line(rule: str, message: str) -> None:
    document = SITES.replace('"required: upper; required: lower"', rule)

    with pytest.raises(PolicyFileError) as caught, translation.override("en"):
        files.plan(document)

    assert str(caught.value).startswith(f"Line 3: login-example-org: parameters: {message}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("document", "format_name", "message"),
    [
        ("policies: []", "apple-rules", "no “password-rules” for each site"),
        ("[]", "apple-rules", "no “password-rules” for each site"),
        (SITES, "policies", "no list of policies"),
    ],
)
def test_a_document_of_another_format_than_the_chosen_one_is_refused(
    document: str, format_name: str, message: str
) -> None:
    with pytest.raises(PolicyFileError, match=message), translation.override("en"):
        files.plan(document, format_name=format_name)


@pytest.mark.django_db
def test_two_sites_of_one_slug_are_refused() -> None:
    with pytest.raises(PolicyFileError, match="twice"), translation.override("en"):
        files.plan(SITES.replace("login.example.org", "example-com"))


@pytest.mark.django_db
@needs_rules
def test_the_collection_of_apple_is_imported_and_exported() -> None:
    document = json.dumps({site: {"password-rules": rule} for site, rule in RULES.items()})

    assert files.apply(files.plan(document)) == 434
    exported = json.loads(EXPORTS["apple-rules"].dump(Policy.objects.all()))
    for policy in Policy.objects.filter(name__in=RULES):
        rule = exported[policy.slug]["password-rules"]
        again = domain.build("characters", {"passwordrules": rule})
        assert (again.size, again.count) == (policy.recipe().size, policy.recipe().count)


@pytest.mark.django_db
def test_an_export_has_the_policies_of_characters_only() -> None:
    exported = json.loads(EXPORTS["apple-rules"].dump(Policy.objects.all()))

    kinds = dict(Policy.objects.values_list("slug", "kind"))
    assert {kinds[slug] for slug in exported} == {"characters"}
    assert exported["wifi"]["password-rules"].startswith("minlength: 20; maxlength: 20; required:")


@pytest.mark.django_db
def test_an_export_leaves_out_what_is_no_recipe_or_too_long() -> None:
    Policy.objects.all().delete()
    for slug, parameters in (("long", {"length": 80, "min_digits": 40}), ("gone", {"length": 0})):
        Policy.objects.create(slug=slug, name=slug, kind="characters", parameters=parameters)

    assert EXPORTS["apple-rules"].dump(Policy.objects.all()) == "{}\n"


@given(character_recipes())
def test_a_rule_allows_the_passwords_of_its_recipe(recipe: CharacterRecipe) -> None:
    text = rule_of(recipe)
    assume(len(text) <= domain.MAX_TEXT_LENGTH)

    rule = parse(text)

    sets = {frozenset(members): minimum for members, minimum in recipe.strings.sets}
    assert rule.lengths(4, 256) == (recipe.length, recipe.length)
    assert set(rule.allowed) == set(recipe.alphabet)
    assert Counter(frozenset(members.encode()) for members in rule.required) == sets


def test_hyphen_and_bracket_stand_where_apple_reads_them() -> None:
    recipe = CharacterRecipe(
        length=12, symbols="]-[.", lowercase=False, uppercase=False, min_digits=2
    )

    assert rule_of(recipe) == (
        "minlength: 12; maxlength: 12; required: digit; required: digit; required: [-.[]]"
    )


def test_limits_of_runs_are_in_the_rule() -> None:
    recipe = CharacterRecipe(length=9, passwordrules="allowed: digit, [ a]; max-consecutive: 3")

    assert rule_of(recipe) == (
        "minlength: 9; maxlength: 9; allowed: digit, [ a]; max-repeating: 3; max-sequential: 3"
    )
