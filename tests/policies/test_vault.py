"""Vault's password policies: what is read, what is refused, and what is written."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from hypothesis import example, given, settings

from passwords import domain
from passwords.domain import CharacterRecipe, alphabets
from passwords.models import Policy
from passwords.policies import files, formats, vault
from passwords.policies.documents import PolicyFileError, Source
from tests.domain.strategies import character_recipes

# Vault's DefaultStringGenerator (helper/random/string_generator.go).
DEFAULT = """
length = 20 # characters
rule "charset" {
  charset = "abcdefghijklmnopqrstuvwxyz"
  min-chars = 1
}
rule "charset" {
  charset = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
  min-chars = 1
}
rule "charset" { charset = "0123456789" min-chars = 1 } // on one line
/* the
   last */
rule "charset" { min-chars = 1 charset = "-" }
"""
AS_JSON = json.dumps(
    {
        "length": 20,
        "rule": [
            {"charset": {"charset": members, "min-chars": 1}}
            for members in (alphabets.LOWERCASE, alphabets.UPPERCASE, alphabets.DIGITS)
        ]
        + [{"charset": [{"charset": "-", "min-chars": 1}]}],
    }
)


def _hcl(length: int, *rules: tuple[str, int]) -> str:
    return f"length = {length}\n" + "".join(
        f'rule "charset" {{\n  charset = "{members}"\n  min-chars = {minimum}\n}}\n'
        for members, minimum in rules
    )


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _entry(text: str) -> dict[str, Any]:
    (entry,) = vault.entries(Source(text=text, name="db"))
    return entry


def _recipe(text: str) -> CharacterRecipe:
    recipe = domain.build("characters", _entry(text)["parameters"])
    assert isinstance(recipe, CharacterRecipe)
    return recipe


@pytest.mark.parametrize(
    "text",
    [
        DEFAULT,
        AS_JSON,
        json.dumps({"policy": DEFAULT}),
        json.dumps({"policy": base64.b64encode(DEFAULT.encode()).decode()}),
        json.dumps({"policy": base64.encodebytes(AS_JSON.encode()).decode()}),
        json.dumps({"request_id": "f1", "data": {"policy": DEFAULT}, "warnings": None}),
    ],
    ids=["hcl", "json", "request", "base64", "base64-json", "answer"],
)
def test_the_default_policy_of_vault_has_exactly_its_strings(text: str) -> None:
    assert formats.detect(Source(text=text)) is formats.IMPORTS["vault"]
    assert _entry(text) == {
        "slug": "db",
        "name": "db",
        "kind": "characters",
        "parameters": {"length": 20, "symbols": "-"},
    }
    assert _recipe(text).count == 255955340632210288231437342231091200


@pytest.mark.parametrize(
    ("text", "count"),
    [
        # The set is the union; each rule counts for itself, also if two rules have one set.
        (_hcl(4, ("ab", 0), ("bc", 0)), 81),
        (_hcl(4, ("aab", 1)), 16),
        (_hcl(4, ("ab", 2), ("ba", 1), ("c", 0)), 72),
        (_hcl(8, ("abcde", 1), ("cdefg", 1)), 5764289),
        (_hcl(8, ("abcde", 2), ("cdefg", 2)), 5754049),
        ("length = 4 rule charset { charset = \"ab\" }", 16),
        (r'"length" = 4 rule "charset" { charset = "\"\\\u0041" }', 81),
        ('{"length": 4, "rule": {"charset": {"charset": "a b"}}}', 81),
    ],
)  # fmt: skip
def test_the_number_of_passwords_is_that_of_vault(text: str, count: int) -> None:
    assert _recipe(text).count == count


RULE = 'rule "charset" { charset = "abc" }'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"length = 20\n{RULE}\nmin = 1", "Line 3: min: There is no such field."),
        ("length = 20\n", "rule: There must be at least one rule."),
        ("length = 20\nrule = 1", "Line 2: “=” is not expected here."),
        (f"{RULE}\n", "length: This field is missing."),
        (f"length = 3\n{RULE}", "Line 1: length: must be between 4 and 256"),
        (f"length = -1\n{RULE}", "Line 1: length: must be between 4 and 256"),
        (f"length = 257\n{RULE}", "Line 1: length: must be between 4 and 256"),
        (f"length = {'9' * 9}\n{RULE}", "Line 1: length: must be between 4 and 256"),
        (f"length = {'9' * 9000}\n{RULE}", "Line 1: “99999999999999999999” is not expected here."),
        (f"length = 20.5\n{RULE}", "Line 1: “.5” is not expected here."),
        (f'length = "20"\n{RULE}', "Line 1: length: must be a whole number"),
        (f"length = true\n{RULE}", "Line 1: “true” is not expected here."),
        ("length = 20\nlength = 20", "Line 2: Each name must be text and must appear only once."),
        (f"length = 20\n{RULE}\n/* no end", "Line 3: “/* no end” is not expected here."),
        ('length = 20\nrule "charset" {', "Line 2: The document ends too early."),
        ('length = 20\nrule "charset" {\n  charset = "ab\n', 'Line 3: “"ab” is not expected'),
        ("length = 20\n\x00", "Line 2: “?” is not expected here."),
        ('length = 20\nrule "words" { charset = "abc" }',
         "Line 2: Each rule must be of the type “charset”."),
        ('length = 20\nrule "charset" {\n  charset = "abc"\n  max-chars = 1\n}',
         "Line 4: max-chars: There is no such field."),
        (_hcl(20, ("abc", -1)),
         "Line 4: min-chars: must be between 0 and 256"),
        (_hcl(4, ("abc", 5)),
         "Line 1: length: must be at least 5, the sum of the minimums"),
        ('length = 20\nrule "charset" {\n  min-chars = 1\n}', "charset: This field is missing."),
        (_hcl(20, ("", 0)), "Line 3: charset: may not be empty"),
        (_hcl(20, ("añb", 0)),
         "Line 3: charset: may hold only printable ASCII characters"),
        (_hcl(20, ("a\\tb", 0)),
         "Line 3: charset: may hold only printable ASCII characters"),
        (_hcl(20, ("\\ud800", 0)),
         "Line 3: charset: may hold only printable ASCII characters"),
        (_hcl(20, ("a\\qb", 0)), "Line 3: “\\q” is not expected here."),
        (_hcl(20, ("a\\u12", 0)), "Line 3: “\\u” is not expected here."),
        (_hcl(20, ("${}", 0)),
         "Line 3: “${” starts an expression in HCL: write the dollar sign elsewhere."),
        ('{"length": 20,\n"rule": []}', "Line 2: rule: There must be at least one rule."),
        ('{"length": 20,\n"rule": [5]}', "Line 2: Each rule must be of the type “charset”."),
        ('{"length": 20, "rule": [\n{"charset": {"charset": "a",\n"min-chars": 1.5}}]}',
         "Line 3: min-chars: must be a whole number"),
        ('{"length": 20, "rule": [\n{"charset": {"charset": ["a"]}}]}',
         "Line 2: charset: must be text"),
        ('{"length": NaN, "rule": [{"charset": {"charset": "a"}}]}',
         "Line 1: length: must be a whole number"),
        (json.dumps({"policy": "length = 20\nrule = 1"}), "policy: Line 2: “=” is not expected"),
        (json.dumps({"policy": json.dumps({"policy": "length = 20"})}),
         "policy: Line 1: policy: There is no such field."),
        ('{"policy": "/w=="}', "policy: Line 1: “/w==” is not expected here."),
        ('{"policy": ""}', "policy: length: This field is missing."),
        ("- 1", "Line 1: “- 1” is not expected here."),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_line_and_field(text: str, message: str) -> None:
    with pytest.raises(PolicyFileError) as caught:
        vault.entries(Source(text=text, name="db"))

    assert str(caught.value).startswith(message)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "/*" * 32_000,
        "/* */" * 13_000,
        "length = 20\n" * 5_000,
        'rule "charset" {' * 4_000,
        'length = 20 rule "charset" { charset = "' + "\\\\" * 30_000,
        f"{RULE} " * 1_800 + "length = 20 rule x {",
        '"' * 65_000,
        f'{{"rule": {"[" * 60_000}',
        f'{{"policy": "{"A" * 60_000}"}}',
    ],
)
def test_a_hostile_document_is_refused_at_once(text: str) -> None:
    started = time.process_time()

    with pytest.raises(PolicyFileError):
        files.plan(text, name="db")

    assert time.process_time() - started < 2


@pytest.mark.parametrize("text", ["length: 20", "# rule\npolicies: []", "[1]", "", "rule x"])
def test_other_documents_are_not_taken_for_policies_of_vault(text: str) -> None:
    assert not vault.detects(Source(text=text))


@settings(deadline=None, max_examples=60)
@given(character_recipes())
@example(CharacterRecipe(length=9, symbols='{"$\\}'))
@example(CharacterRecipe(length=9, passwordrules="required: [$ {]; required: [{a]; allowed: [b$]"))
def test_a_policy_comes_back_from_vault_unchanged(recipe: CharacterRecipe) -> None:
    parameters = {
        name: getattr(recipe, name)
        for name in domain.parameter_names("characters") - {"bits"}
        if not recipe.passwordrules or name in domain.BESIDE_PASSWORDRULES
    }
    if recipe.length > vault.MAX_LENGTH:
        return

    text = vault.dump([Policy(slug="db", kind="characters", parameters=parameters)])
    again = _recipe(text)

    assert "${" not in text
    assert again.length == recipe.length
    assert set(again.alphabet) == set(recipe.alphabet)
    assert again.count == recipe.count
    demands = {frozenset(members): least for members, least in recipe.strings.sets}
    found = {frozenset(members): least for members, least in again.strings.sets}
    assert found.items() <= demands.items()


def test_a_policy_is_written_with_a_rule_for_each_class_and_one_for_the_rest() -> None:
    parameters = {"length": 16, "min_digits": 2, "min_symbols": 0, "symbols": '$"\\{'}

    text = vault.dump([Policy(slug="db", kind="characters", parameters=parameters)])

    assert text == (
        "length = 16\n"
        '\nrule "charset" {\n  charset   = "abcdefghijklmnopqrstuvwxyz"\n  min-chars = 1\n}\n'
        '\nrule "charset" {\n  charset   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"\n  min-chars = 1\n}\n'
        '\nrule "charset" {\n  charset   = "0123456789"\n  min-chars = 2\n}\n'
        '\nrule "charset" {\n  charset   = "\\"\\\\{$"\n  min-chars = 0\n}\n'
    )


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        ("pin", {}, "db: Vault only has policies for passwords of characters."),
        ("characters", {"length": 101}, "db: Vault allows at most 100 characters."),
        ("characters", {"passwordrules": "max-repeating: 2"}, "db: Vault cannot limit runs of"),
        ("characters", {"length": 1}, "db: length: must be between 4 and 256"),
    ],
)
def test_a_policy_that_vault_cannot_have_is_not_written(
    kind: str, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(PolicyFileError, match=message):
        vault.dump([Policy(slug="db", kind=kind, parameters=parameters)])
