"""The checks that recipes make of their parameters; each raises an error naming the field."""

from collections.abc import Iterable

from passwords.domain.errors import (
    NotFlagError,
    NotTextError,
    NotWholeNumberError,
    OutOfRangeError,
    UnknownChoiceError,
)

MAX_TEXT_LENGTH = 256
"""The most characters in a text parameter; the longest useful one, *exclude*, has 94."""


def require_whole_number(field: str, value: object, *, minimum: int, maximum: int) -> None:
    """Refuse all but an int from *minimum* to *maximum*; bool is an int to Python, not here.

    Raises:
        NotWholeNumberError: the value is no int.
        OutOfRangeError: it is outside the range.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotWholeNumberError(field)
    if not minimum <= value <= maximum:
        raise OutOfRangeError(field, minimum=minimum, maximum=maximum)


def require_flag(field: str, value: object) -> None:
    """Refuse all but True and False.

    Raises:
        NotFlagError: the value is neither.
    """
    if not isinstance(value, bool):
        raise NotFlagError(field)


def require_text(field: str, value: object) -> None:
    """Refuse all but a string.

    Raises:
        NotTextError: the value is none.
    """
    if not isinstance(value, str):
        raise NotTextError(field)


def require_choice(field: str, value: object, choices: Iterable[str]) -> None:
    """Refuse all but one of the *choices*.

    Raises:
        NotTextError: the value is no string.
        UnknownChoiceError: it is another one.
    """
    require_text(field, value)
    if value not in (known := tuple(choices)):
        raise UnknownChoiceError(field, choices=known)
