"""Checks of parameters; each raises an error with the field's name."""

from collections.abc import Iterable

from passwords.domain.errors import (
    NotFlagError,
    NotTextError,
    NotWholeNumberError,
    OutOfRangeError,
    UnknownChoiceError,
)

MAX_TEXT_LENGTH = 256
"""The maximum length of a text parameter; the longest useful one, *exclude*, has 94 characters."""


def require_whole_number(field: str, value: object, *, minimum: int, maximum: int) -> None:
    """Check that the value is an int, not a bool, from *minimum* to *maximum*.

    Raises:
        NotWholeNumberError, OutOfRangeError: it is not.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotWholeNumberError(field)
    if not minimum <= value <= maximum:
        raise OutOfRangeError(field, minimum=minimum, maximum=maximum)


def require_flag(field: str, value: object) -> None:
    """Raise NotFlagError unless the value is True or False."""
    if not isinstance(value, bool):
        raise NotFlagError(field)


def require_text(field: str, value: object) -> None:
    """Raise NotTextError unless the value is a string."""
    if not isinstance(value, str):
        raise NotTextError(field)


def require_choice(field: str, value: object, choices: Iterable[str]) -> None:
    """Check that the value is one of the *choices*.

    Raises:
        NotTextError, UnknownChoiceError: it is not.
    """
    require_text(field, value)
    if value not in (known := tuple(choices)):
        raise UnknownChoiceError(field, choices=known)
