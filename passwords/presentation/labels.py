"""The names that people read for what the code calls by its own names."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LABELS: Final = {
    "kind": _("Kind of secret"),
    "policy": _("Preset"),
    "length": _("Length"),
    "words": _("Words"),
    "bytes": _("Bytes"),
    "bits": _("Bits of entropy"),
    "lowercase": _("Lowercase"),
    "uppercase": _("Uppercase"),
    "digits": _("Digits"),
    "symbols": _("Symbols"),
    "min_lowercase": _("Least lowercase"),
    "min_uppercase": _("Least uppercase"),
    "min_digits": _("Least digits"),
    "min_symbols": _("Least symbols"),
    "symbol_set": _("Only these symbols"),
    "exclude_lookalikes": _("No look-alikes"),
    "exclude": _("Leave out these characters"),
    "wordlist": _("Wordlist"),
    "separator": _("Separator"),
    "capitalize": _("Capitals"),
    "insert": _("Insert"),
    "repeats_or_runs": _("Refuse repeats and runs"),
    "encoding": _("Form"),
}
"""Every field of a recipe, by its name."""

LANGUAGE_INITIALS: Final = {"pt-br": "PT", "en": "EN", "es": "ES"}

THEMES: Final = {"auto": _("As the system"), "light": _("Light"), "dark": _("Dark")}
"""The themes to choose from, by the name in the cookie."""

BY_SIZE: Final = {
    "length": _("By length"),
    "words": _("By words"),
    "bytes": _("By bytes"),
}
"""What choosing a secret by its size is called, by the parameter that holds the size."""

CHOICES: Final = {
    "capitalize": (
        ("none", pgettext_lazy("capitals", "None")),
        ("first", _("First letter of every word")),
        ("one", _("All of one random word")),
    ),
    "insert": (
        ("none", pgettext_lazy("insert", "Nothing")),
        ("digit", _("A random digit")),
        ("symbol", _("A random symbol")),
    ),
    "encoding": (
        ("base64url", "Base64url"),
        ("hex", _("Hexadecimal")),
        ("base32", "Base32"),
        ("uuid4", "UUID v4"),
        ("django", "Django SECRET_KEY"),
    ),
}
"""What the fields with a fixed choice offer, by the field's name: values and labels."""
