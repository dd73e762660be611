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


class TooFewCharactersError(RecipeError):
    """The text has fewer different characters than the field needs."""

    template = _("must have at least %(minimum)d different characters")


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


class OtherKindError(UnknownParameterError):
    """The parameter belongs to recipes of other *kinds* than *kind*."""

    template = _("is not a parameter of %(kind)s, but of %(kinds)s")


class SizeAndStrengthError(RecipeError):
    """Both a size and an entropy are given; *rule* is the parameter for the size."""

    template = _("takes the place of %(rule)s: with %(rule)s at %(size)d there are %(held)s bits")

    def __init__(self, field: str = "bits", *, rule: str, size: int, held: float) -> None:
        super().__init__(field, rule=rule, size=size, held=_at_most(held))


class UnknownPropertyError(RecipeError):
    """A password rule has a property with another *name* than those of the language."""

    template = _(
        "character %(position)d: there is no property “%(name)s”."
        " (Apple then ignores the whole rule.)"
    )


class PropertyExpectedError(RecipeError):
    """A password rule has something else where a property must begin."""

    template = _(
        "character %(position)d: a property must begin here, such as “required”."
        " (Apple ignores everything from here on.)"
    )


class ColonExpectedError(RecipeError):
    """The *name* of a property in a password rule has no colon right after it."""

    template = _(
        "character %(position)d: a colon must follow “%(name)s” at once."
        " (Apple then ignores this property, or the whole rule.)"
    )


class ValueExpectedError(RecipeError):
    """A property of a password rule has no value."""

    template = _(
        "character %(position)d: “%(name)s” has no value. (Apple then ignores this property.)"
    )


class NumberExpectedError(RecipeError):
    """The value of a property is not a number with a semicolon or the end right after it."""

    template = _(
        "character %(position)d: “%(name)s” takes a whole number, with a semicolon or the end right"
        " after it. (Apple then ignores this property, or the whole rule.)"
    )


class ClassExpectedError(RecipeError):
    """A password rule has something else where a character class must begin."""

    template = _(
        "character %(position)d: a character class must begin here."
        " (Apple then ignores this property, or the whole rule.)"
    )


class UnknownClassError(RecipeError):
    """A password rule names a character class that does not exist."""

    template = _(
        "character %(position)d: “%(name)s” is none of upper, lower, digit, special,"
        " ascii-printable and unicode. (Apple then ignores the whole rule.)"
    )


class UnclosedSetError(RecipeError):
    """A set of characters in a password rule has no closing bracket."""

    template = _(
        "character %(position)d: this bracket is not closed."
        " (Apple ignores everything from here on.)"
    )


class EmptySetError(RecipeError):
    """A set of characters in a password rule is empty."""

    template = _(
        "character %(position)d: there is nothing in these brackets."
        " (Apple then ignores the brackets, or the whole rule.)"
    )


class MisplacedHyphenError(RecipeError):
    """A set of characters in a password rule has a hyphen that is not its first character."""

    template = _(
        "character %(position)d: a hyphen must come first in brackets."
        " (Apple skips this one: [a-z] means a and z.)"
    )


class SemicolonExpectedError(RecipeError):
    """A password rule has something else where a property must end."""

    template = _(
        "character %(position)d: a semicolon must come before the next property."
        " (Apple then ignores the whole rule.)"
    )


class ContraryLengthsError(ImpossibleRecipeError):
    """The minimum length of a password rule is greater than its maximum length."""

    template = _("minlength %(minimum)d is greater than maxlength %(maximum)d")


class NoLengthError(ImpossibleRecipeError):
    """A password rule allows no length of this app."""

    template = _("must allow a length from %(minimum)d to %(maximum)d")


class TooManySetsError(RecipeError):
    """A password rule requires characters from too many different sets."""

    template = _(
        "may require characters from at most %(maximum)d different sets at %(length)d characters"
    )


class UncountableError(RecipeError):
    """The exact number of passwords would take too long to compute."""

    template = _("takes too long to count at %(length)d characters: choose a smaller length")


class TooStrictError(RecipeError):
    """All or nearly all passwords are refused, so that drawing one would take too long."""

    template = _(
        "refuses all or nearly all passwords of %(length)d characters: choose another length"
    )


class NotBesideError(RecipeError):
    """The field does not apply beside the field *rule*."""

    template = _("must be left out beside %(rule)s")


class UnknownPlaceholderError(RecipeError):
    """A pattern has a letter, *name*, that stands for no characters."""

    template = _(
        "character %(position)d: “%(name)s” is no placeholder."
        " Write “\\%(name)s” for the letter itself."
    )


class OutsideAsciiError(RecipeError):
    """A pattern has KeePass's placeholder for characters outside ASCII."""

    template = _(
        "character %(position)d: “x” is refused, because it draws characters outside ASCII."
        " Write “\\x” for the letter itself."
    )


class NotAsciiError(RecipeError):
    """A pattern has a character that is not printable ASCII."""

    template = _("character %(position)d: only printable ASCII characters are allowed")


class UnescapedError(RecipeError):
    """A pattern has a character with a meaning, *name*, where it has none."""

    template = _(
        "character %(position)d: “%(name)s” has a special meaning."
        " Write “\\%(name)s” for the character itself."
    )


class RangeError(RecipeError):
    """A set of characters in a pattern has a hyphen, as if for a range."""

    template = _(
        "character %(position)d: there are no ranges in brackets."
        " Write “l” for a to z, “d” for 0 to 9, and “\\-” for a hyphen."
    )


class NothingEscapedError(RecipeError):
    """A pattern ends with a backslash."""

    template = _("character %(position)d: a character must follow this backslash")


class UnclosedBracketError(RecipeError):
    """A set of characters in a pattern has no closing bracket."""

    template = _("character %(position)d: this bracket is not closed")


class EmptyBracketsError(RecipeError):
    """A set of characters in a pattern is empty."""

    template = _("character %(position)d: there is no character in these brackets")


class RepetitionExpectedError(RecipeError):
    """A brace in a pattern is not the beginning of a repetition."""

    template = _("character %(position)d: a whole number must be in braces, such as {4}")


class TooWideError(RecipeError):
    """A pattern draws too many characters."""

    template = _("character %(position)d: there are more than %(maximum)d characters to draw")


class NothingRandomError(ImpossibleRecipeError):
    """A pattern gives only one secret."""

    template = _("must have a random character, such as “A” or “d”")


class EmptiedPlaceholderError(ImpossibleRecipeError):
    """The exclusions leave no character for a placeholder of a pattern."""

    template = _("leaves no character at character %(position)d of the pattern")


def _at_most(bits: float) -> float:
    """Round down to a tenth, so that a message never shows more than there is."""
    return math.floor(bits * 10) / 10
