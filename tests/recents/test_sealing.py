"""Sealing: an item opens for its owner, as what it was, and for nobody else."""

from collections.abc import Callable

import pytest

from passwords.recents import RecentItem
from passwords.recents.sealing import KeyRing
from tests.recents.conftest import ANA, BIA, LIFETIME

MakeItem = Callable[[str], RecentItem]


def test_the_frame_does_not_hold_the_secret(ring: KeyRing, make_item: MakeItem) -> None:
    frame = ring.seal(ANA, make_item("in the clear"))

    assert b"in the clear" not in frame


def test_two_frames_of_one_item_differ(ring: KeyRing, make_item: MakeItem) -> None:
    item = make_item("same")

    assert ring.seal(ANA, item) != ring.seal(ANA, item)


def test_an_item_moved_to_another_owner_does_not_open(ring: KeyRing, make_item: MakeItem) -> None:
    frame = ring.seal(ANA, make_item("of ana"))

    assert ring.open(BIA, frame, lifetime=LIFETIME) is None


def test_any_changed_byte_keeps_the_frame_shut(ring: KeyRing, make_item: MakeItem) -> None:
    frame = ring.seal(ANA, make_item("untouched"))

    for place in range(len(frame)):
        changed = bytearray(frame)
        changed[place] ^= 1
        assert ring.open(ANA, bytes(changed), lifetime=LIFETIME) is None, place


@pytest.mark.parametrize("frame", [b"", b"\x01", b"x" * 30, b"x" * 49, b"x" * 500])
def test_what_is_no_frame_does_not_open(ring: KeyRing, frame: bytes) -> None:
    assert ring.open(ANA, frame, lifetime=LIFETIME) is None


def test_neither_item_nor_error_shows_the_secret(make_item: MakeItem) -> None:
    assert "hidden" not in repr(make_item("hidden"))
