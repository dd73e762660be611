"""The JSON API: version 1, and the two endpoints of the Flask app that this app replaces.

It needs no CSRF token: the cross-origin protection covers every view. In addition, a body must be
JSON, which a form of another site cannot send, and the cookie is SameSite=Lax, which a script of
another site cannot send. Views that only read are also exempt from Django's check, so that a wrong
method gets 405 and not 403.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.csrf import csrf_exempt

from passwords import domain, owners, services, share_requests, sharing, validation
from passwords.accounts import tokens
from passwords.api import secret_requests
from passwords.api.access import needs, refuse_drawing
from passwords.api.bodies import with_body
from passwords.api.contract import build_contract
from passwords.api.secret_requests import ApiRequest
from passwords.client_address import client_address
from passwords.formats import BusyError, Document, key_pairs
from passwords.models import Channel, Policy
from passwords.moments import timestamp
from passwords.policies import queries
from passwords.presentation.contract_page import contract_html
from passwords.problems import allow, busy, errors_response, respond, share_problem
from passwords.recents import Owner, RecentItem, RecentsUnavailableError
from passwords.sharing import ShareError, ShareOptions
from passwords.validation import SecretRequest

_CONTRACT: Final = json.dumps(build_contract(), ensure_ascii=False).encode()
# The Flask app listed at most 10.
_LEGACY_LIMIT: Final = 10


@csrf_exempt
@allow("POST")
@needs(tokens.DRAW)
@with_body(validation.read_legacy)
def legacy_generate(request: HttpRequest, wanted: SecretRequest) -> HttpResponse:
    """``POST /api/gerar-senha``: one password, in the old wire format."""
    owner = owners.find_recipient(request)
    generated = _generate(request, wanted, owner)
    response = JsonResponse({"senha": generated.secrets[0].value})
    owners.set_owner_cookie(response, owner)
    return response


@csrf_exempt
@allow("GET", "HEAD")
@needs(tokens.READ_RECENTS)
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
@needs()
@with_body(secret_requests.read, refuse=refuse_drawing)
def secrets(request: HttpRequest, asked: ApiRequest) -> HttpResponse:
    """``POST /api/v1/secrets``: up to 100 secrets of any recipe or policy, or one and its link."""
    wanted = asked.wanted
    try:
        if wanted.share:
            return _shared_secret(request, wanted, wanted.share, keep=asked.keep)
        return _secrets(request, asked)
    except BusyError:
        return busy(request)
    except domain.RecipeError as error:  # the format does not take a secret
        errors = validation.format_error(error).errors
        return errors_response(HTTPStatus.UNPROCESSABLE_ENTITY, errors)


@csrf_exempt
@allow("GET", "HEAD", "DELETE")
@needs(tokens.READ_RECENTS)
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
@needs(tokens.READ_RECENTS)
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
@needs(tokens.READ_POLICIES)
def policies(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the same for everybody
    """``GET /api/v1/policies``: the active policies."""
    listed = [
        {
            "slug": policy.slug,
            "name": policy.name,
            "description": policy.description,
            "kind": policy.kind,
            "parameters": policy.parameters,
            "entropy_bits": _entropy_bits(policy),
        }
        for policy in queries.active_policies()
    ]
    return JsonResponse({"policies": listed})


def _entropy_bits(policy: Policy) -> float | None:
    try:
        return policy.recipe().entropy_bits
    except domain.RecipeError:  # such as a wordlist that was removed
        return None


@csrf_exempt
@allow("GET", "HEAD")
@needs()
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the same for everybody
    """``GET /api/v1/openapi.json``: the API's contract."""
    return HttpResponse(_CONTRACT, content_type="application/json")


@csrf_exempt
@allow("GET", "HEAD")
def contract_page(request: HttpRequest) -> HttpResponse:
    """``GET /api/``: the API's contract for people, also where ``API_REQUIRES_TOKEN`` is set."""
    content = {
        "contract": _contract_html(get_language(), settings.URL_PREFIX),
        "requires_token": settings.API_REQUIRES_TOKEN,
    }
    return render(request, "passwords/contract.html", content)


@lru_cache(maxsize=8)
def _contract_html(language: str | None, prefix: str) -> SafeString:  # noqa: ARG001  # a key
    """Return the contract as HTML in the active language, which is the same for everybody."""
    return contract_html(json.loads(_CONTRACT), prefix=prefix)


def _secrets(request: HttpRequest, asked: ApiRequest) -> HttpResponse:
    wanted = asked.wanted
    owner = owners.find_recipient(request)
    generated = _generate(request, wanted, owner, keep=asked.keep)
    content = _flat(generated, asked.flat) if asked.flat else _listed(generated, keep=asked.keep)
    response = JsonResponse(content, status=HTTPStatus.CREATED)
    if asked.keep:
        owners.set_owner_cookie(response, owner)
    return response


def _flat(generated: services.Generated, name: str) -> dict[str, Any]:
    return {name: generated.secrets[0].value}


def _listed(generated: services.Generated, *, keep: bool) -> dict[str, Any]:
    outcome = "kept" if generated.recents_kept else "unavailable"
    return {
        # Newest first, as in the recents, which may keep fewer than were drawn.
        "secrets": _written(generated.secrets, generated.documents)[::-1],
        "recents": outcome if keep else "not kept",
        "recents_kept": generated.recents_kept,
    }


def _generate(
    request: HttpRequest, wanted: SecretRequest, owner: Owner | None, *, keep: bool = True
) -> services.Generated:
    return services.generate(
        recipe=wanted.recipe,
        count=wanted.count,
        policy=wanted.policy,
        owner=owner,
        channel=Channel.API,
        client_address=client_address(request),
        keep=keep,
        written_as=wanted.written_as,
    )


def _shared_secret(
    request: HttpRequest, wanted: SecretRequest, options: ShareOptions, *, keep: bool
) -> HttpResponse:
    """Draw one secret, and seal it under a key that only the response has."""
    owner = owners.find_or_make_owner(request)
    try:
        drawn = services.generate_shared(
            recipe=wanted.recipe,
            policy=wanted.policy,
            owner=owner,
            options=options,
            origin=share_requests.site_origin(request),
            channel=Channel.API,
            client_address=client_address(request),
            keep=keep,
            written_as=wanted.written_as,
        )
    except ShareError as error:
        return share_problem(request, error)
    (secret,) = _written([drawn.secret], drawn.documents)
    if not options.reveal:
        del secret["value"]
    content = {
        "secrets": [secret],
        "recents": drawn.recents,
        "recents_kept": int(drawn.recents == "kept"),
        "share": {
            "link": drawn.shared.link,
            "passphrase": drawn.shared.passphrase,
            "receipt": drawn.shared.receipt.receipt,
            "expires_at": timestamp(drawn.shared.receipt.expires_at),
        },
    }
    response = JsonResponse(content, status=HTTPStatus.CREATED)
    keep_until = sharing.last_day(drawn.shared.receipt.expires_at)
    owners.set_owner_cookie(response, owner, keep_until=keep_until)
    return response


def _recents(request: HttpRequest) -> Sequence[RecentItem]:
    owner = owners.find_owner(request)
    return services.recents(owner) if owner else []


def _written(
    items: Sequence[RecentItem], documents: Sequence[Document]
) -> Sequence[dict[str, Any]]:
    """Return the secrets, each with its text in the wanted format, if there is one."""
    secrets = [_secret(item) for item in items]
    for secret, document in zip(secrets, documents, strict=False):
        secret["text"] = document.text
        if document.note:
            secret["note"] = gettext(document.note) % document.note_params
    return secrets


def _secret(item: RecentItem) -> dict[str, Any]:
    public = key_pairs.public_half(item.encoding, item.value)
    return {
        "id": item.item_id,
        "value": item.value,
        **({"public": public} if public else {}),
        "kind": item.kind,
        **({"format": item.format} if item.format else {}),
        "entropy_bits": item.entropy_bits,
        "created_at": timestamp(item.created_at),
        "expires_at": timestamp(item.expires_at),
    }
