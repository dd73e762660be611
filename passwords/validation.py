"""One validation for every door: the web's forms, JSON bodies and command options.

Each door brings names and values; the domain says whether they make a recipe, and its errors come
back translated, on the field at fault. A browser sends nothing but text, and so does a client of
the old wire format now and then: `from_post` and `read_legacy` give such text its type first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext, gettext_noop

from passwords import domain
from passwords.parameters import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from passwords.domain import Recipe
    from passwords.models import Policy

DEFAULT_KIND: Final = "characters"
# The most secrets in one answer of the API.
MAX_COUNT: Final = 100

FLAGS: Final = frozenset(
    name for name, found in BY_NAME.items() if found[0].type in {"flag", "symbols"}
)
NUMBERS: Final = frozenset(
    name for name, found in BY_NAME.items() if found[0].type in {"integer", "number"}
) | {"count"}
# What a page's form carries beside the recipe's parameters. The page of an earlier release, still
# open in a browser, also sends a CSRF token.
_CARRIED: Final = frozenset({"csrfmiddlewaretoken", "request_id", "measure", "symbol_set"})

LEGACY_DEFAULT_LENGTH: Final = 8
# The old names, by the domain's.
LEGACY_NAMES: Final = {
    "length": "tamanho",
    "digits": "incluir_numeros",
    "symbols": "incluir_caracteres_especiais",
}

_WORDS: Final = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,20}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,20}[.,][0-9]{1,20}", re.ASCII)

NOT_NULL: Final = gettext_noop("must not be null")
NOT_BESIDE_POLICY: Final = gettext_noop("must be left out beside a policy")
NO_SUCH_POLICY: Final = gettext_noop("is not the name of a policy")


class InvalidRequestError(Exception):
    """The values make no request.

    Attributes:
        errors: the messages by field, in the active language.
        fault: what the domain says of it, if it was the domain that refused.
    """

    def __init__(self, field: str, message: str, fault: domain.RecipeError | None = None) -> None:
        super().__init__(f"{field}: {message}")
        self.errors = {field: [message]}
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRequest:
    """What somebody asks for: so many secrets of a recipe, maybe by a policy's name."""

    recipe: Recipe
    count: int = 1
    policy: Policy | None = None


def read(values: Mapping[str, Any], *, max_count: int = MAX_COUNT) -> SecretRequest:
    """Return the request that *values*, each of its own type, describe.

    Args:
        values: a recipe's parameters with its ``kind`` (characters when left out), or the slug of
            a ``policy``; and a ``count`` from 1 to *max_count*.
        max_count: the most secrets that the door gives at once.

    Raises:
        InvalidRequestError: names the first field at fault.
    """
    for name, value in values.items():
        if value is None:
            raise InvalidRequestError(name, gettext(NOT_NULL))
    _refuse_long_texts(values)
    parameters = dict(values)
    try:
        count = parameters.pop("count", 1)
        domain.require_whole_number("count", count, minimum=1, maximum=max_count)
        if "policy" in parameters:
            policy = _policy(parameters)
            return SecretRequest(recipe=policy.recipe(), count=count, policy=policy)
        kind = parameters.pop("kind", DEFAULT_KIND)
        return SecretRequest(recipe=domain.build(kind, parameters), count=count)
    except domain.RecipeError as error:
        raise InvalidRequestError(error.field, translated(error), error) from None


def read_page(post: Mapping[str, str]) -> SecretRequest:
    """Return the request in a page's form: ours, or that of the app that this one replaces.

    Ours always names its kind or a policy. An empty form is the old app's, with its defaults.

    Raises:
        InvalidRequestError: names the field at fault, as the form spells it.
    """
    if is_legacy(post):
        return read_legacy(post)
    values = from_post(post)
    if "policy" not in values:
        values.setdefault("kind", "")  # which there is not
    return read(values, max_count=1)


def is_legacy(post: Mapping[str, str]) -> bool:
    """Tell whether the form is the one of the app that this one replaces."""
    if not post:
        return True
    return "kind" not in post and any(name in post for name in LEGACY_NAMES.values())


def translated(error: domain.RecipeError) -> str:
    """Return the error's sentence, without its field, in the active language."""
    return gettext(error.template) % error.params


def from_post(post: Mapping[str, str]) -> dict[str, Any]:
    """Return the typed values in a page's form; text left empty counts as left out.

    A form sends a hidden ``off`` before each checkbox's ``on``; the last one wins. ``measure``
    says which of the two, the size or the ``bits``, the person chose. The page shows the fields of
    every choice, so what has no meaning beside the choice made is dropped: the minimum of a class
    that is left out, the bytes of a token that has one size.

    Raises:
        InvalidRequestError: names a field whose text is too long to mean anything.
    """
    _refuse_long_texts(post)
    values = {
        name: _typed(name, text) for name, text in post.items() if name not in _CARRIED and text
    }
    if "separator" in post:
        values["separator"] = post["separator"]
    if values.get("symbols") is True and post.get("symbol_set"):
        values["symbols"] = post["symbol_set"]
    if measure := post.get("measure"):
        size = domain.SIZE_PARAMETER.get(post.get("kind", DEFAULT_KIND), "")
        values.pop(size if measure == "bits" else "bits", None)
    for name in domain.CLASS_NAMES:
        if values.get(name) is False:
            values.pop(f"min_{name}", None)
    if values.get("encoding") in domain.FIXED_SIZE_ENCODINGS:
        values.pop("bytes", None)
    return values


def read_legacy(values: Mapping[str, Any]) -> SecretRequest:
    """Return the request in the wire format of the app that this one replaces.

    It knows ``tamanho``, ``incluir_numeros`` and ``incluir_caracteres_especiais``, and no minimum
    per class; a number or a flag may come as text. Other names mean nothing to it.

    Raises:
        InvalidRequestError: names the old field at fault.
    """
    _refuse_long_texts({old: values[old] for old in LEGACY_NAMES.values() if old in values})
    given = {
        name: _typed(name, values[old]) if isinstance(values[old], str) else values[old]
        for name, old in LEGACY_NAMES.items()
        if old in values
    }
    symbols = given.get("symbols", False)
    try:
        domain.require_flag("symbols", symbols)  # here it is never a set
        return read(
            {
                "length": LEGACY_DEFAULT_LENGTH,
                "digits": False,
                **given,
                "symbols": symbols,
                "min_lowercase": 0,
                "min_uppercase": 0,
                "min_digits": 0,
                "min_symbols": 0,
            }
        )
    except domain.RecipeError as error:
        raise InvalidRequestError(LEGACY_NAMES[error.field], translated(error), error) from None
    except InvalidRequestError as error:
        ((field, messages),) = error.errors.items()
        raise InvalidRequestError(LEGACY_NAMES[field], messages[0], error.fault) from None


def _refuse_long_texts(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, str) and len(value) > domain.MAX_TEXT_LENGTH:
            fault = domain.TooLongError(name, maximum=domain.MAX_TEXT_LENGTH)
            raise InvalidRequestError(name, translated(fault), fault)


def _policy(parameters: dict[str, Any]) -> Policy:
    from passwords.policies import queries  # noqa: PLC0415  # a command without a policy needs no ORM

    slug = parameters.pop("policy")
    if parameters:
        raise InvalidRequestError(next(iter(parameters)), gettext(NOT_BESIDE_POLICY))
    # PostgreSQL has no NUL: such text is not even looked up.
    known = isinstance(slug, str) and slug.isprintable()
    policy = queries.active_policy(slug) if known else None
    if policy is None:
        raise InvalidRequestError("policy", gettext(NO_SUCH_POLICY))
    return policy


def _typed(name: str, text: str) -> Any:
    """Return *text* as the type that *name* takes, or as it is: the domain will refuse it."""
    bare = text.strip()
    if name in FLAGS:
        return _WORDS.get(bare.lower(), text)
    if name in NUMBERS and _WHOLE.fullmatch(bare):
        return int(bare)
    if name in NUMBERS and _DECIMAL.fullmatch(bare):
        return float(bare.replace(",", "."))
    return text
