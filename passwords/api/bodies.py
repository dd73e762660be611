"""Read JSON bodies."""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop

from passwords.problems import errors_response, respond
from passwords.share_requests import TooLargeError
from passwords.validation import NOT_AN_OBJECT, InvalidRequestError

Wanted = TypeVar("Wanted")

_NAMED_TWICE: Final = gettext_noop("must name each of its members once")


class _NotJsonError(Exception):
    """The body is not JSON."""


def with_body(
    read: Callable[[dict[str, Any]], Wanted],
    *,
    refuse: Callable[[HttpRequest, dict[str, Any]], HttpResponse | None] = lambda *_body: None,
) -> Callable[
    [Callable[[HttpRequest, Wanted], HttpResponse]], Callable[[HttpRequest], HttpResponse]
]:
    """Give a view what *read* returns for the body; an invalid body gets an error response.

    The response of *refuse*, if there is one, comes before what *read* finds.
    """

    def decorate(
        view: Callable[[HttpRequest, Wanted], HttpResponse],
    ) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def reading(request: HttpRequest) -> HttpResponse:
            if request.content_type != "application/json":
                return respond(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, field="body")
            try:
                content = _json_object(request.body)
                if refusal := refuse(request, content):
                    return refusal
                wanted = read(content)
            except _NotJsonError:
                return respond(request, HTTPStatus.BAD_REQUEST, field="body")
            except TooLargeError as error:
                return errors_response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error.errors)
            except InvalidRequestError as error:
                return errors_response(HTTPStatus.UNPROCESSABLE_ENTITY, error.errors)
            return view(request, wanted)

        return reading

    return decorate


def _json_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object in UTF-8 (RFC 8259), each of whose names is unique (RFC 7493).

    Raises:
        _NotJsonError: it is not JSON. (Python also accepts NaN and Infinity, which JSON does not.)
        InvalidRequestError: it is JSON, but not such an object.
    """
    try:
        content = json.loads(
            body.decode("utf-8-sig"),
            parse_constant=_refuse_constant,
            parse_int=_number,
            parse_float=_number,
            object_pairs_hook=_members,
        )
    except (ValueError, RecursionError):
        raise _NotJsonError from None
    if not isinstance(content, dict):
        raise InvalidRequestError("body", gettext(NOT_AN_OBJECT))
    return content


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise InvalidRequestError("body", gettext(_NAMED_TWICE))
    return members


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _number(text: str) -> float:
    """Return the number. JSON has only one type of number, so 20.0 is the integer 20.

    A number beyond the range of doubles becomes infinite, which no parameter accepts.
    """
    number = float(text)
    return int(number) if number.is_integer() else number
