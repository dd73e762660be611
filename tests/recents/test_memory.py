"""What is special about recents in memory: they are bounded, and safe among threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from passwords.recents import Owner, RecentItem, memory
from passwords.recents.encryption import KeyRing
from passwords.recents.memory import MemoryRecents
from tests.recents.conftest import ANA, BIA, LIFETIME, LIMIT, Clock

MakeItem = Callable[[str], RecentItem]


@pytest.fixture
def store(ring: KeyRing, clock: Clock) -> MemoryRecents:
    """An empty store."""
    return MemoryRecents(ring=ring, limit=LIMIT, lifetime=LIFETIME, now=clock)


def test_memory_never_holds_the_secret_in_the_clear(
    store: MemoryRecents, make_item: MakeItem
) -> None:
    store.add(ANA, [make_item("plaintext")])

    assert b"plaintext" not in b"".join(store._frames[ANA.list_names[0]][1])


def test_the_owner_who_wrote_longest_ago_makes_room(
    store: MemoryRecents, make_item: MakeItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    caio = Owner.user(8, "caio")
    monkeypatch.setattr(memory, "MAX_OWNERS", 2)
    store.add(ANA, [make_item("first")])
    store.add(BIA, [make_item("second")])

    store.add(ANA, [make_item("again")])
    store.add(caio, [make_item("third")])

    left = {owner.list_names for owner in store.owners()}
    assert left == {ANA.list_names, caio.list_names}


def test_large_secrets_make_room_before_they_fill_the_memory(
    store: MemoryRecents, make_item: MakeItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners = [Owner.user(number, f"user-{number}") for number in range(20)]
    monkeypatch.setattr(memory, "MAX_BYTES", 10_000)

    for owner in owners:
        store.add(owner, [make_item("x" * 2000)])

    kept = sum(len(frame) for _written, frames in store._frames.values() for frame in frames)
    assert 8000 < kept <= 10_000
    assert [owner.list_names for owner in store.owners()] == [
        owner.list_names for owner in owners[-4:]
    ]


def test_what_is_removed_makes_room_again(
    store: MemoryRecents, make_item: MakeItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MAX_BYTES", 2500)
    for number in range(10):
        item = make_item("x" * 2000)
        store.add(ANA, [item])
        _removed = store.clear(ANA) if number % 2 else store.remove(ANA, item.item_id)

    store.add(BIA, [make_item("x" * 2000)])

    assert [owner.list_names for owner in store.owners()] == [BIA.list_names]
    assert store._bytes == len(store._frames[BIA.list_names[0]][1][0])


def test_an_owner_whose_items_have_all_expired_goes_at_the_next_write(
    store: MemoryRecents, make_item: MakeItem, clock: Clock
) -> None:
    store.add(ANA, [make_item("old")])
    clock.advance(seconds=61)

    store.add(BIA, [make_item("new")])

    assert [owner.list_names for owner in store.owners()] == [BIA.list_names]


def test_threads_that_write_at_once_leave_a_whole_list(
    store: MemoryRecents, make_item: MakeItem
) -> None:
    items = [make_item(str(number)) for number in range(200)]

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(lambda item: store.add(ANA, [item]), items))

    assert len(store.list(ANA)) == LIMIT
