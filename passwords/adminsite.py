"""The admin's site: a front page with a dashboard, for those who may see the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.template.response import TemplateResponse


class GiropopsAdminSite(AdminSite):
    """Django's site with our name on it, and a dashboard on its front page."""

    site_title = "Giropops Senhas"
    site_header = "Giropops Senhas"
    index_title = _("Dashboard")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the front page; the dashboard on it tells of the history."""
        own = _dashboard() if request.user.has_perm("passwords.view_generation") else {}
        return super().index(request, {**own, **(extra_context or {})})


def _dashboard() -> dict[str, Any]:
    # Imported on demand: the site is made before the models are there.
    from passwords import statistics  # noqa: PLC0415
    from passwords.presentation import charts  # noqa: PLC0415

    figures = statistics.dashboard()
    return {
        "figures": figures,
        "most_owners": statistics.MOST_OWNERS,
        "days": statistics.DAYS,
        "charts": [charts.days_chart(figures), charts.entropy_chart(figures)],
        "policy_shares": charts.policy_shares(figures),
        "weak_shares": charts.weak_shares(figures),
    }
