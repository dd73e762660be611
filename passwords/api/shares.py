"""The endpoints of one-time links: clients seal and open by themselves (docs/sharing.md)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from passwords import owners, share_requests, sharing
from passwords.accounts import tokens
from passwords.api.access import needs
from passwords.api.bodies import with_body
from passwords.client_address import client_address
from passwords.models import Channel
from passwords.moments import timestamp
from passwords.problems import allow, respond, share_problem
from passwords.share_requests import OpenRequest, SealedShare
from passwords.sharing import GoneError, Receipt, ShareError, WrongProofError, protocol


@csrf_exempt
@allow("GET", "HEAD", "POST")
def shares(request: HttpRequest) -> HttpResponseBase:
    """``GET`` or ``POST /api/v1/shares``: list the owner's links, or make one."""
    return _create(request) if request.method == "POST" else _list(request)


@csrf_exempt
@allow("GET", "HEAD", "DELETE")
@needs(tokens.READ_SHARES)
def share(request: HttpRequest, receipt: str) -> HttpResponse:
    """``GET`` or ``DELETE /api/v1/shares/{receipt}``: read or revoke one of the owner's links."""
    owner = owners.find_owner(request)
    if request.method == "DELETE":
        if owner and sharing.revoke(owner=owner, receipt=receipt, channel=Channel.API):
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
    elif owner and (found := sharing.find_receipt(owner=owner, receipt=receipt)):
        return JsonResponse(_receipt(found))
    return respond(request, HTTPStatus.NOT_FOUND, field="receipt")


@csrf_exempt
@allow("POST")
@with_body(share_requests.read_id)
def status(request: HttpRequest, share_id: bytes) -> HttpResponse:
    """``POST /api/v1/shares/status``: whether a link can be opened."""
    try:
        found = sharing.status(share_id=share_id)
    except GoneError as error:
        return share_problem(request, error)
    return JsonResponse(
        {
            "state": "live",
            "passphrase": found.has_passphrase,
            "expires_at": timestamp(found.expires_at),
        }
    )


@csrf_exempt
@allow("POST")
@with_body(share_requests.read_open)
def open_share(request: HttpRequest, wanted: OpenRequest) -> HttpResponse:
    """``POST /api/v1/shares/open``: the sealed text, for a proof of the key."""
    try:
        opened = sharing.open_sealed(share_id=wanted.share_id, proof=wanted.proof)
    except WrongProofError as error:
        return JsonResponse({"attempts_left": error.attempts_left}, status=HTTPStatus.FORBIDDEN)
    except GoneError as error:
        return share_problem(request, error)
    return JsonResponse({"sealed": protocol.encode(opened.sealed), "views_left": opened.views_left})


@needs(tokens.READ_SHARES)
def _list(request: HttpRequest) -> HttpResponse:
    owner = owners.find_owner(request)
    receipts = sharing.list_receipts(owner) if owner else []
    return JsonResponse({"shares": [_receipt(receipt) for receipt in receipts]})


@needs(tokens.CREATE_SHARES)
@with_body(share_requests.read_sealed)
def _create(request: HttpRequest, wanted: SealedShare) -> HttpResponse:
    owner = owners.find_or_make_owner(request)
    try:
        receipt = sharing.create(
            share_id=wanted.share_id,
            verifier=wanted.verifier,
            sealed=wanted.sealed,
            has_passphrase=wanted.has_passphrase,
            terms=wanted.terms,
            owner=owner,
            channel=Channel.API,
            client_address=client_address(request),
        )
    except ShareError as error:
        return share_problem(request, error)
    content = {
        "receipt": receipt.receipt,
        "expires_at": timestamp(receipt.expires_at),
        "views": receipt.views_left,
    }
    response = JsonResponse(content, status=HTTPStatus.CREATED)
    owners.set_owner_cookie(response, owner, keep_until=sharing.last_day(receipt.expires_at))
    return response


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt": receipt.receipt,
        "state": receipt.state,
        "created_at": timestamp(receipt.created_at),
        "expires_at": timestamp(receipt.expires_at),
        "opened_at": timestamp(receipt.opened_at) if receipt.opened_at else None,
        "views_left": receipt.views_left,
        "attempts": receipt.attempts,
    }
