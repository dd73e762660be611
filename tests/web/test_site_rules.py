"""The page takes a site's password rule in place of the classes."""

import re

import pytest

from passwords.models import Policy
from tests.web.conftest import Visit

RULE = "minlength: 8; maxlength: 15; required: digit; allowed: [-a]"
# What a browser sends from the form as it first stands.
FORM = {
    "kind": "characters",
    "measure": "size",
    "length": "20",
    "bits": "128",
    "lowercase": "on",
    "uppercase": "on",
    "digits": "on",
    "symbols": "on",
    "symbol_set": "",
    "exclude": "",
    "min_lowercase": "1",
    "min_uppercase": "1",
    "min_digits": "1",
    "min_symbols": "1",
}


def test_a_pasted_rule_is_followed_and_the_form_shows_the_length(post: Visit) -> None:
    answer = post(**FORM, passwordrules=RULE)

    assert re.fullmatch(r"(?=.*\d)[-a\d]{15}", answer.secret)
    assert answer.field("length").attributes["value"] == "15"
    assert answer.field("passwordrules").attributes["value"] == RULE
    assert "open" in answer.page.one("details", class_="more").attributes


def test_a_rule_in_the_address_is_followed(get: Visit) -> None:
    answer = get("/", data={"passwordrules": RULE})

    assert re.fullmatch(r"(?=.*\d)[-a\d]{15}", answer.secret)


def test_a_chosen_length_must_be_one_that_the_rule_allows(post: Visit) -> None:
    assert len(post(**FORM | {"length": "12"}, passwordrules=RULE).secret) == 12
    refused = post(**FORM | {"length": "16"}, passwordrules=RULE)

    assert refused.status == 422
    assert refused.field("length").attributes["aria-invalid"] == "true"


def test_a_strength_under_a_rule_is_reached(post: Visit) -> None:
    strong = FORM | {"measure": "bits", "bits": "30"}

    assert len(post(**strong, passwordrules=RULE).secret) == 9


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "11: a hyphen must come first in brackets."),
        ("pt-br", "11: entre colchetes, o hífen deve vir primeiro."),
        ("es", "11: entre corchetes, el guion debe ir primero."),
    ],
)
def test_a_faulty_rule_is_explained_at_its_field(get: Visit, language: str, message: str) -> None:
    answer = get(
        "/",
        data={"passwordrules": "allowed:[a-z]"},
        headers={"accept-language": language},
    )

    assert answer.field("passwordrules").attributes["aria-describedby"] == "e-passwordrules"
    assert answer.page.one(id="e-passwordrules").text.partition(" ")[2].startswith(message)


def test_the_strength_says_what_is_counted(post: Visit) -> None:
    answer = post(**FORM, passwordrules="allowed: digit; max-consecutive: 2; maxlength: 8")

    assert "86,125,524" in answer.text or "86.125.524" in answer.text


def test_a_policy_may_have_a_rule(post: Visit) -> None:
    Policy.objects.create(
        slug="site", name="Site", kind="characters", parameters={"passwordrules": RULE}
    )

    answer = post(policy="site")

    assert len(answer.secret) == 15
    assert answer.field("length").attributes["value"] == "15"
