"""The options and the policy of Bitwarden's generator."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from passwords import domain
from passwords.policies import bitwarden, formats
from passwords.policies.documents import PolicyFileError, Source

# DefaultPasswordGenerationOptions, and those for passphrases.
PASSWORD = {
    "length": 14,
    "ambiguous": True,
    "uppercase": True,
    "minUppercase": 1,
    "lowercase": True,
    "minLowercase": 1,
    "number": True,
    "minNumber": 1,
    "special": False,
    "minSpecial": 0,
}
PASSPHRASE = {"numWords": 6, "wordSeparator": "-", "capitalize": False, "includeNumber": False}
DATA = {
    "overridePasswordType": "",
    "minLength": 20,
    "useUpper": True,
    "useLower": None,
    "useNumbers": False,
    "useSpecial": False,
    "minNumbers": 3,
    "minSpecial": 2,
    "minNumberWords": 8,
    "capitalize": True,
    "includeNumber": True,
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _recipe(values: Any) -> tuple[str, dict[str, Any]]:
    source = Source(text=json.dumps(values, indent=1), name="Team")
    assert formats.detect(source) is formats.IMPORTS["bitwarden"]
    (entry,) = bitwarden.entries(source)
    assert (entry["slug"], entry["name"]) == ("team", "Team")
    domain.build(entry["kind"], entry["parameters"])
    return entry["kind"], entry["parameters"]


@pytest.mark.parametrize(
    ("values", "parameters"),
    [
        (PASSWORD, {"length": 14, "symbols": False}),
        ({"type": "password", **PASSWORD, **PASSPHRASE}, {"length": 14, "symbols": False}),
        ({"minNumber": 3}, {"length": 14, "symbols": False, "min_digits": 3}),
        (
            {**PASSWORD, "special": True, "minSpecial": 2, "length": 20},
            {"length": 20, "symbols": "!#$%&*@^", "min_symbols": 2},
        ),
        ({"special": True}, {"length": 14, "symbols": "!#$%&*@^", "min_symbols": 0}),
        ({**PASSWORD, "ambiguous": False}, {"length": 14, "symbols": False, "exclude": "01IOl"}),
        (
            {**PASSWORD, "uppercase": False, "minUppercase": 9, "number": None, "minNumber": 0},
            {"length": 14, "uppercase": False, "symbols": False, "min_digits": 0},
        ),
        # The minimums prevail over the length.
        (
            {**PASSWORD, "length": 8, "minNumber": 7, "minLowercase": 3},
            {"length": 11, "symbols": False, "min_lowercase": 3, "min_digits": 7},
        ),
    ],
)
def test_options_for_passwords_become_a_policy(
    values: dict[str, Any], parameters: dict[str, Any]
) -> None:
    assert _recipe(values) == ("characters", parameters)


@pytest.mark.parametrize(
    ("values", "parameters"),
    [
        (PASSPHRASE, {"words": 6, "separator": "-"}),
        ({"type": "passphrase", **PASSWORD, **PASSPHRASE}, {"words": 6, "separator": "-"}),
        (
            {"numWords": 4, "wordSeparator": " ", "capitalize": True, "includeNumber": True},
            {"words": 4, "separator": " ", "capitalize": "first", "insert": "digit"},
        ),
    ],
)
def test_options_for_passphrases_become_a_policy(
    values: dict[str, Any], parameters: dict[str, Any]
) -> None:
    assert _recipe(values) == ("passphrase", parameters)


@pytest.mark.parametrize("is_wrapped", [True, False])
def test_the_policy_of_an_organisation_makes_the_default_options_stricter(
    *, is_wrapped: bool
) -> None:
    def recipe(**changes: Any) -> tuple[str, dict[str, Any]]:
        data = {**DATA, **changes}
        wrapper = {"object": "policy", "id": "6a", "type": 2, "data": data, "enabled": True}
        return _recipe(wrapper if is_wrapped else data)

    assert recipe() == (
        "characters",
        {"length": 20, "symbols": "!#$%&*@^", "min_digits": 3, "min_symbols": 2},
    )
    assert recipe(minLength=5, minNumbers=0, minSpecial=0, useSpecial=True) == (
        "characters",
        {"length": 14, "symbols": "!#$%&*@^"},
    )
    assert recipe(overridePasswordType="passphrase") == (
        "passphrase",
        {"words": 8, "separator": "-", "capitalize": "first", "insert": "digit"},
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({**PASSWORD, "length": 4}, "Line 2: length: must be between 5 and 128"),
        ({**PASSWORD, "length": 10**30}, "Line 2: length: must be between 5 and 128"),
        ({**PASSWORD, "minSpecial": "2"}, "Line 11: minSpecial: must be a whole number"),
        ({**PASSWORD, "number": 1}, "Line 8: number: must be true or false"),
        ({**PASSWORD, "numbers": 1}, "Line 12: numbers: There is no such field."),
        ({**PASSWORD, "a\0": 1}, "Line 12: ?: There is no such field."),
        ({**PASSWORD, "type": "username"}, "Line 12: type: must be “password” or “passphrase”"),
        (
            dict.fromkeys(("uppercase", "lowercase", "number"), False),
            "Line 3: lowercase: At least one class of characters must be on.",
        ),
        ({"numWords": 21}, "Line 2: numWords: must be between 3 and 20"),
        ({"numWords": 6, "wordSeparator": 1}, "Line 3: wordSeparator: must be text"),
        ({"type": 3, "data": DATA}, "Line 2: type: must be 2, the policy for the generator"),
        ({"type": 2, "data": {"min": 1}}, "Line 4: min: There is no such field."),
        ({"type": 2, "data": {"minLength": 129}}, "Line 4: minLength: must be between 0 and 128"),
        ([], "The document has no options of Bitwarden's generator."),
    ],
)
def test_a_fault_is_refused_with_line_and_field(values: Any, message: str) -> None:
    with pytest.raises(PolicyFileError) as caught:
        bitwarden.entries(Source(text=json.dumps(values, indent=1), name="x"))

    assert str(caught.value) == message


@pytest.mark.parametrize("values", [{}, {"length": 20}, {"policies": []}, [1], {"data": {}}])
def test_other_documents_are_not_taken_for_those_of_bitwarden(values: Any) -> None:
    assert not bitwarden.detects(Source(text=json.dumps(values)))
