"""The password rules of real sites, and a second reading of such rules that judges passwords."""

import json
import re
import string
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

_PATH: Final = Path(__file__).parents[3] / "shared" / "data" / "apple-password-rules.json"
RULES: Final[dict[str, str]] = (
    {
        site: entry["password-rules"]
        for site, entry in json.loads(_PATH.read_text(encoding="utf-8")).items()
    }
    if _PATH.exists()
    else {}
)
needs_rules = pytest.mark.skipif(not RULES, reason=f"{_PATH} is not there")

_CLASSES: Final = {
    "upper": string.ascii_uppercase,
    "lower": string.ascii_lowercase,
    "digit": string.digits,
    "special": string.punctuation + " ",
    **dict.fromkeys(
        ("ascii-printable", "unicode"),
        string.digits + string.ascii_letters + string.punctuation + " ",
    ),
}
_PROPERTY: Final = re.compile(r"([a-z-]+):\s*((?:\[[^\]]*\]?\]|[^;\[])*)(?:;|$)")
_CLASS: Final = re.compile(r"\[([^\]]*\]?)\]|([a-z-]+)")


def _members(value: str) -> frozenset[str]:
    return frozenset("".join(literal or _CLASSES[name] for literal, name in _CLASS.findall(value)))


def _runs(password: str) -> tuple[int, int]:
    """Return the lengths of the longest repetition and of the longest sequence."""
    repeated = max(len(match[0]) for match in re.finditer(r"(.)\1*", password))
    orders = string.ascii_lowercase, string.ascii_uppercase, string.digits
    texts = [text for order in orders for text in (order, order[::-1])]
    sequences = [
        end - start
        for start in range(len(password))
        for end in range(start + 1, len(password) + 1)
        if any(password[start:end] in text for text in texts)
    ]
    return repeated, max(sequences, default=1)


def accepts(rule: str, password: str) -> bool:
    """Return whether a site with this faultless *rule* accepts *password*."""
    allowed: set[str] = set()
    required: Counter[frozenset[str]] = Counter()
    repeated, sequence = _runs(password)
    for name, value in _PROPERTY.findall(rule):
        if name == "minlength" and len(password) < int(value):
            return False
        if name == "maxlength" and len(password) > int(value):
            return False
        if name in {"max-consecutive", "max-repeating"} and repeated > int(value):
            return False
        if name in {"max-consecutive", "max-sequential"} and sequence > int(value):
            return False
        if name == "required":
            required[_members(value)] += 1
        if name in {"required", "allowed"}:
            allowed |= _members(value)
    return set(password) <= (allowed or set(map(chr, range(0x20, 0x7F)))) and all(
        sum(character in members for character in password) >= minimum
        for members, minimum in required.items()
    )
