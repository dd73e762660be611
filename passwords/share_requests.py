"""The validation of requests that make or open one-time links, for every channel.

Each `read_` function raises InvalidRequestError, which names the first invalid field.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from passwords import domain, sharing, validation
from passwords.domain.errors import TooLongError
from passwords.domain.validation import require_choice
from passwords.sharing import PassphraseKind, ShareOptions, ShareTerms, protocol
from passwords.validation import NOT_AN_OBJECT, InvalidRequestError, SecretRequest, translated

_TERMS: Final = frozenset({"expires_in", "views"})
_OPTIONS: Final = _TERMS | {"passphrase", "reveal"}
_SEALED: Final = _TERMS | {"id", "verifier", "sealed", "passphrase"}
_WHOLE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)

NOT_GIVEN: Final = gettext_noop("must be given")
NOT_KNOWN: Final = gettext_noop("is not known here")
NOT_BASE64URL: Final = gettext_noop("must be %(size)d bytes in base64url, without padding")
NOT_SEALED: Final = gettext_noop("is not a text sealed in the format share 1")
NOT_ONE_WAY: Final = gettext_noop("must be a one-way format beside share without reveal")
NOT_ONE: Final = gettext_noop("must be 1 or left out beside share")
NO_TEXT: Final = gettext_noop("must have at least one character")
NOT_UTF_8: Final = gettext_noop("holds characters that UTF-8 cannot encode")


class TooLargeError(InvalidRequestError):
    """The sealed text has too many bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedShare:
    """A text that a client has sealed, and the terms of its link."""

    share_id: bytes
    verifier: bytes
    sealed: bytes = field(repr=False)
    has_passphrase: bool
    terms: ShareTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A request for a sealed text."""

    share_id: bytes
    proof: bytes = field(repr=False)


def read_secret(values: Mapping[str, Any]) -> SecretRequest:
    """Return a request for secrets as `validation.read` does, which may have a ``share``."""
    if "share" not in values:
        return validation.read(values)
    others = dict(values)
    options = read_options(others.pop("share"), prefix="share.")
    wanted = validation.read(others)
    if wanted.count != 1:
        raise InvalidRequestError("count", gettext(NOT_ONE))
    written_as = wanted.written_as
    if written_as and not (options.reveal or written_as.format.is_one_way):
        raise InvalidRequestError("format.as", gettext(NOT_ONE_WAY))
    return replace(wanted, share=options)


def read_options(values: object, *, prefix: str = "") -> ShareOptions:
    """Return the options for a text that is sealed here.

    The values are ``expires_in``, ``views``, ``passphrase`` (``words``, ``digits`` or null) and
    ``reveal``; all may be left out. The *prefix* goes before the names of fields in errors.
    """
    if not isinstance(values, dict):
        raise InvalidRequestError(prefix.rstrip("."), gettext(NOT_AN_OBJECT))
    _refuse_unknown(values, _OPTIONS, prefix)
    kind = values.get("passphrase", ShareOptions().passphrase_kind)
    reveal = values.get("reveal", True)
    try:
        if kind is not None:
            require_choice("passphrase", kind, sharing.PASSPHRASE_KINDS)
        domain.require_flag("reveal", reveal)
        terms = _terms(values)
    except domain.RecipeError as error:
        raise InvalidRequestError(f"{prefix}{error.field}", translated(error), error) from None
    return ShareOptions(
        terms=terms, passphrase_kind=cast("PassphraseKind | None", kind), reveal=reveal
    )


def read_form(post: Mapping[str, str]) -> ShareOptions:
    """Return the options in a page's form; ``passphrase`` is empty for a link without one."""
    values: dict[str, Any] = {
        name: int(post[name]) if _WHOLE.fullmatch(post[name]) else post[name]
        for name in _TERMS
        if name in post
    }
    if "passphrase" in post:
        values["passphrase"] = post["passphrase"] or None
    return read_options(values)


def read_sealed(values: Mapping[str, Any]) -> SealedShare:
    """Return a request to store a text that the client has sealed.

    Raises:
        TooLargeError: the sealed text has too many bytes.
        InvalidRequestError: names the first invalid field.
    """
    _refuse_unknown(values, _SEALED)
    share_id = _bytes(values, "id", protocol.ID_BYTES)
    verifier = _bytes(values, "verifier", protocol.VERIFIER_BYTES)
    sealed = _sealed_bytes(values)
    try:
        has_passphrase = _given(values, "passphrase")
        domain.require_flag("passphrase", has_passphrase)
        terms = _terms(values)
    except domain.RecipeError as error:
        raise InvalidRequestError(error.field, translated(error), error) from None
    if not protocol.has_format(sealed, has_passphrase=has_passphrase):
        raise InvalidRequestError("sealed", gettext(NOT_SEALED))
    return SealedShare(
        share_id=share_id,
        verifier=verifier,
        sealed=sealed,
        has_passphrase=has_passphrase,
        terms=terms,
    )


def read_id(values: Mapping[str, Any]) -> bytes:
    """Return the identifier of a link."""
    _refuse_unknown(values, frozenset({"id"}))
    return _bytes(values, "id", protocol.ID_BYTES)


def read_open(values: Mapping[str, Any]) -> OpenRequest:
    """Return a request for a sealed text."""
    _refuse_unknown(values, frozenset({"id", "proof"}))
    return OpenRequest(
        share_id=_bytes(values, "id", protocol.ID_BYTES),
        proof=_bytes(values, "proof", protocol.PROOF_BYTES),
    )


def read_text(text: str) -> str:
    """Return a text to be sealed here.

    Raises:
        InvalidRequestError: it is empty, too long, or not Unicode text.
    """
    if not text:
        raise InvalidRequestError("text", gettext(NO_TEXT))
    if len(text) > sharing.MAX_CHARACTERS:
        fault = TooLongError("text", maximum=sharing.MAX_CHARACTERS)
        raise InvalidRequestError("text", translated(fault), fault)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidRequestError("text", gettext(NOT_UTF_8)) from None
    return text


def site_origin(request: HttpRequest) -> str:
    """Return the scheme, host and port for new links: ``SITE_URL``, or those of the request."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"


def _terms(values: Mapping[str, Any]) -> ShareTerms:
    return ShareTerms(**{name: values[name] for name in _TERMS if name in values})


def _sealed_bytes(values: Mapping[str, Any]) -> bytes:
    try:
        sealed = protocol.decode(_text(values, "sealed"))
    except ValueError:
        raise InvalidRequestError("sealed", gettext(NOT_SEALED)) from None
    if len(sealed) > sharing.MAX_SEALED_BYTES:
        message = gettext("must have at most %(maximum)d bytes")
        raise TooLargeError("sealed", message % {"maximum": sharing.MAX_SEALED_BYTES})
    return sealed


def _bytes(values: Mapping[str, Any], name: str, size: int) -> bytes:
    message = gettext(NOT_BASE64URL) % {"size": size}
    try:
        value = protocol.decode(_text(values, name))
    except ValueError:
        raise InvalidRequestError(name, message) from None
    if len(value) != size:
        raise InvalidRequestError(name, message)
    return value


def _text(values: Mapping[str, Any], name: str) -> str:
    value = _given(values, name)
    try:
        domain.require_text(name, value)
    except domain.RecipeError as error:
        raise InvalidRequestError(name, translated(error), error) from None
    return cast("str", value)


def _given(values: Mapping[str, Any], name: str) -> Any:
    if name not in values:
        raise InvalidRequestError(name, gettext(NOT_GIVEN))
    return values[name]


def _refuse_unknown(values: Mapping[str, Any], known: frozenset[str], prefix: str = "") -> None:
    for name in values:
        if name not in known:
            # A name that is not printable might not be written into the response.
            field_name = f"{prefix}{name}" if name.isprintable() else "body"
            raise InvalidRequestError(field_name, gettext(NOT_KNOWN))
