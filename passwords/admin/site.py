"""The admin site: the index page with the dashboard, and the page of the second factor."""

from base64 import b32encode
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from itertools import islice
from typing import Any, Final

import django_otp
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from passwords import audit, history
from passwords.accounts import remote_users, second_factor
from passwords.accounts.sign_in import SignInForm
from passwords.client_address import client_address
from passwords.history import statistics
from passwords.models import Action
from passwords.presentation.charts import Charts
from passwords.presentation.qr_code import qr_code
from passwords.problems import respond
from passwords.recents import (
    RecentsUnavailableError,
    differing_keys,
    open_store,
    uses_redis,
)

MOST_OWNERS: Final = 1000

NOT_STAFF: Final = gettext_noop("You are signed in, but your account may not see the admin.")
NO_PASSWORDS: Final = gettext_noop(
    "This app takes no passwords: open it at the address of the proxy that signs you in."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The state of the stores.

    Attributes:
        database: the name of the database system.
        uses_redis: whether recents are kept in Redis.
        owners: how many owners have recents, at most ``MOST_OWNERS``; ``None`` if the store is not
            available.
        unsealed: rows that are not sealed yet; ``None`` if sealing is off (``AUDIT_CHAIN``).
        waiting: rows that this process could not write to the database yet.
        differing_keys: the settings whose keys another process on the same Redis does not have.
    """

    database: str
    uses_redis: bool
    owners: int | None
    unsealed: int | None
    waiting: int
    differing_keys: tuple[str, ...]


class GiropopsAdminSite(AdminSite):
    """Django's admin site with the app's name and a dashboard."""

    site_title = "Giropops Senhas"
    site_header = "Giropops Senhas"
    index_title = _("Dashboard")
    login_form = SignInForm

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the page of the second factor."""
        view = self.admin_view(self.second_factor_view)
        return [path("second-factor/", view, name="second_factor"), *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002  # Django's signature
        """Answer 400 to a query with a NUL, which PostgreSQL does not accept in text."""
        allowed = super().admin_view(view, cacheable)

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if any("\0" in text for item in request.GET.lists() for text in (item[0], *item[1])):
                raise BadRequest
            return allowed(request, *args, **kwargs)

        return checked

    def has_permission(self, request: HttpRequest) -> bool:
        """Require the second factor of users who have one."""
        if not super().has_permission(request):
            return False
        is_verified = getattr(request.user, "is_verified", None)
        return bool(is_verified and is_verified()) or not second_factor.is_required(request.user)  # type: ignore[arg-type]  # an anonymous user has no permission

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the form, but not where a proxy signs users in: then say why there is no admin."""
        is_named = remote_users.is_named(request)
        is_welcome = request.method == "GET" and self.has_permission(request)
        if is_welcome or (settings.PASSWORD_SIGN_IN and not is_named):
            return super().login(request, extra_context)
        message = gettext(NOT_STAFF if is_named else NO_PASSWORDS)
        return respond(request, HTTPStatus.FORBIDDEN, message=message)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the index page, with the dashboard for users who may see the history."""
        own = _dashboard() if request.user.has_perm("passwords.view_generation") else {}
        return super().index(request, {**own, **(extra_context or {})})

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the form only to a user who has a password."""
        if not request.user.has_usable_password():  # type: ignore[union-attr]  # is staff
            raise PermissionDenied
        return super().password_change(request, extra_context)

    def second_factor_view(self, request: HttpRequest) -> HttpResponse:
        """Set up or remove the signed-in user's second factor."""
        user: Any = request.user
        if not user.has_usable_password():  # whom a proxy signs in has no use for it
            raise PermissionDenied
        code = request.POST.get("code", "").strip()
        context: dict[str, Any] = {}
        if request.method == "POST" and code:
            if second_factor.is_set_up(user):
                return self._remove_second_factor(request, code)
            if confirmed := second_factor.confirm(user, code):
                device, context["recovery_codes"] = confirmed
                django_otp.login(request, device)
                record(request, Action.SECOND_FACTOR_ADDED)
            else:
                messages.error(request, gettext("That is not the code that the app shows now."))
        is_set_up = second_factor.is_set_up(user)
        if not is_set_up and request.method == "POST":
            device = second_factor.begin(user)
            context |= {"qr": qr_code(device.config_url), "key": _key(device)}
        return TemplateResponse(
            request,
            "admin/passwords/second_factor.html",
            {
                **self.each_context(request),
                "title": gettext("Second factor"),
                "is_set_up": is_set_up,
                **context,
            },
        )

    def _remove_second_factor(self, request: HttpRequest, code: str) -> HttpResponse:
        user: Any = request.user
        if second_factor.verify(user, code):
            second_factor.remove(user)
            record(request, Action.SECOND_FACTOR_REMOVED)
            messages.success(request, gettext("Your second factor is removed."))
        else:
            messages.error(
                request, gettext("Enter a code of your second factor that was not used yet.")
            )
        return HttpResponseRedirect(reverse("admin:second_factor"))


def record(request: HttpRequest, action: Action, **details: Any) -> None:
    """Record an action of the signed-in user in the audit."""
    audit.record(
        action,
        user_id=request.user.pk,
        user_name=request.user.get_username(),
        client_address=client_address(request),
        **details,
    )


def _key(device: Any) -> str:
    """Return the key in base32, in groups of four, for typing."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _dashboard() -> dict[str, Any]:
    figures = statistics.figures()
    charts = Charts(figures, reverse("admin:passwords_generation_changelist"))
    return {
        "figures": figures,
        "stores": _stores(),
        "verification": audit.last_verification(),
        "most_owners": MOST_OWNERS,
        "days": statistics.DAYS,
        "charts": charts.charts(),
        "shares": [
            ("kinds", gettext("By kind"), charts.kind_shares()),
            ("weak", gettext("Weaker than the default policy"), charts.weak_shares()),
            ("policies", gettext("Most used policies"), charts.policy_shares()),
        ],
    }


def _stores() -> Stores:
    owners: int | None
    try:
        owners = len(set(islice(open_store().owners(), MOST_OWNERS)))
    except RecentsUnavailableError:
        owners = None
    return Stores(
        database={"postgresql": "PostgreSQL", "sqlite": "SQLite"}.get(
            connection.vendor, connection.vendor
        ),
        uses_redis=uses_redis(),
        owners=owners,
        unsealed=audit.unsealed_rows() if settings.AUDIT_CHAIN else None,
        waiting=history.writer.waiting,
        differing_keys=differing_keys(),
    )
