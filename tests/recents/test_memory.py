"""What is special about recents in memory: they are bounded, and safe among threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from passwords.recents import Owner, RecentItem, memory
from passwords.recents.memory import MemoryRecents
from passwords.recents.sealing import KeyRing
from tests.recents.conftest import ANA, BIA, LIFETIME, LIMIT, Clock

MakeItem = Callable[[str], RecentItem]


@pytest.fixture
def store(ring: KeyRing, clock: Clock) -> MemoryRecents:
    """An empty store."""
    return MemoryRecents(ring=ring, limit=LIMIT, lifetime=LIFETIME, now=clock)


def test_memory_never_holds_the_secret_in_the_clear(
    store: MemoryRecents, make_item: MakeItem
) -> None:
    store.remember(ANA, [make_item("plaintext")])

    assert b"plaintext" not in b"".join(store._frames[ANA.key][1])


def test_the_owner_who_wrote_longest_ago_makes_room(
    store: MemoryRecents, make_item: MakeItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MAX_OWNERS", 2)
    store.remember(ANA, [make_item("first")])
    store.remember(BIA, [make_item("second")])

    store.remember(ANA, [make_item("again")])
    store.remember(Owner.user(8, "caio"), [make_item("third")])

    assert sorted(store.owner_keys()) == [ANA.key, "user:8"]


def test_an_owner_whose_items_have_all_expired_goes_at_the_next_write(
    store: MemoryRecents, make_item: MakeItem, clock: Clock
) -> None:
    store.remember(ANA, [make_item("old")])
    clock.advance(seconds=61)

    store.remember(BIA, [make_item("new")])

    assert list(store.owner_keys()) == [BIA.key]


def test_threads_that_write_at_once_leave_a_whole_list(
    store: MemoryRecents, make_item: MakeItem
) -> None:
    items = [make_item(str(number)) for number in range(200)]

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(lambda item: store.remember(ANA, [item]), items))

    assert len(store.newest(ANA)) == LIMIT
