"""Encryption: an item is readable in its owner's list, as what it was, and nowhere else."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from passwords.recents import RecentItem
from passwords.recents.encryption import KeyRing
from tests.recents.conftest import ANA, BIA, LIFETIME

MakeItem = Callable[[str], RecentItem]
LIST, OTHER_LIST = ANA.list_names[0], BIA.list_names[0]


def test_the_frame_does_not_hold_the_secret(ring: KeyRing, make_item: MakeItem) -> None:
    frame = ring.encrypt(LIST, make_item("in the clear"))

    assert b"in the clear" not in frame


def test_a_frame_holds_the_encoding_of_a_token_and_its_name(
    ring: KeyRing, make_item: MakeItem
) -> None:
    for item in (
        replace(make_item("key"), encoding="wireguard"),
        replace(make_item("key"), encoding="wireguard", name="office"),
        replace(make_item("key"), name="office"),
    ):
        frame = ring.encrypt(LIST, item)

        assert ring.decrypt(LIST, frame, lifetime=LIFETIME) == item


def test_two_frames_of_one_item_differ(ring: KeyRing, make_item: MakeItem) -> None:
    item = make_item("same")

    assert ring.encrypt(LIST, item) != ring.encrypt(LIST, item)


def test_an_item_moved_to_another_list_is_not_decrypted(ring: KeyRing, make_item: MakeItem) -> None:
    frame = ring.encrypt(LIST, make_item("of ana"))

    assert ring.decrypt(OTHER_LIST, frame, lifetime=LIFETIME) is None


def test_a_frame_with_any_changed_byte_is_not_decrypted(ring: KeyRing, make_item: MakeItem) -> None:
    frame = ring.encrypt(LIST, make_item("untouched"))

    for place in range(len(frame)):
        changed = bytearray(frame)
        changed[place] ^= 1
        assert ring.decrypt(LIST, bytes(changed), lifetime=LIFETIME) is None, place


@pytest.mark.parametrize("frame", [b"", b"\x01", b"x" * 30, b"x" * 49, b"x" * 500])
def test_what_is_no_frame_is_not_decrypted(ring: KeyRing, frame: bytes) -> None:
    assert ring.decrypt(LIST, frame, lifetime=LIFETIME) is None


def test_neither_item_nor_error_shows_the_secret(make_item: MakeItem) -> None:
    assert "hidden" not in repr(make_item("hidden"))


def test_a_frame_holds_the_format(ring: KeyRing, make_item: MakeItem) -> None:
    item = replace(make_item("key"), format="kubernetes")

    assert ring.decrypt(LIST, ring.encrypt(LIST, item), lifetime=LIFETIME) == item


@pytest.mark.parametrize("more", [[], ["name"], ["name", ""], ["name", "hex", "env", "newer"]])
def test_frames_of_earlier_and_later_releases_are_read(
    ring: KeyRing, make_item: MakeItem, more: list[str]
) -> None:
    frame = ring.encrypt(LIST, make_item("key"))
    header, associated = frame[:25], frame[:25] + LIST.encode()
    content = json.dumps(["pin", 20.0, "key", *more]).encode()

    item = ring.decrypt(LIST, header + ring.encrypt_bytes(content, associated), lifetime=LIFETIME)

    assert item is not None
    assert (item.value, item.name) == ("key", more[0] if more else "")
    assert (item.encoding, item.format) == ((*more[1:3], "", "")[0], (*more[2:3], "")[0])


def test_an_earlier_release_reads_a_frame_with_a_format(ring: KeyRing, make_item: MakeItem) -> None:
    frame = ring.encrypt(LIST, replace(make_item("key"), format="env"))

    content = ring.decrypt_bytes(frame[25:], frame[:25] + LIST.encode())

    # As release 1.0.0 did.
    kind, _bits, value, *names = json.loads(content or b"")
    assert (kind, value, names[0] if names else "") == ("characters", "key", "")
