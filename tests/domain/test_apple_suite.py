"""The cases of Apple's own tests of its parser, as rules.

From apple/password-manager-resources, tools/PasswordRulesParser/PasswordRulesParserTest.js, commit
be2123815f59 (copyright 2026 Apple Inc., MIT). Cases of its inner functions are put into a rule. The
cases that test_passwordrules.py has are not here.
"""

import string
from typing import Any

import pytest

from passwords.domain import RecipeError
from passwords.domain.passwordrules import PasswordRules, parse
from passwords.domain.runs import Limits

VISIBLE = string.ascii_letters + string.digits + string.punctuation
CLASSES = {
    "upper": string.ascii_uppercase,
    "lower": string.ascii_lowercase,
    "digit": string.digits,
    "special": string.punctuation,
    "printable": VISIBLE,
}


def _members(*names: str) -> str:
    """Return the characters of classes, and of sets in brackets."""
    return "".join(sorted({c for name in names for c in CLASSES.get(name, name.strip("[")[:-1])}))


def _rules(required: list[list[str]], allowed: list[str], **numbers: Any) -> PasswordRules:
    return PasswordRules(
        min_length=numbers.get("least", 0),
        max_length=numbers.get("most", 0),
        required=tuple(_members(*names) for names in required),
        allowed=_members(*allowed),
        limits=Limits(*[numbers.get("runs", 0)] * 2),
    )


UPPER = _rules([["upper"]], ["upper"])
LETTERS = _rules([["upper", "lower"]], ["upper", "lower"])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("    required: upper", UPPER),
        ("required: UPPER", UPPER),
        ("required: UPpER;", UPPER),
        ("required: upper; ", UPPER),
        ("required: upper ", UPPER),
        ("required: upper ; ", UPPER),
        ("required: upper \t;", UPPER),
        ("required: upper, upper", UPPER),
        ("allowed:upper", _rules([], ["upper"])),
        ("required: upper, lower", LETTERS),
        ("required: upper,  \tlower", LETTERS),
        ("required: upper; required: lower", _rules([["upper"], ["lower"]], ["upper", "lower"])),
        ("allowed: upper; allowed: lower", _rules([], ["upper", "lower"])),
        (
            "required: upper; allowed: upper; allowed: lower",
            _rules([["upper"]], ["upper", "lower"]),
        ),
        ("required: upper; allowed: [ab]", _rules([["upper"]], ["upper", "[ab]"])),
        ("required: upper, [*]", _rules([["upper", "[*]"]], ["upper", "[*]"])),
        ("allowed: upper, [*], lower", _rules([], ["upper", "lower", "[*]"])),
        ("required: [*&^]; allowed: upper", _rules([["[&*^]"]], ["upper", "[&*^]"])),
        ("required: unicode; required: digit", _rules([["printable"], ["digit"]], ["printable"])),
        ("required: [a], [b]", _rules([["[ab]"]], ["[ab]"])),
        ("required: [a]], [b]", _rules([["[a]]", "[b]"]], ["[a]]", "[b]"])),
        ("required: [a], lower, [b]", _rules([["lower"]], ["lower"])),
        ("allowed: [abc01A]", _rules([], ["[abc01A]"])),
        ("allowed: [bab]", _rules([], ["[ab]"])),
        ("allowed: [abc]];", _rules([], ["[abc]]"])),
        ("allowed: [-ab]", _rules([], ["[-ab]"])),
        ("allowed: [-a]]", _rules([], ["[-a]]"])),
        ("allowed: [-]", _rules([], ["[-]"])),
        ("allowed: [ ]", _rules([], ["[ ]"])),
        ("allowed: [  ]", _rules([], ["[ ]"])),
        ("allowed: [☃a]", _rules([], ["[a]"])),
        ("allowed: [a☃b]", _rules([], ["[ab]"])),
        ("allowed: [供应商责任进展]", _rules([], ["printable"])),
        ("allowed: [供应A商B责任C进展]", _rules([], ["[ABC]"])),
        (f"required: [W{string.ascii_uppercase}]", UPPER),
        (f"allowed: [{string.digits}], digit", _rules([], ["digit"])),
        ("allowed: upper, lower, digit, special", _rules([], ["printable"])),
        ("max-consecutive:2", _rules([], ["printable"], runs=2)),
        ("max-consecutive: 5; max-consecutive: 3", _rules([], ["printable"], runs=3)),
        (
            "max-consecutive: 3; max-consecutive: 1; max-consecutive: 5",
            _rules([], ["printable"], runs=1),
        ),
        (
            "required: ascii-printable; max-consecutive: 5; max-consecutive: 3",
            _rules([["printable"]], ["printable"], runs=3),
        ),
        ("minlength: 12; minlength: 7; minlength: 23", _rules([], ["printable"], least=23)),
        ("maxlength: 10; maxlength: 7; maxlength: 12", _rules([], ["printable"], most=7)),
        ("minlength:        12", _rules([], ["printable"], least=12)),
        ("maxlength: 9007199254740991", _rules([], ["printable"], most=9007199254740991)),
        (
            "required: upper; allowed: upper; allowed: lower; minlength: 12; maxlength: 73;",
            _rules([["upper"]], ["upper", "lower"], least=12, most=73),
        ),
    ],
)
def test_a_sound_rule_is_read_as_apple_reads_it(rule: str, expected: PasswordRules) -> None:
    assert parse(rule) == expected


WHOLE = "the whole rule.)"
PROPERTY = "this property.)"
EITHER = "this property, or the whole rule.)"
BRACKETS = "the brackets, or the whole rule.)"
REST = "everything from here on.)"


@pytest.mark.parametrize(
    ("rule", "reading", "left"),
    [
        ("minlength: 9; dummy: upper", WHOLE, ""),
        ("minlength: 9; dummy", WHOLE, ""),
        ("minlength: 9; upper: lower", WHOLE, ""),
        ("minlength: 9; allowed: upper, dummy", WHOLE, ""),
        ("minlength: 9; required: A", WHOLE, ""),
        ("minlength: 9; required: upper d", WHOLE, ""),
        ("minlength: 9; allowed: upper [a]", WHOLE, ""),
        ("minlength: 9; required: [a]b]", WHOLE, ""),
        ("required: ; required: upper", PROPERTY, "required: upper"),
        ("required:; minlength: 9", PROPERTY, "minlength: 9"),
        ("minlength: 9; required:", PROPERTY, "minlength: 9"),
        ("minlength: 9; allowed: ", PROPERTY, "minlength: 9"),
        ("max-consecutive: ;minlength: 9", PROPERTY, "minlength: 9"),
        ("minlength: 9; required", EITHER, "minlength: 9"),
        ("minlength: 9; required upper", EITHER, ""),
        ("minlength: 9; max-consecutive: [ABC]", EITHER, ""),
        ("minlength: 9; max-consecutive: upper", EITHER, ""),
        ("minlength: 9; max-consecutive: 1+1", EITHER, ""),
        ("minlength: 9; maxlength: 12a", EITHER, ""),
        ("minlength: 9; maxlength: 12 ", EITHER, "minlength: 9"),
        ("minlength: 9; allowed: upper,,", EITHER, ""),
        ("minlength: 9; allowed: upper,;", EITHER, "minlength: 9"),
        ("minlength: 9; allowed: upper,", EITHER, "minlength: 9"),
        ("minlength: 9; required: 1", EITHER, ""),
        ("minlength: 9; allowed: 1+1", EITHER, ""),
        ("minlength: 9; required: ☃", EITHER, ""),
        ("minlength: 9; allowed: []", BRACKETS, "minlength: 9"),
        ("minlength: 9; allowed: [], [b]", BRACKETS, "minlength: 9; allowed: [b]"),
        ("minlength: 9; allowed: []a]", BRACKETS, ""),
        ("minlength: 9; allowed: [", REST, "minlength: 9"),
        ("minlength: 9; allowed: digit, [a; maxlength: 12", REST, "minlength: 9; allowed: digit"),
        ("required: upper;;", REST, "required: upper"),
        ("required: upper; ;", REST, "required: upper"),
        ("required: upper;;; minlength: 9", REST, "required: upper"),
        ("☃", REST, ""),
        ("minlength: 9; allowed: [a-b]", "[a-z] means a and z.)", "minlength: 9; allowed: [ab]"),
        ("minlength: 9; allowed: [a-]", "[a-z] means a and z.)", "minlength: 9; allowed: [a]"),
    ],
)
def test_a_fault_is_refused_with_what_is_left_of_the_rule_for_apple(
    rule: str, reading: str, left: str
) -> None:
    """*left* is a sound rule for what Apple's parser returns; "" if it returns its default."""
    with pytest.raises(RecipeError) as caught:
        parse(rule)

    assert str(caught.value).endswith(reading)
    parse(left)
    # Nothing before the fault is lost, unless it is the whole rule.
    if left:
        before = rule[: int(caught.value.params["position"]) - 1].rpartition(";")[0]
        assert reading != WHOLE
        assert left.startswith(before)
