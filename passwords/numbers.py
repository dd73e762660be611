"""Numbers as the active language writes them. Every channel's texts use these functions."""

from fractions import Fraction

from django.utils.formats import number_format


def bits_text(bits: float, places: int = 2) -> str:
    """Return an entropy, rounded down: the app never claims more than there is.

    Machines read entropies unrounded, with a point: in the API, the exports and JSON output.
    """
    return str(number_format(bits, places, force_grouping=True))  # cuts the digits that follow


def whole_number(number: int) -> str:
    """Return a whole number, with its digits in groups."""
    return str(number_format(number, 0, force_grouping=True))


def amount_text(amount: Fraction) -> str:
    """Return an amount with one decimal, or with none if it is whole."""
    whole = amount.denominator == 1
    return str(number_format(int(amount) if whole else float(amount), 0 if whole else 1))
