"""Apple password rules: what a rule says, what is wrong with it, and passwords under it."""

import math
import string
from typing import Any

import pytest

from passwords.domain import CharacterRecipe, RecipeError, build, draw_many, sets
from passwords.domain.passwordrules import parse
from passwords.domain.runs import Limits
from passwords.domain.strength import reaches
from tests.domain.pages import rows
from tests.domain.site_rules import RULES, accepts, needs_rules

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
VISIBLE = PRINTABLE.strip()
FOUR_CLASSES = "required: upper; required: lower; required: digit; required: special"


def _sorted(text: str) -> str:
    return "".join(sorted(text))


@pytest.mark.parametrize("rule", ["", "  ", "minlength: 8"])
def test_without_a_class_everything_visible_is_allowed(rule: str) -> None:
    parsed = parse(rule)

    assert parsed.allowed == VISIBLE
    assert parsed.required == ()


@pytest.mark.parametrize(
    ("rule", "required", "allowed"),
    [
        ("required: uPPeR", [string.ascii_uppercase], ""),
        ("required: digit;", [string.digits], ""),
        (" \n\trequired:digit \r\f; ", [string.digits], ""),
        ("required: digit, [!]", ["!" + string.digits], ""),
        ("required: digit; allowed: [ab]; allowed: [c]", [string.digits], "abc"),
        ("required: digit; required: digit", [string.digits] * 2, ""),
        ("required: special", [string.punctuation], ""),
        ("required: special; allowed: [ ]", [string.punctuation + " "], ""),
        ("required: ascii-printable", [VISIBLE], ""),
        ("required: unicode, digit", [VISIBLE], ""),
        ("allowed: unicode, [ ]", [], PRINTABLE),
        ("required: [-a]", ["-a"], ""),
        ("required: []]", ["]"], ""),
        ("required: [a]]", ["a]"], ""),
        ("required: [-]]", ["-]"], ""),
        ("required: [;]; required: digit", [";", string.digits], ""),
        ("required: [,:], upper", [",:" + string.ascii_uppercase], ""),
        ("required: [a\u2603]", ["a"], ""),
        ("required: [\u2603]; required: digit", [string.digits], ""),
        ("required: [aab]", ["ab"], ""),
    ],
)
def test_classes_are_read_as_apple_reads_them(rule: str, required: list[str], allowed: str) -> None:
    parsed = parse(rule)

    assert list(parsed.required) == [_sorted(members) for members in required]
    assert set(parsed.allowed) == set("".join(required) + allowed)


@pytest.mark.parametrize(
    ("rule", "lengths", "limits"),
    [
        ("minlength: 8; maxlength: 12", (8, 12), (0, 0)),
        ("minlength: 8; minlength: 10; maxlength: 20; maxlength: 16", (10, 16), (0, 0)),
        ("minlength: 0; maxlength: 0", (4, 256), (0, 0)),
        ("maxlength: 99999999999999999999", (4, 256), (0, 0)),
        ("max-consecutive: 3", (4, 256), (3, 3)),
        ("max-repeating: 2; max-sequential: 4", (4, 256), (2, 4)),
        ("max-consecutive: 3; max-repeating: 2", (4, 256), (2, 3)),
        ("max-consecutive: 0; max-sequential: 5; max-sequential: 3", (4, 256), (0, 3)),
    ],
)
def test_numbers_are_read_as_apple_reads_them(
    rule: str, lengths: tuple[int, int], limits: tuple[int, int]
) -> None:
    parsed = parse(rule)

    assert parsed.lengths(4, 256) == lengths
    assert parsed.limits == Limits(*limits)


WHOLE = "(Apple then ignores the whole rule.)"
PROPERTY = "(Apple then ignores this property.)"
EITHER = "(Apple then ignores this property, or the whole rule.)"
REST = "(Apple ignores everything from here on.)"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("REQUIRED: upper", f"character 1: there is no property “REQUIRED”. {WHOLE}"),
        ("maxLENGTH: 7", f"character 1: there is no property “maxLENGTH”. {WHOLE}"),
        ("required: digit; dummy: 3", f"character 18: there is no property “dummy”. {WHOLE}"),
        (
            "required: digit;;required: upper",
            (
                "character 17: a property must begin here, such as “required”."
                " (Apple ignores everything from here on.)"
            ),
        ),
        (
            "required : upper",
            (
                "character 9: a colon must follow “required” at once."
                " (Apple then ignores this property, or the whole rule.)"
            ),
        ),
        ("required: ; minlength: 8", f"character 11: “required” has no value. {PROPERTY}"),
        (
            "minlength: 8 ; maxlength: 9",
            (
                "character 12: “minlength” takes a whole number, with a semicolon or the end right"
                f" after it. {EITHER}"
            ),
        ),
        (
            "max-repeating: two",
            (
                "character 16: “max-repeating” takes a whole number, with a semicolon or the end"
                f" right after it. {EITHER}"
            ),
        ),
        ("required: upper,", f"character 17: a character class must begin here. {EITHER}"),
        ("required: upper,;", f"character 17: a character class must begin here. {EITHER}"),
        (
            "required: letters",
            (
                "character 11: “letters” is none of upper, lower, digit, special, ascii-printable"
                f" and unicode. {WHOLE}"
            ),
        ),
        (
            "required: digit required: upper",
            f"character 17: a semicolon must come before the next property. {WHOLE}",
        ),
        ("required: [a", f"character 11: this bracket is not closed. {REST}"),
        ("required: [", f"character 11: this bracket is not closed. {REST}"),
        (
            "required: []a]",
            (
                "character 11: there is nothing in these brackets."
                " (Apple then ignores the brackets, or the whole rule.)"
            ),
        ),
        (
            "allowed: [a-z]",
            (
                "character 12: a hyphen must come first in brackets."
                " (Apple skips this one: [a-z] means a and z.)"
            ),
        ),
        (
            "allowed: [--]",
            (
                "character 12: a hyphen must come first in brackets."
                " (Apple skips this one: [a-z] means a and z.)"
            ),
        ),
        ("minlength: 20; maxlength: 10", "minlength 20 is greater than maxlength 10"),
        ("minlength: 257", "must allow a length from 4 to 256"),
        ("maxlength: 3", "must allow a length from 4 to 256"),
        (
            "".join(f"required: [{letter}];" for letter in "abcdefghij"),
            "may require characters from at most 9 different sets at 20 characters",
        ),
        (
            "allowed: [ab]; max-repeating: 1",
            "refuses all or nearly all passwords of 20 characters: choose another length",
        ),
        (
            f"minlength: 200; max-consecutive: 3; {FOUR_CLASSES}",
            "takes too long to count at 200 characters: choose a smaller length",
        ),
        ("a" * 257, "must have at most 256 characters"),
        (5, "must be text"),
    ],
)
def test_a_fault_is_named_with_its_position_and_apples_reading(rule: Any, message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        build("characters", {"passwordrules": rule})

    assert str(caught.value) == f"passwordrules: {message}"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"length": 9}, "length: must be between 4 and 8"),
        ({"length": 9, "bits": 30}, "length: must be between 4 and 8"),
        ({"lowercase": True}, "lowercase: must be left out beside passwordrules"),
        ({"min_digits": 1}, "min_digits: must be left out beside passwordrules"),
        ({"symbols": "!"}, "symbols: must be left out beside passwordrules"),
        ({"exclude": string.digits}, "exclude: leaves no character for passwordrules"),
        ({"bits": 90}, "bits: cannot be reached: passwordrules allows at most 26.5 bits"),
        ({"bits": 0}, "bits: must be between 1 and 2048"),
        ({"length": 8, "bits": 20},
         "bits: takes the place of length: with length at 8 there are 26.5 bits"),
    ],
)  # fmt: skip
def test_what_does_not_fit_beside_a_rule_is_refused_by_name(
    parameters: dict[str, Any], message: str
) -> None:
    rule = "maxlength: 8; required: digit"

    with pytest.raises(RecipeError) as caught:
        build("characters", {"passwordrules": rule, **parameters})

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("rule", "exclude", "message"),
    [
        ("required: [Il]", "", "exclude_lookalikes: leaves no character for passwordrules"),
        ("allowed: [Ilx]", "x", "exclude: leaves no character to draw from"),
        ("required:digit;required:digit;required:upper;required:lower;required:[!];maxlength:4", "",
         "length: must be at least 5, the sum of the minimums"),
    ],
)  # fmt: skip
def test_an_impossible_rule_names_the_field_at_fault(rule: str, exclude: str, message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        build(
            "characters",
            {"passwordrules": rule, "exclude_lookalikes": True, "exclude": exclude},
        )

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("rule", "length"),
    [("minlength: 8", 20), ("maxlength: 15", 15), ("minlength: 25; maxlength: 30", 25)],
)
def test_the_length_is_20_or_the_nearest_that_the_rule_allows(rule: str, length: int) -> None:
    assert build("characters", {"passwordrules": rule}).size == length


@pytest.mark.parametrize(
    "rule",
    [
        "minlength: 8; required: digit; required: upper",
        f"max-consecutive: 2; {FOUR_CLASSES}",
        "allowed: [abcd]; max-repeating: 2",
        "required: [abc]; required: [cde]; max-sequential: 1",
    ],
)
@pytest.mark.parametrize("bits", [15, 20.5])
def test_a_strength_under_a_rule_gives_the_shortest_password(rule: str, bits: float) -> None:
    recipe = build("characters", {"passwordrules": rule, "bits": bits})

    assert reaches(recipe.count, bits)
    if recipe.size > max(4, parse(rule).min_length):
        shorter = CharacterRecipe(passwordrules=rule, length=recipe.size - 1)
        assert not reaches(shorter.count, bits)


@pytest.mark.parametrize("size", [{}, {"length": 20}, {"bits": 60}])
def test_a_rule_with_many_sets_is_refused_before_they_are_counted(size: dict[str, int]) -> None:
    rule = "".join(f"required:[{letter}];" for letter in string.ascii_lowercase[:18])

    with pytest.raises(RecipeError, match=r"at most [69] different sets"):
        build("characters", {"passwordrules": rule, **size})


@pytest.mark.parametrize(("length", "number"), [(20, 9), (16, 10), (11, 10), (256, 6)])
def test_the_more_sets_the_shorter_the_password(length: int, number: int) -> None:
    groups = string.ascii_lowercase[: number - 1]
    rule = "".join(f"required: [{letter}];" for letter in groups) + "required: upper, digit, [.]"
    recipe = build("characters", {"passwordrules": rule, "length": length})

    # Inclusion and exclusion over the sets of which a string has no character.
    count = sum(
        (-1) ** missing * math.comb(number - 1, missing) * (
            (number + 36 - missing) ** length - (number - 1 - missing) ** length
        )
        for missing in range(number)
    )  # fmt: skip
    assert recipe.count == count
    assert all(accepts(rule, password) for password in draw_many(recipe, 20))


def test_exclusions_hold_under_a_rule() -> None:
    recipe = build(
        "characters",
        {"passwordrules": "required: digit; allowed: [ xyz]", "exclude": " z",
         "exclude_lookalikes": True},
    )  # fmt: skip

    assert recipe.count > 0
    assert isinstance(recipe, CharacterRecipe)
    assert recipe.alphabet == "23456789xy"  # without 0 and 1, which look like letters


def test_a_rule_is_refused_before_a_long_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sets, "count_ruled")
    rule = "required: upper,[!]; required: lower,[!]; required: [a!]; max-consecutive: 25"

    with pytest.raises(RecipeError, match="takes too long to count"):
        build("characters", {"passwordrules": rule, "length": 256})


@needs_rules
def test_all_rules_of_the_collection_are_there() -> None:
    assert len(RULES) == 434


@needs_rules
@pytest.mark.parametrize("site", RULES)
def test_passwords_under_the_rule_of_a_site_are_accepted(site: str) -> None:
    rule = RULES[site]
    recipe = build("characters", {"passwordrules": rule})

    drawn = draw_many(recipe, 10)

    assert recipe.count > 0
    assert len(drawn) == 10
    assert all(accepts(rule, password) for password in drawn)


@needs_rules
def test_twenty_of_these_rules_do_not_reach_64_bits() -> None:
    recipes = [build("characters", {"passwordrules": rule}) for rule in RULES.values()]

    assert sum(recipe.entropy_bits < 64 for recipe in recipes) == 20
    assert min(recipe.entropy_bits for recipe in recipes) == pytest.approx(13.2877, abs=1e-4)


def test_the_second_reading_of_rules_can_refuse() -> None:
    rule = "minlength: 6; required: digit; required: digit; max-consecutive: 2; allowed: lower"

    assert accepts(rule, "ab1xy2")
    refused = ["a1b2c", "abxyk1", "abc1x2", "aaa1x2", "1b321x", "A1b2xy"]
    assert not any(accepts(rule, password) for password in refused)


@pytest.mark.parametrize("page", ["rules.md", "rules.pt-BR.md"])
def test_the_documentation_has_the_length_and_the_bits_of_each_example(page: str) -> None:
    examples = [row for row in rows(page, 4) if row[2].isdigit()]

    assert len(examples) == 15
    for example, _meaning, length, bits in examples:
        recipe = build("characters", {"passwordrules": example.strip("`")})
        assert (recipe.size, round(recipe.entropy_bits, 1)) == (int(length), float(bits)), example


@pytest.mark.parametrize("page", ["rules.md", "rules.pt-BR.md"])
def test_the_documentation_has_the_error_of_each_fault(page: str) -> None:
    examples = [row for row in rows(page, 2) if len(row[0]) > len("`A`")]

    assert len(examples) == 9
    for example, error in examples:
        with pytest.raises(RecipeError) as caught:
            build("characters", {"passwordrules": example.strip("`")})
        assert str(caught.value) == f"passwordrules: {error}"
