"""API tokens in the admin: one's own, and with permission everybody's. Shown once, when created."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from passwords.accounts import tokens
from passwords.accounts.tokens import CreatedToken, InvalidTokenError
from passwords.client_address import client_address
from passwords.models import ApiToken, Channel
from passwords.policies import queries

if TYPE_CHECKING:
    from datetime import datetime

    TokenModelAdmin = admin.ModelAdmin[ApiToken]
else:  # the class takes no parameter at run time
    TokenModelAdmin = admin.ModelAdmin

_MEANINGS: Final = {
    tokens.DRAW: _("draw by any recipe, and by any policy unless policies are chosen below"),
    tokens.READ_POLICIES: _("list the policies"),
    tokens.READ_RECENTS: _("list and forget your recent secrets"),
    tokens.CREATE_SHARES: _("make one-time links"),
    tokens.READ_SHARES: _("list and revoke your one-time links"),
}


class TokenForm(forms.Form):
    """What a new token is called, what it may do, and how long it lives."""

    name = forms.CharField(label=_("Name"), max_length=tokens.MAX_NAME_LENGTH)
    scopes = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(
        label=_("Days"), initial=tokens.DEFAULT_DAYS, min_value=1, max_value=tokens.MAX_DAYS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]  # a MultipleChoiceField
            *((scope, f"{scope}: {meaning}") for scope, meaning in _MEANINGS.items()),
            *(
                (f"{tokens.USE_POLICY}{policy.slug}", f"{tokens.USE_POLICY}{policy.slug}")
                for policy in queries.active_policies()
            ),
        ]


@admin.register(ApiToken)
class ApiTokenAdmin(TokenModelAdmin):
    """Tokens: staff make, see and revoke their own."""

    change_form_template = "admin/passwords/row.html"
    list_display = ("name", "user", "allows", "state_now", "ends", "used", "last_four")
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    fields = (
        *("name", "user", "allows", "state_now", "created_at", "expires_at", "revoked_at"),
        *("last_used_at", "last_four"),
    )
    actions = ("revoke",)
    show_full_result_count = False

    @admin.display(description=_("scopes"))
    def allows(self, token: ApiToken) -> str:
        """Return the scopes in one line."""
        return " ".join(token.scopes)

    @admin.display(description=_("state"))
    def state_now(self, token: ApiToken) -> str:
        """Return the state at this moment."""
        return str(token.state(timezone.now()).label)

    @admin.display(description=_("expires"), ordering="expires_at")
    def ends(self, token: ApiToken) -> str:
        """Return the end in its short form."""
        return _short(token.expires_at)

    @admin.display(description=_("last used"), ordering="last_used_at")
    def used(self, token: ApiToken) -> str:
        """Return the last use in its short form."""
        return _short(token.last_used_at) if token.last_used_at else "-"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        """Return the user's own tokens, or everybody's."""
        listed = super().get_queryset(request)
        if request.user.has_perm("passwords.view_apitoken"):
            return listed
        return _own(listed, request)

    def has_module_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        """Allow all staff."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:  # noqa: ARG002
        """Allow all staff; `get_queryset` limits what they see."""
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Allow all staff to create tokens of their own."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:  # noqa: ARG002
        """Refuse: a token is only revoked."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:  # noqa: ARG002
        """Refuse: a revoked token stays in the list."""
        return False

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",  # noqa: ARG002  # Django's signature
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Create a token of the signed-in user, and show it in this response only."""
        form = TokenForm(request.POST or None)
        created = _create(request, form) if form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("New API token"),
            "opts": self.opts,
            "form": form,
            "created": created,
            **(extra_context or {}),
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return TemplateResponse(
            request, "admin/passwords/apitoken/add.html", context, status=status
        )

    @admin.action(description=_("Revoke the chosen tokens"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """End tokens at once: one's own, and with permission those of others."""
        if not request.user.has_perm("passwords.change_apitoken"):
            queryset = _own(queryset, request)
        chosen = list(queryset)
        for token in chosen:
            tokens.revoke(token_id=token.pk, **_by(request))
        message = ngettext(
            "%(count)d token is not accepted any more.",
            "%(count)d tokens are not accepted any more.",
            len(chosen),
        )
        self.message_user(request, message % {"count": len(chosen)}, messages.SUCCESS)


def _own(listed: QuerySet[ApiToken], request: HttpRequest) -> QuerySet[ApiToken]:
    return listed.filter(user=request.user)  # type: ignore[misc]  # admin_view requires a user


def _create(request: HttpRequest, form: TokenForm) -> CreatedToken | None:
    values = form.cleaned_data
    try:
        return tokens.create(
            user=request.user,  # type: ignore[arg-type]  # admin_view requires a user
            name=values["name"],
            scopes=values["scopes"],
            days=values["days"],
            **_by(request),
        )
    except InvalidTokenError as error:
        form.add_error(error.field, error.message)
        return None


def _by(request: HttpRequest) -> dict[str, Any]:
    return {
        "by": request.user,
        "channel": Channel.ADMIN,
        "client_address": client_address(request),
    }


def _short(moment: "datetime") -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
