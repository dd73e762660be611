"""The page that writes a secret in a format: what somebody pastes into a file or a tool."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from passwords import domain, owners, services, validation
from passwords.domain.validation import require_choice
from passwords.formats import BusyError
from passwords.owners import OwnerUnknownError
from passwords.presentation.format_form import format_forms, format_label, names_that_suit
from passwords.presentation.qr_code import qr_code
from passwords.problems import busy, respond
from passwords.recents import RecentItem, RecentsUnavailableError

# Their texts are for the camera of a phone.
_AS_QR_CODE: Final = frozenset({"wifi", "otpauth"})


def written_page(request: HttpRequest, item: RecentItem) -> HttpResponse:
    """Show the forms of all formats, and *item* in the format of the one that was sent."""
    post = request.POST.dict()
    if "as" not in post:
        return _page(request, {"forms": format_forms(item.encoding, chosen=item.format)})
    chosen = post["as"]
    try:
        written = _write(post, item)
    except BusyError:
        return busy(request)
    except domain.RecipeError as error:
        forms = format_forms(item.encoding, chosen=chosen, post=post, error=error)
        if not any(form.is_open for form in forms):  # no page sends this
            message = validation.translated(error)
            return respond(request, HTTPStatus.UNPROCESSABLE_ENTITY, message=message)
        context = {"forms": forms, "is_faulty": True}
        return _page(request, context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    _store_format(request, item, chosen)
    forms = format_forms(item.encoding, chosen=chosen, post=post)
    return _page(request, {"forms": forms, **written})


def _write(post: dict[str, str], item: RecentItem) -> dict[str, Any]:
    """Return what the page shows of the secret in its format.

    Raises:
        RecipeError: a value is not valid, or the format does not take the secret.
        BusyError: this process is hashing for somebody else.
    """
    require_choice("as", post["as"], names_that_suit(item.encoding))
    written_as = validation.read_format_form(post)
    found = written_as.format
    (document,) = written_as.write_all([item.value])
    return {
        "label": format_label(found.name),
        "text": document.text,
        "note": gettext(document.note) % document.note_params if document.note else "",
        "secret": item.value if found.is_one_way else "",
        "code": qr_code(document.text) if found.name in _AS_QR_CODE else "",
    }


def _store_format(request: HttpRequest, item: RecentItem, name: str) -> None:
    """Store the format with the secret. While the store is away, the text is shown all the same."""
    with suppress(OwnerUnknownError, RecentsUnavailableError):
        if owner := owners.find_owner(request):
            services.set_format(owner=owner, item_id=item.item_id, format_name=name)


def _page(
    request: HttpRequest, context: dict[str, Any], *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    source = "draft" if "draft" in request.POST else "item"
    held = {"source": source, "held": request.POST[source]}
    return render(request, "passwords/write.html", {**context, **held}, status=status)
