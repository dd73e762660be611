"""Read the body of ``POST /api/v1/secrets``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext, gettext_noop

from passwords import domain, share_requests
from passwords.domain.errors import NotPrintableError
from passwords.domain.validation import require_choice
from passwords.validation import InvalidRequestError, SecretRequest, translated

FLAT: Final = ("password",)
"""The shapes of a response that holds only the secret."""

NOT_ONE: Final = gettext_noop("must be 1 or left out beside flat")
NOT_BESIDE_FORMAT: Final = gettext_noop("must be left out beside format")
NOT_BESIDE_SHARE: Final = gettext_noop("must be left out beside share")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """What the body describes.

    Attributes:
        wanted: the secrets.
        keep: whether to add them to the recents.
        flat: the name of the response's only member, or ``None`` for the full response.
    """

    wanted: SecretRequest
    keep: bool = True
    flat: str | None = None


def read(values: Mapping[str, Any]) -> ApiRequest:
    """Refuse text that is not printable, then validate as every channel does.

    JSON text may hold NUL, which PostgreSQL does not store, and a lone surrogate, which UTF-8
    cannot encode: such text must reach neither a query nor the response.

    Raises:
        InvalidRequestError: names the first invalid field.
    """
    _refuse_unprintable(values)
    if isinstance(written_as := values.get("format"), dict):
        _refuse_unprintable(written_as, prefix="format.")
    others = dict(values)
    keep, flat = others.pop("keep", True), others.pop("flat", None)
    try:
        domain.require_flag("keep", keep)
        if "flat" in values:
            require_choice("flat", flat, FLAT)
    except domain.RecipeError as error:
        raise InvalidRequestError(error.field, translated(error), error) from None
    wanted = share_requests.read_secret(others)
    if flat and wanted.share:
        raise InvalidRequestError("flat", gettext(NOT_BESIDE_SHARE))
    if flat and wanted.written_as:
        raise InvalidRequestError("flat", gettext(NOT_BESIDE_FORMAT))
    if flat and wanted.count != 1:
        raise InvalidRequestError("count", gettext(NOT_ONE))
    return ApiRequest(wanted=wanted, keep=keep, flat=flat)


def _refuse_unprintable(values: Mapping[str, Any], *, prefix: str = "") -> None:
    for name, value in values.items():
        if not name.isprintable():
            raise InvalidRequestError("body", gettext(NotPrintableError.template))
        if isinstance(value, str) and not value.isprintable():
            raise InvalidRequestError(f"{prefix}{name}", gettext(NotPrintableError.template))
