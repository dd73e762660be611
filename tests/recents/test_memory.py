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
