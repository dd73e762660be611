"""The pages of one-time links: make one, open one, and see one's own.

With JavaScript the browser seals and opens, over the API. Without it, or without HTTPS, the forms
let the server do it; the pages say so.
"""

from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from passwords import owners, share_requests, sharing
from passwords.client_address import client_address
from passwords.models import Channel
from passwords.presentation.qr_code import qr_code
from passwords.presentation.share_form import ShareForm, share_errors
from passwords.presentation.share_list import share_rows
from passwords.problems import SHARE_PROBLEMS, allow, respond, share_problem, wrong_proof_text
from passwords.recents import Owner
from passwords.sharing import NotAllowedError, OpenedText, SharedText, ShareError, WrongProofError
from passwords.validation import InvalidRequestError

LINKS_A_PAGE: Final = 50
"""A page of all the 1,000 links of a list would take a second."""


@csrf_exempt
@allow("GET", "HEAD", "POST")
@sensitive_post_parameters()
@sensitive_variables("link", "passphrase", "opened")
def open_link(request: HttpRequest) -> HttpResponse:
    """``/s``: the page for every link. ``POST`` opens one on the server."""
    if request.method != "POST":
        return _open_page(request)
    link, passphrase = request.POST.get("link", ""), request.POST.get("passphrase", "")
    try:
        key = sharing.LinkKey.parse(link)
        opened = sharing.open_text(key=key, passphrase=passphrase or None)
    except WrongProofError as error:
        message = wrong_proof_text(error)
        return _open_page(request, link=link, message=message, status=HTTPStatus.FORBIDDEN)
    except ShareError as error:
        status, _field, reason = SHARE_PROBLEMS[type(error)]
        return _open_page(request, link=link, message=str(reason), status=status)
    return _open_page(request, opened=opened)


@csrf_exempt
@allow("GET", "HEAD", "POST")
@sensitive_post_parameters()
def share(request: HttpRequest) -> HttpResponse:
    """``/share``: make a link from a text. ``POST`` seals the text on the server."""
    owner = owners.find_or_make_owner(request)
    if not sharing.may_create(owner):
        return share_problem(request, NotAllowedError())
    if request.method == "POST":
        return _seal(request, owner)
    return _share_page(request, ShareForm())


def share_form_page(request: HttpRequest, text: str) -> HttpResponse:
    """Return the form for a link with *text* in it."""
    return _share_page(request, ShareForm({"text": text}))


@csrf_exempt
@allow("GET", "HEAD", "POST")
def shares(request: HttpRequest) -> HttpResponse:
    """``/shares``: the visitor's links, newest first. ``POST`` revokes one."""
    owner = owners.find_owner(request)
    if request.method != "POST":
        receipts = sharing.list_receipts(owner) if owner else []
        page = Paginator(receipts, LINKS_A_PAGE).get_page(request.GET.get("page"))
        content = {
            "page": page,
            "rows": share_rows(page),
            "can_share": settings.SHARES != "off",
        }
        return render(request, "passwords/shares.html", content)
    receipt = request.POST.get("receipt", "")
    if owner and sharing.revoke(owner=owner, receipt=receipt, channel=Channel.WEB):
        return redirect("passwords:shares")
    return respond(request, HTTPStatus.NOT_FOUND)


@sensitive_variables("text", "made")
def _seal(request: HttpRequest, owner: Owner) -> HttpResponse:
    post = request.POST.dict()
    try:
        # HTML forms send line breaks as CR LF.
        text = share_requests.read_text(post.get("text", "").replace("\r\n", "\n"))
        options = share_requests.read_form(post)
        made = sharing.share_text(
            text=text,
            terms=options.terms,
            passphrase_kind=options.passphrase_kind,
            owner=owner,
            channel=Channel.WEB,
            origin=share_requests.site_origin(request),
            client_address=client_address(request),
        )
    except InvalidRequestError as error:
        form = ShareForm(post, share_errors(error))
        return _share_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except ShareError as error:
        status, _field, message = SHARE_PROBLEMS[type(error)]
        return _share_page(request, ShareForm(post), message=str(message), status=status)
    response = _share_page(request, ShareForm(), made=made)
    owners.set_owner_cookie(response, owner, keep_until=sharing.last_day(made.receipt.expires_at))
    return response


def _share_page(
    request: HttpRequest,
    form: ShareForm,
    *,
    made: SharedText | None = None,
    message: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    content: dict[str, Any] = {
        "form": form,
        "message": message,
        "origin": share_requests.site_origin(request),
        # A browser that seals by itself takes the passphrase from here.
        "words": sharing.draw_passphrase("words"),
        "digits": sharing.draw_passphrase("digits"),
        "can_seal": sharing.has_aes(),
        # A browser can store what it has sealed only through the API.
        "api_is_open": not settings.API_REQUIRES_TOKEN or bool(owners.signed_in_owner(request)),
    }
    if made:
        address, _separator, key = made.link.partition("#")
        content |= {"made": made, "address": address, "key": key, "code": qr_code(made.link)}
    return render(request, "passwords/share.html", content, status=status)


def _open_page(
    request: HttpRequest,
    *,
    link: str = "",
    message: str = "",
    opened: OpenedText | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    content = {
        "link": link,
        "message": message,
        "opened": opened,
        "left": _left(opened.views_left) if opened else "",
        "can_open": sharing.has_aes(),
        "address": f"{share_requests.site_origin(request)}{settings.URL_PREFIX}/s#…",
    }
    page = render(request, "passwords/open.html", content, status=status)
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def _left(views: int) -> str:
    """Return what is true of the link after an opening."""
    if not views:
        return gettext("The link is used up, and its content is deleted here. Copy it now.")
    return ngettext(
        "The link can be opened %(count)d more time.",
        "The link can be opened %(count)d more times.",
        views,
    ) % {"count": views}
