"""The parameters of each kind of recipe: one description for every channel.

Validation, the forms of the page and the admin, the options of `manage.py generate` and the API's
contract use this table. Ranges, choices and defaults come from the domain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from passwords import domain, formats
from passwords.domain import (
    alphabets,
    characters,
    passphrases,
    patterns,
    pins,
    strength,
    tokens,
    wordlists,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

Type = Literal["integer", "number", "flag", "symbols", "choice", "text"]
"""``symbols`` is a flag, or text that holds the characters to use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of one kind of recipe.

    Attributes:
        name: the name in the domain, the API, policies and forms.
        type: the type of its values.
        label: the label on the screen, in the active language.
        help: the English text for the command line and the API's contract. For a flag that is on
            by default, the things that the flag allows.
        default: the default value; ``None`` if it depends on other parameters.
        initial: the first value in the page's form.
        minimum: the lowest number.
        maximum: the highest number.
        slider_end: the highest number of the page's slider; 0 without one.
        choices: the labels of a fixed choice, by value.
        max_length: the maximum length of a text, in characters.
        pattern: a regular expression (ECMA 262) for valid texts.
        sample: an example beside the label on the page, or in an empty text field.
        is_rare: whether the page hides it in a closed section until it is used.
        is_refusal: whether the page's checkbox is inverted: its label names what is refused.
    """

    name: str
    type: Type
    label: StrOrPromise
    help: str = ""
    default: Any = None
    initial: Any = None
    minimum: int = 0
    maximum: int = 0
    slider_end: int = 0
    choices: Mapping[str, StrOrPromise] = field(default_factory=dict)
    max_length: int = 0
    pattern: str = ""
    sample: str = ""
    is_rare: bool = False
    is_refusal: bool = False

    @property
    def option(self) -> str:
        """The command-line option; for a flag that is on by default, the one that turns it off."""
        name = self.name.replace("_", "-")
        return f"--no-{name}" if self.default is True and self.type == "flag" else f"--{name}"


def _integer(name: str, label: StrOrPromise, limits: tuple[int, int], **more: Any) -> Parameter:
    minimum, maximum = limits
    return Parameter(
        name=name, type="integer", label=label, minimum=minimum, maximum=maximum, **more
    )


def _bits(initial: int, *, reachable: float) -> Parameter:
    """Return the parameter ``bits``; its slider ends at the bits that the size slider reaches."""
    return Parameter(
        name="bits",
        type="number",
        label=_("Bits of entropy"),
        help="The shortest secret with at least this entropy in bits, in place of the size."
        " A pattern with less is refused.",
        initial=initial,
        minimum=strength.MIN_BITS,
        maximum=strength.MAX_BITS,
        slider_end=math.floor(reachable),
    )


# The sizes at the end of a slider; the number field beside it takes larger ones.
_MAX_LENGTH_ON_SLIDER: Final = 64
_MAX_BYTES_ON_SLIDER: Final = 128
# A strength on the slider must not be refused because of the wordlist.
_FEWEST_BITS_PER_WORD: Final = math.log2(wordlists.MIN_SIZE)


def _flag(name: str, label: StrOrPromise, **more: Any) -> Parameter:
    return Parameter(name=name, type="flag", label=label, **more)


def _minimum(name: str, label: StrOrPromise) -> Parameter:
    return _integer(
        f"min_{name}", label, (0, characters.MAX_LENGTH),
        help=f"The minimum number of {name}; 1 when left out, or 0 without the class.",
        initial=1, is_rare=True,
    )  # fmt: skip


_EXCLUDE_LOOKALIKES: Final = _flag(
    "exclude_lookalikes", _("No look-alikes"), sample="Il1| O0o", is_rare=True,
    help=f"Leave out {' '.join(alphabets.LOOKALIKES)}",
)  # fmt: skip
_CHARACTERS: Final = (
    _integer(
        "length", _("Length"), (characters.MIN_LENGTH, characters.MAX_LENGTH),
        help="Number of characters.", slider_end=_MAX_LENGTH_ON_SLIDER,
    ),
    _bits(
        128, reachable=domain.CharacterRecipe(length=_MAX_LENGTH_ON_SLIDER).entropy_bits
    ),
    _flag("lowercase", _("Lowercase"), help="lowercase letters", sample="abc"),
    _flag("uppercase", _("Uppercase"), help="uppercase letters", sample="ABC"),
    _flag("digits", _("Digits"), help="digits", sample="123"),
    Parameter(
        name="symbols", type="symbols", label=_("Symbols"), sample="#$%",
        help="Only these symbols of ASCII punctuation.",
        pattern=r"^[!-/:-@\[-`{-~]*$", max_length=len(alphabets.SYMBOLS),
        initial=True,
    ),
    _minimum("lowercase", _("Minimum lowercase")),
    _minimum("uppercase", _("Minimum uppercase")),
    _minimum("digits", _("Minimum digits")),
    _minimum("symbols", _("Minimum symbols")),
    _EXCLUDE_LOOKALIKES,
    Parameter(
        name="exclude", type="text", label=_("Leave out these characters"), is_rare=True,
        help="Printable characters to leave out.",
        pattern=r"^[^\u0000-\u001f\u007f-\u009f]*$", max_length=characters.MAX_EXCLUDED,
    ),
    Parameter(
        name="passwordrules", type="text", label=_("The site's password rule"), is_rare=True,
        sample="minlength: 8; required: digit",
        help="A site's rule in Apple's language, such as `minlength: 8; required: digit`, in place"
        " of the classes and minimums. Without a length: 20 characters, or the nearest that the"
        " rule allows.",
        pattern=r"^\s*([a-z-]+:[\s\S]*)?$", max_length=domain.MAX_TEXT_LENGTH,
    ),
)  # fmt: skip
_PASSPHRASE: Final = (
    _integer(
        "words", _("Words"), (passphrases.MIN_WORDS, passphrases.MAX_WORDS),
        help="Number of words.", slider_end=passphrases.MAX_WORDS,
    ),
    _bits(77, reachable=passphrases.MAX_WORDS * _FEWEST_BITS_PER_WORD),
    Parameter(
        name="wordlist", type="choice", label=_("Wordlist"), help="The list of the words.",
        choices={entry.name: entry.title for entry in domain.WORDLISTS.values()},
    ),
    Parameter(
        name="separator", type="text", label=_("Separator"),
        help="The text between the words: digits, ASCII punctuation and spaces, but none that"
        " may be inserted. Words of the list with a hyphen are left out if it is `-` or empty.",
        pattern=r"^[ -@\[-`{-~]*$", max_length=passphrases.MAX_SEPARATOR_LENGTH,
    ),
    Parameter(
        name="capitalize", type="choice", label=_("Capitals"),
        help="`first`: the first letter of each word; `random`: of about half of the words, at"
        " random; `one`: all of one random word.",
        choices={
            "none": pgettext_lazy("capitals", "None"),
            "first": _("First letter of every word"),
            "random": _("First letter of random words"),
            "one": _("All of one random word"),
        },
    ),
    Parameter(
        name="insert", type="choice", label=_("Insert"),
        help="A random digit or symbol after one random word.",
        choices={
            "none": pgettext_lazy("insert", "Nothing"),
            "digit": _("A random digit"),
            "symbol": _("A random symbol"),
        },
    ),
    Parameter(
        name="separators", type="text", label=_("A random one of these separators"),
        help="Two or more separators of one character, in place of `separator`: each gap has a"
        " random one of them. On the command line a hyphen comes last, as in `_.-`.",
        pattern=r"^([ -@\[-`{-~]{2,})?$", max_length=len(passphrases.SEPARATOR_CHARACTERS),
        sample="-_.", is_rare=True,
    ),
    _integer(
        "insert_digits", _("Random digits"), (0, passphrases.MAX_INSERTED),
        help="Number of random digits, each after a random word, in place of `insert`.",
        is_rare=True,
    ),
    _integer(
        "insert_symbols", _("Random symbols"), (0, passphrases.MAX_INSERTED),
        help="Number of random symbols, each after a random word, in place of `insert`.",
        is_rare=True,
    ),
)  # fmt: skip
_PIN: Final = (
    _integer(
        "length", _("Length"), (pins.MIN_LENGTH, pins.MAX_LENGTH),
        help="Number of digits.", slider_end=pins.MAX_LENGTH,
    ),
    _bits(19, reachable=domain.PinRecipe(length=pins.MAX_LENGTH).entropy_bits),
    _flag(
        "repeats_or_runs", _("Refuse repeats and runs"), sample="0000 1234", is_refusal=True,
        help="PINs such as 0000, 1212, 1234 and 9876",
    ),
)  # fmt: skip
_TOKEN: Final = (
    Parameter(
        name="encoding", type="choice", label=_("Format"),
        help="How the bytes are written. The encodings after `base58` have one size.",
        choices={
            "base64url": "Base64url",
            "hex": _("Hexadecimal"),
            "base32": "Base32",
            "base58": "Base58",
            "uuid4": "UUID v4",
            "uuid7": _("UUID v7: identifier, no secret"),
            "ulid": _("ULID: identifier, no secret"),
            "django": "Django SECRET_KEY",
            "rails": "Rails secret_key_base",
            "laravel": "Laravel APP_KEY",
            "fernet": "Fernet",
            "jwt-hs256": "JWT HS256",
            "wireguard": _("WireGuard: key pair"),
            "wireguard-psk": _("WireGuard: preshared key"),
            "ssh-ed25519": _("SSH: Ed25519 key pair"),
            "age": _("age: key pair"),
        },
    ),
    _integer(
        "bytes", _("Bytes"), (tokens.MIN_BYTES, tokens.MAX_BYTES),
        help="Number of random bytes.", default=tokens.DEFAULT_BYTES,
        slider_end=_MAX_BYTES_ON_SLIDER,
    ),
    _bits(256, reachable=domain.TokenRecipe(bytes=_MAX_BYTES_ON_SLIDER).entropy_bits),
)  # fmt: skip
_PATTERN: Final = (
    Parameter(
        name="pattern", type="text", label=_("Pattern"), sample=patterns.DEFAULT,
        help="One character for each place, in KeePass's letters: `A` letters and digits, `U`"
        " uppercase and digits, `u` uppercase, `l` lowercase, `d` digits, `[ud_]` one of a set,"
        " `d{4}` four digits, `\\d` the letter d.",
        pattern=r"^[ -~]+$", max_length=domain.MAX_TEXT_LENGTH,
    ),
    _EXCLUDE_LOOKALIKES,
    _bits(128, reachable=domain.PatternRecipe().entropy_bits),
)  # fmt: skip


def _with_defaults(kind: str, parameters: tuple[Parameter, ...]) -> dict[str, Parameter]:
    """Return the parameters by name, with the defaults of the domain's recipe."""
    own: dict[str, Any] = {item.name: item.default for item in fields(domain.RECIPES[kind])}
    return {
        item.name: replace(
            item,
            default=(default := own.get(item.name) if item.default is None else item.default),
            initial=default if item.initial is None else item.initial,
        )
        for item in parameters
    }


PARAMETERS: Final[dict[str, dict[str, Parameter]]] = {
    kind: _with_defaults(kind, parameters)
    for kind, parameters in {
        "characters": _CHARACTERS,
        "passphrase": _PASSPHRASE,
        "pin": _PIN,
        "token": _TOKEN,
        "pattern": _PATTERN,
    }.items()
}
"""Every parameter, by kind and name."""

BY_NAME: Final[dict[str, list[Parameter]]] = {}
"""Every parameter by name only: two kinds have a `length`."""
for _of_kind in PARAMETERS.values():
    for _parameter in _of_kind.values():
        BY_NAME.setdefault(_parameter.name, []).append(_parameter)


def _of_format(field: formats.Field) -> Parameter:
    """Return *field* with its texts in the active language."""
    return Parameter(
        name=field.name,
        type=field.type,
        label=_(field.label),
        help=field.help,
        default=field.default if field.default != "" else None,
        minimum=field.minimum,
        maximum=field.maximum,
        choices={value: _(label) for value, label in field.choices},
        max_length=field.max_length,
        pattern=field.pattern,
        sample=field.sample,
    )


FORMAT_PARAMETERS: Final[dict[str, dict[str, Parameter]]] = {
    name: {field.name: _of_format(field) for field in found.fields}
    for name, found in formats.FORMATS.items()
}
"""The fields of each format, by name."""
