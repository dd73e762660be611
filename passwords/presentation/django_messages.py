"""Texts of Django and simple-history that this app translates in another way, for `makemessages`.

In Portuguese, months are written in lower case. Some of their texts have mistakes, or only one
gender, and simple-history has no Spanish. This app comes before the admin and simple-history in
``INSTALLED_APPS``, so its translations are used.
"""

from typing import Final

from django.utils.translation import gettext_noop as _

DJANGO_MESSAGES: Final = (
    *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
    *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
    _("Welcome,"),
    _("Breadcrumbs"),
    _("%(app)s administration"),
    _("View %s"),
    _("Toggle sorting"),
    _("Remove from sorting"),
    _("Delete selected %(verbose_name_plural)s"),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the'
        " following related items will be deleted:"
    ),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("Change history: %s"),
    _("View history: %s"),
    _("Choose a date from the list below to revert to a previous version of this object."),
)
