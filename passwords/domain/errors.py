"""The errors of recipes; each names a field and says what the field allows.

Each class has one literal ``template``, so that a channel can translate it and then insert
``params``. Neither has a secret: recipes exist before secrets are drawn.
"""

import math
from collections.abc import Iterable
from typing import ClassVar


def _(text: str) -> str:
    """Mark *text* for `makemessages`. Channels translate it: the domain does not import Django."""
    return text


class RecipeError(ValueError):
    """The recipe is not valid; the root of all errors of the domain.

    Attributes:
        field: the name of the recipe's parameter.
        template: an English sentence without its subject, in %-format with named parameters.
        params: the values for the template.
    """

    template: ClassVar[str] = _("is not valid")

    def __init__(self, field: str, **params: str | float) -> None:
        super().__init__(field, params)
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return f"{self.field}: {self.template % self.params}"


class WrongTypeError(RecipeError):
    """The value has the wrong type."""

    template = _("has the wrong type")


class NotWholeNumberError(WrongTypeError):
    """The value is not a whole number; true and false are not numbers."""

    template = _("must be a whole number")


class NotNumberError(WrongTypeError):
    """The value is not a number; true and false are not numbers."""

    template = _("must be a number")


class NotFlagError(WrongTypeError):
    """The value is not true or false."""

    template = _("must be true or false")


class NotTextError(WrongTypeError):
    """The value is not text."""

    template = _("must be text")


class OutOfRangeError(RecipeError):
    """The number is smaller or larger than the field allows."""

    template = _("must be between %(minimum)d and %(maximum)d")


class TooLongError(RecipeError):
    """The text has more characters than the field allows."""

    template = _("must have at most %(maximum)d characters")


class UnknownChoiceError(RecipeError):
    """The value is not one of the choices."""

    template = _("must be one of %(choices)s")

    def __init__(self, field: str, *, choices: Iterable[str]) -> None:
        super().__init__(field, choices=", ".join(choices))


class ForbiddenCharactersError(RecipeError):
    """The text has a character that is not in *allowed*."""

    template = _("may hold only these characters: %(allowed)s")


class NotPrintableError(RecipeError):
    """The text has a character that is not printable."""

    template = _("may hold only printable characters")


class NotApplicableError(RecipeError):
    """The field does not apply if the field *rule* has this *value*."""

    template = _("must be left out when %(rule)s is %(value)s")


class AmbiguousError(RecipeError):
    """Two different sequences of choices would give the same secret."""

    template = _("would make some secrets readable in two ways")


class ImpossibleRecipeError(RecipeError):
    """No string satisfies all rules together."""

    template = _("leaves no secret that satisfies the other rules")


class NoClassError(ImpossibleRecipeError):
    """No character class is chosen."""

    template = _("choose at least one of lowercase, uppercase, digits and symbols")


class EmptiedClassError(ImpossibleRecipeError):
    """The exclusions leave no character of a class, but the field *rule* requires some."""

    template = _("leaves no character for %(rule)s")


class EmptiedAlphabetError(ImpossibleRecipeError):
    """The exclusions leave no character."""

    template = _("leaves no character to draw from")


class MinimumOfUnchosenClassError(ImpossibleRecipeError):
    """The minimum is above 0, but its class is not chosen."""

    template = _("must be 0 while %(rule)s is not chosen")


class MinimumsExceedLengthError(ImpossibleRecipeError):
    """The sum of the minimums is more than the length."""

    template = _("must be at least %(minimum)d, the sum of the minimums")


class UnreachableStrengthError(RecipeError):
    """The required entropy cannot be reached because of the field *rule*."""

    template = _("cannot be reached: %(rule)s allows at most %(reachable_bits)s bits")

    def __init__(self, field: str = "bits", *, rule: str, reachable_bits: float) -> None:
        super().__init__(field, rule=rule, reachable_bits=_at_most(reachable_bits))


class UnknownParameterError(RecipeError):
    """Recipes of this *kind* have no such parameter."""

    template = _("is not a parameter of %(kind)s")


class SizeAndStrengthError(RecipeError):
    """Both a size and an entropy are given; *rule* is the parameter for the size."""

    template = _("takes the place of %(rule)s: with %(rule)s at %(size)d there are %(held)s bits")

    def __init__(self, field: str = "bits", *, rule: str, size: int, held: float) -> None:
        super().__init__(field, rule=rule, size=size, held=_at_most(held))


def _at_most(bits: float) -> float:
    """Round down to a tenth, so that a message never shows more than there is."""
    return math.floor(bits * 10) / 10
