"""The messages of the domain, listed for `makemessages`: the domain does not import Django.

A test keeps the list equal to the templates of the domain's errors.
"""

from typing import Final

from django.utils.translation import gettext_noop as _

DOMAIN_MESSAGES: Final = (
    _("is not valid"),
    _("has the wrong type"),
    _("must be a whole number"),
    _("must be a number"),
    _("must be true or false"),
    _("must be text"),
    _("must be between %(minimum)d and %(maximum)d"),
    _("must have at most %(maximum)d characters"),
    _("must be one of %(choices)s"),
    _("may hold only these characters: %(allowed)s"),
    _("may hold only printable characters"),
    _("must be left out when %(rule)s is %(value)s"),
    _("would make some secrets readable in two ways"),
    _("leaves no secret that satisfies the other rules"),
    _("choose at least one of lowercase, uppercase, digits and symbols"),
    _("leaves no character for %(rule)s"),
    _("leaves no character to draw from"),
    _("must be 0 while %(rule)s is not chosen"),
    _("must be at least %(minimum)d, the sum of the minimums"),
    _("cannot be reached: %(rule)s allows at most %(reachable_bits)s bits"),
    _("is not a parameter of %(kind)s"),
    _("takes the place of %(rule)s: with %(rule)s at %(size)d there are %(held)s bits"),
)
