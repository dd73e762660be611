"""The JSON API: version 1, and the two endpoints of the Flask app that this app replaces.

It needs no CSRF token: the cross-origin protection covers every view. In addition, a body must be
JSON, which a form of another site cannot send, and the cookie is SameSite=Lax, which a script of
another site cannot send. Views that only read are also exempt from Django's check, so that a wrong
method gets 405 and not 403.
"""

import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.csrf import csrf_exempt

from passwords import owners, services, validation
from passwords.api.contract import build_contract
from passwords.client_address import client_address
from passwords.domain.errors import NotPrintableError
from passwords.models import Channel
from passwords.moments import timestamp
from passwords.policies import queries
from passwords.problems import allow, errors_response, respond
from passwords.recents import RecentItem, RecentsUnavailableError
from passwords.validation import SecretRequest

_CONTRACT: Final = json.dumps(build_contract(), ensure_ascii=False).encode()
# The Flask app listed at most 10.
_LEGACY_LIMIT: Final = 10

_NOT_AN_OBJECT: Final = gettext_noop("must be a JSON object")
_NAMED_TWICE: Final = gettext_noop("must name each of its members once")


class _NotJsonError(Exception):
    """The body is not JSON."""


@csrf_exempt
@allow("POST")
def legacy_generate(request: HttpRequest) -> HttpResponse:
    """``POST /api/gerar-senha``: one password, in the old wire format."""

    def answer(generated: services.Generated) -> JsonResponse:
        return JsonResponse({"senha": generated.secrets[0].value})

    return _generate(request, validation.read_legacy, answer)


@csrf_exempt
@allow("GET", "HEAD")
def legacy_recents(request: HttpRequest) -> HttpResponse:
    """``GET /api/senhas``: the owner's recent secrets, in the old wire format."""
    try:
        items = _recents(request)[:_LEGACY_LIMIT]
    except RecentsUnavailableError:
        return respond(request, HTTPStatus.SERVICE_UNAVAILABLE, field="recents")
    listed = [{"id": place, "senha": item.value} for place, item in enumerate(items, start=1)]
    return JsonResponse(listed, safe=False)


@csrf_exempt
@allow("POST")
def secrets(request: HttpRequest) -> HttpResponse:
    """``POST /api/v1/secrets``: up to 100 secrets of any recipe or policy."""

    def answer(generated: services.Generated) -> JsonResponse:
        content = {
            # Newest first, as in the recents, which may keep fewer than were drawn.
            "secrets": [_secret(item) for item in reversed(generated.secrets)],
            "recents": "kept" if generated.recents_kept else "unavailable",
            "recents_kept": generated.recents_kept,
        }
        return JsonResponse(content, status=HTTPStatus.CREATED)

    return _generate(request, _read, answer)


@csrf_exempt
@allow("GET", "HEAD", "DELETE")
def recents(request: HttpRequest) -> HttpResponse:
    """``GET`` or ``DELETE /api/v1/recents``: list or forget all of the owner's recents."""
    try:
        if request.method == "DELETE":
            if owner := owners.find_owner(request):
                services.forget_all(owner=owner, channel=Channel.API)
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        return JsonResponse({"recents": [_secret(item) for item in _recents(request)]})
    except RecentsUnavailableError:
        return respond(request, HTTPStatus.SERVICE_UNAVAILABLE, field="recents")


@csrf_exempt
@allow("DELETE")
def recent(request: HttpRequest, item_id: str) -> HttpResponse:
    """``DELETE /api/v1/recents/{id}``: forget one."""
    owner = owners.find_owner(request)
    try:
        found = owner is not None and services.forget(owner=owner, item_id=item_id)
    except RecentsUnavailableError:
        return respond(request, HTTPStatus.SERVICE_UNAVAILABLE, field="recents")
    if not found:
        return respond(request, HTTPStatus.NOT_FOUND, field="id")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@csrf_exempt
@allow("GET", "HEAD")
def policies(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the same for everybody
    """``GET /api/v1/policies``: the active policies."""
    listed = [
        {
            "slug": policy.slug,
            "name": policy.name,
            "description": policy.description,
            "kind": policy.kind,
            "parameters": policy.parameters,
            "entropy_bits": policy.recipe().entropy_bits,
        }
        for policy in queries.active_policies()
    ]
    return JsonResponse({"policies": listed})


@csrf_exempt
@allow("GET", "HEAD")
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the same for everybody
    """``GET /api/v1/openapi.json``: the API's contract."""
    return HttpResponse(_CONTRACT, content_type="application/json")


def _generate(
    request: HttpRequest,
    read: Callable[[dict[str, Any]], SecretRequest],
    answer: Callable[[services.Generated], JsonResponse],
) -> HttpResponse:
    """Read the body, draw, and set the owner's cookie on the response."""
    if request.content_type != "application/json":
        return respond(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, field="body")
    try:
        wanted = read(_json_object(request.body))
    except _NotJsonError:
        return respond(request, HTTPStatus.BAD_REQUEST, field="body")
    except validation.InvalidRequestError as error:
        return errors_response(HTTPStatus.UNPROCESSABLE_ENTITY, error.errors)
    owner = owners.find_recipient(request)
    generated = services.generate(
        recipe=wanted.recipe,
        count=wanted.count,
        policy=wanted.policy,
        owner=owner,
        channel=Channel.API,
        client_address=client_address(request),
    )
    response = answer(generated)
    owners.set_owner_cookie(response, owner)
    return response


def _recents(request: HttpRequest) -> Sequence[RecentItem]:
    owner = owners.find_owner(request)
    return services.recents(owner) if owner else []


def _secret(item: RecentItem) -> dict[str, Any]:
    return {
        "id": item.item_id,
        "value": item.value,
        "kind": item.kind,
        "entropy_bits": item.entropy_bits,
        "created_at": timestamp(item.created_at),
        "expires_at": timestamp(item.expires_at),
    }


def _read(values: dict[str, Any]) -> SecretRequest:
    """Refuse text that is not printable, then validate as every channel does.

    JSON text may hold NUL, which PostgreSQL does not store, and a lone surrogate, which UTF-8
    cannot encode: such text must reach neither a query nor the response.

    Raises:
        InvalidRequestError: names the first invalid field.
    """
    for name, value in values.items():
        if not name.isprintable():
            raise validation.InvalidRequestError("body", gettext(NotPrintableError.template))
        if isinstance(value, str) and not value.isprintable():
            raise validation.InvalidRequestError(name, gettext(NotPrintableError.template))
    return validation.read(values)


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
        raise validation.InvalidRequestError("body", gettext(_NOT_AN_OBJECT))
    return content


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise validation.InvalidRequestError("body", gettext(_NAMED_TWICE))
    return members


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _number(text: str) -> float:
    """Return the number. JSON has only one type of number, so 20.0 is the integer 20.

    A number beyond the range of doubles becomes infinite, which no parameter accepts.
    """
    number = float(text)
    return int(number) if number.is_integer() else number
