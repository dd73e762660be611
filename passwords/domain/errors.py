"""The faults that a recipe can have, each naming the field at fault and what it allows.

Each class has one literal ``template``, so that a door can translate the template and
interpolate ``params`` into it. Neither ever holds a secret: recipes come before secrets.
"""

import math
from collections.abc import Iterable
from typing import ClassVar

ErrorParam = int | str | float


class RecipeError(ValueError):
    """A recipe that cannot exist; the root of every error of the domain.

    Attributes:
        field: the recipe's parameter at fault, as its constructor spells it.
        code: a stable word for the kind of fault.
        template: an English sentence without its subject, in %-format with named parameters.
        params: the values that go into the template.
    """

    code: ClassVar[str] = "invalid"
    template: ClassVar[str] = "is not valid"

    def __init__(self, field: str, **params: ErrorParam) -> None:
        super().__init__(field, params)
        self.field = field
        self.params = params

    @property
    def message(self) -> str:
        """The sentence without the name of the field."""
        return self.template % self.params

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class WrongTypeError(RecipeError):
    """The value is of another type than the field's."""

    code = "wrong_type"
    template = "has the wrong type"


class NotWholeNumberError(WrongTypeError):
    """The field takes a whole number; true and false are none."""

    template = "must be a whole number"


class NotNumberError(WrongTypeError):
    """The field takes a number; true and false are none."""

    template = "must be a number"


class NotFlagError(WrongTypeError):
    """The field takes true or false."""

    template = "must be true or false"


class NotTextError(WrongTypeError):
    """The field takes text."""

    template = "must be text"


class OutOfRangeError(RecipeError):
    """The number is smaller or larger than the field allows."""

    code = "out_of_range"
    template = "must be between %(minimum)d and %(maximum)d"

    def __init__(self, field: str, *, minimum: int, maximum: int) -> None:
        super().__init__(field, minimum=minimum, maximum=maximum)


class TooLongError(RecipeError):
    """The text has more characters than the field allows."""

    code = "too_long"
    template = "must have at most %(maximum)d characters"

    def __init__(self, field: str, *, maximum: int) -> None:
        super().__init__(field, maximum=maximum)


class UnknownChoiceError(RecipeError):
    """The word is none of those that the field knows."""

    code = "unknown_choice"
    template = "must be one of %(choices)s"

    def __init__(self, field: str, *, choices: Iterable[str]) -> None:
        super().__init__(field, choices=", ".join(choices))


class ForbiddenCharactersError(RecipeError):
    """The text holds a character that is none of the *allowed* ones."""

    code = "forbidden_characters"
    template = "may hold only these characters: %(allowed)s"

    def __init__(self, field: str, *, allowed: str) -> None:
        super().__init__(field, allowed=allowed)


class NotPrintableError(RecipeError):
    """The text holds a character that cannot be printed."""

    code = "not_printable"
    template = "may hold only printable characters"


class NotApplicableError(RecipeError):
    """The field has no meaning beside the *value* of another one, the *rule*."""

    code = "not_applicable"
    template = "must be left out when %(rule)s is %(value)s"

    def __init__(self, field: str, *, rule: str, value: str) -> None:
        super().__init__(field, rule=rule, value=value)


class AmbiguousError(RecipeError):
    """Two different series of choices would give the same secret."""

    code = "ambiguous"
    template = "would make some secrets readable in two ways"


class ImpossibleRecipeError(RecipeError):
    """No string satisfies all rules together."""

    code = "impossible"
    template = "leaves no secret that satisfies the other rules"


class NoClassError(ImpossibleRecipeError):
    """No class of characters is chosen."""

    template = "choose at least one of lowercase, uppercase, digits and symbols"


class EmptiedClassError(ImpossibleRecipeError):
    """The exclusions leave no character of a class, and *rule* asks for some."""

    template = "leaves no character for %(rule)s"

    def __init__(self, field: str, *, rule: str) -> None:
        super().__init__(field, rule=rule)


class EmptiedAlphabetError(ImpossibleRecipeError):
    """The exclusions leave no character at all."""

    template = "leaves no character to draw from"


class MinimumOfUnchosenClassError(ImpossibleRecipeError):
    """The minimum is above 0, and the class it speaks of is not chosen."""

    template = "must be 0 while %(rule)s is not chosen"

    def __init__(self, field: str, *, rule: str) -> None:
        super().__init__(field, rule=rule)


class MinimumsExceedLengthError(ImpossibleRecipeError):
    """The minimums add up to more characters than the secret has."""

    template = "must be at least %(minimum)d, the sum of the minimums"

    def __init__(self, field: str, *, minimum: int) -> None:
        super().__init__(field, minimum=minimum)


class UnreachableStrengthError(RecipeError):
    """The wished strength is out of reach because of *rule*, the field that stands in the way."""

    code = "unreachable_strength"
    template = "cannot be reached: %(rule)s allows at most %(reachable_bits).1f bits"

    def __init__(self, field: str = "bits", *, rule: str, reachable_bits: float) -> None:
        super().__init__(field, rule=rule, reachable_bits=_at_most(reachable_bits))


class UnknownParameterError(RecipeError):
    """A recipe of this *kind* has no such parameter."""

    code = "unknown_parameter"
    template = "is not a parameter of %(kind)s"

    def __init__(self, field: str, *, kind: str) -> None:
        super().__init__(field, kind=kind)


class SizeAndStrengthError(RecipeError):
    """Both a size and a strength are wished; *rule* is the parameter that holds the size."""

    code = "size_and_strength"
    template = "takes the place of %(rule)s: with %(rule)s at %(size)d there are %(held).1f bits"

    def __init__(self, field: str = "bits", *, rule: str, size: int, held: float) -> None:
        super().__init__(field, rule=rule, size=size, held=_at_most(held))


def _at_most(bits: float) -> float:
    """Round down to a tenth, lest a message claim more than there is."""
    return math.floor(bits * 10) / 10
