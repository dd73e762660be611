"""Policies in the admin: a form with a preview, revisions, import and export."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Final

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from simple_history.admin import SimpleHistoryAdmin

from passwords import domain
from passwords.admin.policy_changes import PolicyChanges, parameter_texts
from passwords.admin.policy_import import ImportForm
from passwords.admin.recipe_fields import PARAMETER_FIELDS, PolicyForm, RecipeForm
from passwords.admin.site import record
from passwords.domain import Recipe
from passwords.formats import drawing
from passwords.models import Action, Policy
from passwords.numbers import bits_text
from passwords.policies import files
from passwords.policies.documents import PolicyFileError
from passwords.policies.files import Step
from passwords.policies.formats import EXPORTS, ExportFormat
from passwords.presentation.presets import preset
from passwords.presentation.strength import report

SAMPLES: Final = 5
# The most digits of a 64-bit key.
_KEY_DIGITS: Final = 19


@admin.register(Policy)
class PolicyAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # untyped
    """Policies: the domain validates them; each revision can be shown, compared and restored."""

    form = PolicyForm
    object_history_form_template = "admin/passwords/policy/revision.html"
    actions = ("delete_selected",)
    list_display = ("title", "slug", "kind", "bits", "is_active", "is_default", "position")
    list_filter = ("kind", "active", "default")
    search_fields = ("name", "slug")
    readonly_fields = ("version",)
    prepopulated_fields: ClassVar = {"slug": ["name"]}
    show_full_result_count = False
    fieldsets: ClassVar = [
        (None, {"fields": ["name", "slug", "description"]}),
        (None, {"fields": [("active", "default"), "position", "version"]}),
        (_("Recipe"), {"fields": ["kind", *PARAMETER_FIELDS["shared"]]}),
        *(
            (label, {"fields": PARAMETER_FIELDS[kind], "classes": ["recipe"]})
            for kind, label in (
                ("characters", _("Password")),
                ("passphrase", _("Passphrase")),
                ("pin", _("PIN")),
                ("token", _("Token")),
                ("pattern", _("Pattern")),
            )
        ),
    ]

    class Media:
        js = (Script("passwords/admin/policy.js", type="module"),)

    @admin.display(description=_("name"), ordering="name")
    def title(self, policy: Policy) -> str:
        """Return the name; a built-in one is translated."""
        return str(policy)

    @admin.display(description=_("description"))
    def purpose(self, policy: Policy) -> str:
        """Return the description; a built-in one is translated."""
        return preset(policy).description

    @admin.display(description=_("recipe parameters"))
    def parameters_shown(self, policy: Policy) -> str:
        """Return the parameters that are not left at their defaults."""
        return "; ".join(parameter_texts(policy.parameters))

    @admin.display(description=_("bits"))
    def bits(self, policy: Policy) -> str:
        """Return the entropy of the policy's secrets."""
        try:
            return bits_text(policy.recipe().entropy_bits)
        except domain.RecipeError:
            return "-"

    @admin.display(description=_("active"), ordering="active")
    def is_active(self, policy: Policy) -> str:
        """Return a word: Django's icons say "True" and "False" to screen readers."""
        return gettext("Yes") if policy.active else gettext("No")

    @admin.display(description=_("default"), ordering="default")
    def is_default(self, policy: Policy) -> str:
        """Return a word, as `is_active`."""
        return gettext("Yes") if policy.default else gettext("No")

    def get_fieldsets(self, request: HttpRequest, obj: Policy | None = None) -> Any:
        """Show texts in the place of the form's fields to users who may not change them."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        texts = (None, {"fields": ["title", "slug", "purpose"]})
        recipe = (_("Recipe"), {"fields": ["kind", "parameters_shown"]})
        return [texts, self.fieldsets[1], recipe]

    def get_urls(self) -> list[URLPattern]:
        """Add the preview, the import and the export."""
        wrap = self.admin_site.admin_view
        own = [
            path("preview/", wrap(self.preview_view), name="passwords_policy_preview"),
            path("import/", wrap(self.import_view), name="passwords_policy_import"),
            path(
                "export/<str:format_name>/", wrap(self.export_view), name="passwords_policy_export"
            ),
            path(
                "export/<str:format_name>/<slug:slug>/",
                wrap(self.export_one_view),
                name="passwords_policy_export_one",
            ),
        ]
        urls: list[URLPattern] = super().get_urls()
        return own + urls

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        """Show the preview of the recipe, also without JavaScript."""
        context["preview"] = _first_preview(context["adminform"].form)
        page: HttpResponse = super().render_change_form(request, context, **kwargs)
        return page

    def render_history_view(
        self, request: HttpRequest, template: str, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        """Show the preview of a revision too."""
        if "adminform" in context:
            context["preview"] = _first_preview(context["adminform"].form)
        page: HttpResponse = super().render_history_view(request, template, context, **kwargs)
        return page

    def get_historical_record_context_helper(
        self,
        request: HttpRequest,  # noqa: ARG002  # simple-history's signature
        historical_record: Any,
    ) -> PolicyChanges:
        """Return what describes the changes of a revision."""
        return PolicyChanges(self.model, historical_record)

    def history_form_view_title(self, request: HttpRequest, obj: Policy) -> str:  # noqa: ARG002  # simple-history's signature
        """Return the title of a revision's page."""
        return gettext("Revision of “%(policy)s”") % {"policy": obj}

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Answer 404 to an invalid key, on which simple-history would fail."""
        if not object_id.isdecimal() or len(object_id) > _KEY_DIGITS:
            raise Http404
        page: HttpResponse = super().history_view(request, object_id, extra_context)
        return page

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """Return the strength of the recipe in the form, and samples, which are not recorded."""
        if not self.has_view_or_change_permission(request) and not self.has_add_permission(request):
            raise PermissionDenied
        return _preview(request)

    def export_view(self, request: HttpRequest, format_name: str) -> HttpResponse:
        """Return all policies as a file."""
        export = self._export_format(request, format_name)
        if not export.file_name:
            raise Http404
        document = export.dump(Policy.objects.all())
        record(request, Action.POLICIES_EXPORTED, target=format_name)
        return _attachment(document, export.content_type, export.file_name)

    def export_one_view(self, request: HttpRequest, format_name: str, slug: str) -> HttpResponse:
        """Return one policy as a file; if the format cannot describe it, say so on its page."""
        export = self._export_format(request, format_name)
        policy = get_object_or_404(Policy, slug=slug)
        try:
            document = export.dump([policy])
        except PolicyFileError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:passwords_policy_change", args=[policy.pk]))
        record(request, Action.POLICIES_EXPORTED, target=format_name)
        return _attachment(document, export.content_type, f"{policy.slug}{export.suffix}")

    def _export_format(self, request: HttpRequest, name: str) -> ExportFormat:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if name not in EXPORTS:
            raise Http404
        return EXPORTS[name]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Show what a file would change; apply it when the user confirms."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if form.is_valid() and "apply" in request.POST:
            try:
                return _import(request, form.steps)
            except PolicyFileError as error:
                form.add_error(None, str(error))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Import policies"),
            "opts": self.model._meta,  # noqa: SLF001  # public
            "form": form,
            "steps": form.steps if form.is_bound and form.is_valid() else None,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return TemplateResponse(
            request, "admin/passwords/policy/import.html", context, status=status
        )

    def response_add(
        self, request: HttpRequest, obj: Policy, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Say that the policy was added."""
        _announce(request, gettext("The policy “%(policy)s” was added."), policy=obj)
        page: HttpResponse = super().response_add(request, obj, post_url_continue)
        return page

    def response_change(self, request: HttpRequest, obj: Policy) -> HttpResponse:
        """Say that the policy was changed."""
        _announce(request, gettext("The policy “%(policy)s” was changed."), policy=obj)
        page: HttpResponse = super().response_change(request, obj)
        return page

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Say that the policy was deleted."""
        _announce(request, gettext("The policy “%(policy)s” was deleted."), policy=obj_display)
        page: HttpResponse = super().response_delete(request, obj_display, obj_id)
        return page

    def message_user(
        self, request: HttpRequest, message: str, level: int | str = messages.INFO, **kwargs: Any
    ) -> None:
        """Leave out Django's messages of success, which are masculine in Portuguese and Spanish."""
        if level != messages.SUCCESS:
            super().message_user(request, message, level, **kwargs)

    @admin.action(description=_("Delete the selected policies"), permissions=["delete"])
    def delete_selected(
        self, request: HttpRequest, queryset: QuerySet[Policy]
    ) -> HttpResponseBase | None:
        """Delete policies after a confirmation, as Django's action does."""
        return delete_selected(self, request, queryset)

    def delete_model(self, request: HttpRequest, obj: Policy) -> None:
        """Delete a policy, and store the user in its last revision."""
        obj._history_user = request.user  # type: ignore[attr-defined]  # noqa: SLF001  # simple-history's interface
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Policy]) -> None:
        """Delete policies one by one, so that each gets its last revision."""
        deleted = list(queryset)
        for policy in deleted:
            self.delete_model(request, policy)
        message = ngettext(
            "%(deleted)d policy was deleted.", "%(deleted)d policies were deleted.", len(deleted)
        )
        _announce(request, message, deleted=len(deleted))


def _attachment(document: str, content_type: str, file_name: str) -> HttpResponse:
    return HttpResponse(
        document,
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


def _import(request: HttpRequest, steps: Sequence[Step]) -> HttpResponse:
    changed = files.apply(steps, user=request.user)  # type: ignore[arg-type]  # admin_view requires a user
    message = ngettext(
        "%(changed)d policy is changed or added.",
        "%(changed)d policies are changed or added.",
        changed,
    )
    _announce(request, message, changed=changed)
    return HttpResponseRedirect(reverse("admin:passwords_policy_changelist"))


def _announce(request: HttpRequest, message: str, **values: Any) -> None:
    messages.success(request, message % values)


@require_POST
def _preview(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_preview_of_form(request.POST))


def _preview_of_form(values: QueryDict) -> SafeString:
    """Return the preview of the recipe in a form, or what is wrong with it."""
    form = RecipeForm(values)
    if form.is_valid():
        return preview_html(form.recipe)
    faults = [
        (form.fields[name].label if name in form.fields else "", message)
        for name, found in form.errors.items()
        for message in found
    ]
    return render_to_string("admin/passwords/policy/_faults.html", {"faults": faults})


def preview_html(recipe: Recipe | None) -> SafeString:
    """Return the strength of *recipe* and samples, which are only shown and never kept."""
    if recipe is None:
        return render_to_string("admin/passwords/policy/_faults.html", {"faults": []})
    return render_to_string(
        "admin/passwords/policy/_preview.html",
        {"report": report(recipe), "samples": drawing.draw_many(recipe, SAMPLES)},
    )


def _first_preview(form: Any) -> SafeString | str:
    """Return the preview of what a form for a policy shows before it is changed in the browser."""
    if form.is_bound:
        return _preview_of_form(form.data)
    return preview_html(_stored_recipe(form.instance)) if form.instance.pk else ""


def _stored_recipe(policy: Policy) -> Recipe | None:
    try:
        return policy.recipe()
    except domain.RecipeError:
        return None
