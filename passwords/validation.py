"""One validation for every channel: forms, JSON bodies and command options.

Each channel passes names and values. The domain decides whether they make a recipe; its errors are
translated and name the field. Browsers send only text, and so do some clients of the Flask app's
API: `from_post` and `read_legacy` first convert such text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext, gettext_noop

from passwords import domain, formats
from passwords.numbers import bits_text
from passwords.parameters import BY_NAME, FORMAT_PARAMETERS, PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from passwords.domain import Recipe
    from passwords.formats import WrittenAs
    from passwords.models import Policy
    from passwords.sharing import ShareOptions

DEFAULT_KIND: Final = "characters"
# The most secrets in one response of the API.
MAX_COUNT: Final = 100
# The most in a one-way format, each of which may take a quarter of a second of a processor.
MAX_HASHED: Final = 10

FLAGS: Final = frozenset(
    name for name, found in BY_NAME.items() if found[0].type in {"flag", "symbols"}
)
NUMBERS: Final = frozenset(
    name for name, found in BY_NAME.items() if found[0].type in {"integer", "number"}
) | {"count"}
# The fields of a page's form that are not parameters. A page of an earlier release, if still open,
# also sends a CSRF token.
_CARRIED: Final = frozenset({"csrfmiddlewaretoken", "request_id", "measure", "symbol_set"})

LEGACY_DEFAULT_LENGTH: Final = 8
# The names of the Flask app's parameters, by those of the domain.
LEGACY_NAMES: Final = {
    "length": "tamanho",
    "digits": "incluir_numeros",
    "symbols": "incluir_caracteres_especiais",
}

_WORDS: Final = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,20}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,20}[.,][0-9]{1,20}", re.ASCII)

NOT_NULL: Final = gettext_noop("must not be null")
NOT_AN_OBJECT: Final = gettext_noop("must be a JSON object")
TOO_MANY_HASHED: Final = gettext_noop("must be at most %(maximum)d with a one-way format")
NOT_BESIDE_POLICY: Final = gettext_noop("must be left out beside a policy")
NO_SUCH_POLICY: Final = gettext_noop("is not the name of a policy")


class InvalidRequestError(Exception):
    """The values are not a valid request.

    Attributes:
        errors: the messages by field, in the active language.
        fault: the error of the domain, if there is one.
    """

    def __init__(self, field: str, message: str, fault: domain.RecipeError | None = None) -> None:
        super().__init__(f"{field}: {message}")
        self.errors = {field: [message]}
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRequest:
    """A validated request: a recipe, perhaps from a policy, and the number of secrets.

    Attributes:
        recipe: what to draw from.
        parameters: the parameters of the recipe, as policies store them.
        count: how many secrets.
        policy: the policy that the recipe comes from.
        share: how the only secret is shared, or ``None`` if it is not.
        written_as: the format that the secrets are written in, if any.
    """

    recipe: Recipe
    parameters: Mapping[str, Any]
    count: int = 1
    policy: Policy | None = None
    share: ShareOptions | None = None
    written_as: WrittenAs | None = None


def read(
    values: Mapping[str, Any], *, max_count: int = MAX_COUNT, max_hashed: int = MAX_HASHED
) -> SecretRequest:
    """Return the request that the typed *values* describe.

    Args:
        values: the parameters of a recipe and its ``kind`` (default: characters), or the slug of a
            ``policy``; a ``count`` from 1 to *max_count*; and a ``format`` with its name as ``as``
            and its fields.
        max_count: the most secrets in one request on this channel.
        max_hashed: the most in a one-way format.

    Raises:
        InvalidRequestError: a value is not valid; names the first such field.
    """
    for name, value in values.items():
        if value is None:
            raise InvalidRequestError(name, gettext(NOT_NULL))
    _refuse_long_texts(values)
    parameters = dict(values)
    if "format" not in parameters:
        return _read(parameters, max_count=max_count)
    written_as = _read_format(parameters.pop("format"))
    if written_as.format.name == "env":
        _draw_safe_symbols(parameters)
    wanted = _read(parameters, max_count=max_count)
    if written_as.format.is_one_way and wanted.count > max_hashed:
        raise InvalidRequestError("count", gettext(TOO_MANY_HASHED) % {"maximum": max_hashed})
    try:
        written_as.check(wanted.recipe)
    except domain.RecipeError as error:
        raise format_error(error) from None
    return replace(wanted, written_as=written_as)


def _read(parameters: dict[str, Any], *, max_count: int) -> SecretRequest:
    try:
        count = parameters.pop("count", 1)
        domain.require_whole_number("count", count, minimum=1, maximum=max_count)
        if "policy" in parameters:
            policy = _policy(parameters)
            return SecretRequest(
                recipe=policy.recipe(), parameters=policy.parameters, count=count, policy=policy
            )
        kind = parameters.pop("kind", DEFAULT_KIND)
        recipe = domain.build(kind, parameters)
        return SecretRequest(recipe=recipe, parameters=parameters, count=count)
    except domain.RecipeError as error:
        raise InvalidRequestError(error.field, translated(error), error) from None


def _read_format(values: object) -> WrittenAs:
    if not isinstance(values, dict):
        raise InvalidRequestError("format", gettext(NOT_AN_OBJECT))
    try:
        return formats.read(values)
    except domain.RecipeError as error:
        raise format_error(error) from None


def format_error(error: domain.RecipeError) -> InvalidRequestError:
    """Return the *error* of a format as one of the request: its field is ``format.as``, say."""
    return InvalidRequestError(f"format.{error.field}", translated(error), error)


def format_field_name(format_name: str, field: str) -> str:
    """Return the name of a format's field in a page's form; a page has the forms of all formats."""
    return f"{format_name}-{field}"


def read_format_form(post: Mapping[str, str]) -> WrittenAs:
    """Return the format that a page's form names as ``as``; empty text counts as left out.

    Raises:
        RecipeError: a value is not valid; names its field.
    """
    name = post.get("as", "")
    values: dict[str, Any] = {"as": name}
    for parameter in FORMAT_PARAMETERS.get(name, {}).values():
        text = post.get(format_field_name(name, parameter.name))
        if text:
            values[parameter.name] = _of_type(parameter.type, text)
    return formats.read(values)


def _draw_safe_symbols(parameters: dict[str, Any]) -> None:
    """Choose the symbols that need no quotes, if the request does not say which to draw."""
    is_plain = parameters.get("kind", DEFAULT_KIND) == "characters"
    if is_plain and not parameters.keys() & {"symbols", "passwordrules", "policy"}:
        parameters["symbols"] = formats.SAFE_SYMBOLS


def read_page(post: Mapping[str, str]) -> SecretRequest:
    """Return the request in a page's form: of this app, or of the Flask app.

    The form of this app always has a kind or a policy. An empty form is one of the Flask app.

    Raises:
        InvalidRequestError: a value is not valid; names the field as in the form.
    """
    if is_legacy(post):
        return read_legacy(post)
    values = from_post(post)
    if "policy" not in values:
        values.setdefault("kind", "")  # is refused
    return read(values, max_count=1)


def is_legacy(post: Mapping[str, str]) -> bool:
    """Return whether the form is one of the Flask app."""
    if not post:
        return True
    return "kind" not in post and any(name in post for name in LEGACY_NAMES.values())


def translated(error: domain.RecipeError, **replaced: str) -> str:
    """Return the error's message, without its field, in the active language.

    Args:
        error: the error of the domain; its fractional numbers are entropies.
        replaced: other values for its parameters, such as the label of a field for its name.
    """
    params = {
        name: bits_text(value, 1) if isinstance(value, float) else value
        for name, value in error.params.items()
    }
    return gettext(error.template) % {**params, **replaced}


def from_post(post: Mapping[str, str]) -> dict[str, Any]:
    """Return the typed values in a page's form; empty text counts as left out.

    A form sends a hidden ``off`` before each checkbox's ``on``; the last one counts. ``measure``
    says whether the user chose the size or ``bits``. The page shows the fields of every choice, so
    fields that do not apply are dropped: the minimum of a class that is off, the bytes of a token
    of fixed size, all classes beside a password rule, and the separator beside a set of them.

    Raises:
        InvalidRequestError: a text is too long.
    """
    _refuse_long_texts(post)
    values = {
        name: _typed(name, text) for name, text in post.items() if name not in _CARRIED and text
    }
    if "separator" in post:
        values["separator"] = post["separator"]
    if values.get("symbols") is True and post.get("symbol_set"):
        values["symbols"] = post["symbol_set"]
    _choose_measure(values, post)
    for name in domain.CLASS_NAMES:
        if values.get(name) is False:
            values.pop(f"min_{name}", None)
    if values.get("encoding") in domain.FIXED_SIZE_ENCODINGS:
        values.pop("bytes", None)
    if "passwordrules" in values:
        _drop_replaced(values)
    if "separators" in values:
        values.pop("separator", None)
    return values


def _drop_replaced(values: dict[str, Any]) -> None:
    """Drop what a password rule replaces, and the form's first length, which nobody chose."""
    for name in PARAMETERS["characters"].keys() - domain.BESIDE_PASSWORDRULES:
        values.pop(name, None)
    if values.get("length") == PARAMETERS["characters"]["length"].initial:
        del values["length"]


def _choose_measure(values: dict[str, Any], post: Mapping[str, str]) -> None:
    """Drop the size or ``bits``, whichever was not chosen; empty ``bits`` are those of the form."""
    kind = post.get("kind", DEFAULT_KIND)
    if "measure" not in post or kind not in PARAMETERS:
        return
    if post["measure"] == "bits":
        values.pop(domain.SIZE_PARAMETER.get(kind, ""), None)
        values.setdefault("bits", PARAMETERS[kind]["bits"].initial)
    else:
        values.pop("bits", None)


def read_legacy(values: Mapping[str, Any]) -> SecretRequest:
    """Return the request in the wire format of the Flask app.

    It has ``tamanho``, ``incluir_numeros`` and ``incluir_caracteres_especiais``, and no minimum for
    a class. Numbers and flags may be text. Other names are ignored.

    Raises:
        InvalidRequestError: a value is not valid; names the field of the Flask app.
    """
    _refuse_long_texts({old: values[old] for old in LEGACY_NAMES.values() if old in values})
    given = {
        name: _typed(name, values[old]) if isinstance(values[old], str) else values[old]
        for name, old in LEGACY_NAMES.items()
        if old in values
    }
    symbols = given.get("symbols", False)
    try:
        domain.require_flag("symbols", symbols)  # here it cannot be text
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
    from passwords.policies import queries  # noqa: PLC0415  # `generate` without a policy needs no ORM

    slug = parameters.pop("policy")
    if parameters:
        raise InvalidRequestError(next(iter(parameters)), gettext(NOT_BESIDE_POLICY))
    # PostgreSQL refuses queries with NUL.
    known = isinstance(slug, str) and slug.isprintable()
    policy = queries.active_policy(slug) if known else None
    if policy is None:
        raise InvalidRequestError("policy", gettext(NO_SUCH_POLICY))
    return policy


def _typed(name: str, text: str) -> Any:
    """Return *text* as the type of *name*, or unchanged: then the domain refuses it."""
    if name in FLAGS:
        return _of_type("flag", text)
    return _of_type("number", text) if name in NUMBERS else text


def _of_type(wanted: str, text: str) -> Any:
    """Return *text* as a flag or a number, or unchanged: if it is neither, or for other types."""
    bare = text.strip()
    if wanted == "flag":
        return _WORDS.get(bare.lower(), text)
    if wanted not in {"integer", "number"}:
        return text
    if _WHOLE.fullmatch(bare):
        return int(bare)
    if _DECIMAL.fullmatch(bare):
        return float(bare.replace(",", "."))
    return text
