"""Texts of Django that this app's catalogues translate in another way, listed for `makemessages`.

In Portuguese, months are written in lower case. Django's Spanish greets one person as several and
lacks a space in its text about deletions. This app comes before the admin in ``INSTALLED_APPS``, so
its translations are used.
"""

from typing import Final

from django.utils.translation import gettext_noop as _

DJANGO_MESSAGES: Final = (
    *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
    *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
    _("Welcome,"),
    _("The %(name)s “%(obj)s” was deleted successfully."),
)
