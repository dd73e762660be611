"""Errors name the field and what it allows, in a form that can be translated."""

import pytest

from passwords.domain import errors
from passwords.domain.errors import OutOfRangeError, RecipeError, UnreachableStrengthError


def _family(root: type[RecipeError]) -> list[type[RecipeError]]:
    return [root, *(kin for child in root.__subclasses__() for kin in _family(child))]


FAMILY = [cls for cls in _family(RecipeError) if cls.__module__ == errors.__name__]


def test_the_sentence_names_the_field_and_the_range() -> None:
    error = OutOfRangeError("length", minimum=4, maximum=256)

    assert str(error) == "length: must be between 4 and 256"


def test_a_channel_can_translate_the_template_and_insert_the_values() -> None:
    error = OutOfRangeError("length", minimum=4, maximum=256)

    translated = "deve estar entre %(minimum)d e %(maximum)d"

    assert translated % error.params == "deve estar entre 4 e 256"


def test_a_reachable_strength_is_rounded_down() -> None:
    error = UnreachableStrengthError(rule="length", reachable_bits=89.99)

    assert str(error) == "bits: cannot be reached: length allows at most 89.9 bits"


@pytest.mark.parametrize("cls", FAMILY)
def test_each_kind_has_its_own_sentence(cls: type[RecipeError]) -> None:
    others = {other.template for other in FAMILY if other is not cls}

    assert cls.template not in others
