"""Identifiers with a time: the vectors, and that the standard library reads them."""

import uuid
from datetime import UTC, datetime

import pytest

from passwords import domain
from passwords.formats import drawing, identifiers

MILLISECONDS = 1645557742000
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
UUID7 = domain.build("token", {"encoding": "uuid7"})
ULID = domain.build("token", {"encoding": "ulid"})


def _nanoseconds() -> int:
    return MILLISECONDS * 1_000_000 + 999_999


def test_the_identifiers_are_those_of_the_vectors() -> None:
    uuid7 = identifiers.uuid7("00000000-0000-7cc3-98c4-dc0c0c07398f", milliseconds=MILLISECONDS)
    ulid = identifiers.ulid("0000000000SGWRRKE0R307767Z", milliseconds=MILLISECONDS)

    assert uuid7 == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"  # RFC 9562, appendix A.6
    assert ulid == "01FWHE4YDGSGWRRKE0R307767Z"


@pytest.mark.parametrize("milliseconds", [0, 1, MILLISECONDS, 2**48 - 1])
def test_the_time_is_in_the_first_48_bits(milliseconds: int) -> None:
    (drawn,) = drawing.draw_many(UUID7, 1, clock=lambda: milliseconds * 1_000_000)
    (ulid,) = drawing.draw_many(ULID, 1, clock=lambda: milliseconds * 1_000_000)

    value = uuid.UUID(drawn)
    assert (value.version, value.variant) == (7, uuid.RFC_4122)
    assert value.int >> 80 == milliseconds
    assert str(value) == drawn
    number = 0
    for digit in ulid:
        number = number * 32 + CROCKFORD.index(digit)
    assert number >> 80 == milliseconds
    assert ulid[0] <= "7"
    assert len(ulid) == 26


def test_the_time_is_that_of_the_clock() -> None:
    before = datetime.now(UTC)

    (drawn,) = drawing.draw_many(UUID7, 1)

    milliseconds = uuid.UUID(drawn).int >> 80
    assert abs(milliseconds / 1000 - before.timestamp()) < 60


@pytest.mark.parametrize(("recipe", "bits"), [(UUID7, 74), (ULID, 80)])
def test_several_of_one_millisecond_are_distinct_and_in_order(
    recipe: domain.Recipe, bits: int
) -> None:
    listed = drawing.draw_many(recipe, 500, clock=_nanoseconds)
    streamed = [
        value
        for batch in drawing.batches(recipe, 6000, clock=_nanoseconds)  # several chunks
        for value in batch
    ]

    for found in (listed, streamed):
        assert found == sorted(set(found))
    assert (len(listed), len(streamed)) == (500, 6000)
    assert recipe.count == 2**bits
    assert recipe.is_identifier
