"""What all stores promise."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from passwords.recents import RecentItem, RecentsStore, new_item_id
from passwords.recents.encryption import KeyRing
from tests.recents.conftest import ANA, BIA, LIMIT, Clock, MakeStore

MakeItem = Callable[[str], RecentItem]


def values(store: RecentsStore) -> list[str]:
    return [item.value for item in store.list(ANA)]


def test_an_item_comes_back_as_it_was(store: RecentsStore, make_item: MakeItem) -> None:
    item = make_item("segredo, com acentuação €")

    store.add(ANA, [item])

    assert store.list(ANA) == [item]


def test_a_stranger_has_no_items(store: RecentsStore) -> None:
    assert store.list(ANA) == []


def test_the_newest_comes_first(store: RecentsStore, make_item: MakeItem) -> None:
    store.add(ANA, [make_item("first"), make_item("second")])
    store.add(ANA, [make_item("third")])

    assert values(store) == ["third", "second", "first"]


def test_items_beyond_the_limit_go_oldest_first(store: RecentsStore, make_item: MakeItem) -> None:
    for number in range(LIMIT + 2):
        store.add(ANA, [make_item(str(number))])

    assert values(store) == ["4", "3", "2"]


def test_a_clock_that_is_set_back_does_not_make_the_newest_the_oldest(
    store: RecentsStore, make_item: MakeItem, clock: Clock
) -> None:
    store.add(ANA, [make_item(str(number)) for number in range(LIMIT)])

    clock.advance(hours=-2)
    store.add(ANA, [make_item("new"), make_item("newer")])
    first = values(store)
    store.add_once(ANA, make_item("newest"))

    assert (first, values(store)) == (["newer", "new", "2"], ["newest", "newer", "new"])


def test_a_batch_over_the_limit_keeps_its_newest(store: RecentsStore, make_item: MakeItem) -> None:
    store.add(ANA, [make_item(str(number)) for number in range(LIMIT + 2)])

    assert values(store) == ["4", "3", "2"]


def test_an_item_is_added_once(store: RecentsStore, make_item: MakeItem) -> None:
    first, other = make_item("first"), make_item("other")
    again = replace(make_item("again"), item_id=first.item_id)

    answers = [store.add_once(ANA, item) for item in (first, other, again)]

    assert answers == [[first], [other, first], [other, first]]
    assert store.list(ANA) == [other, first]


def test_an_item_that_is_added_once_takes_its_place_like_any(
    store: RecentsStore, make_item: MakeItem, clock: Clock
) -> None:
    expired = make_item("expired")
    store.add_once(ANA, expired)
    clock.advance(seconds=61)

    store.add_once(ANA, replace(make_item("0"), item_id=expired.item_id))
    for number in range(1, LIMIT + 2):
        store.add_once(ANA, make_item(str(number)))

    assert values(store) == ["4", "3", "2"]


def test_of_many_writers_at_once_one_adds(store: RecentsStore, make_item: MakeItem) -> None:
    name = new_item_id()
    items = [replace(make_item(str(number)), item_id=name) for number in range(8)]

    with ThreadPoolExecutor(len(items)) as pool:
        answers = list(pool.map(lambda item: store.add_once(ANA, item), items))

    assert answers == [store.list(ANA)] * 8
    assert len(answers[0]) == 1


def test_an_item_is_shown_until_it_expires(
    store: RecentsStore, make_item: MakeItem, clock: Clock
) -> None:
    store.add(ANA, [make_item("short-lived")])

    clock.advance(seconds=59.999)
    before = values(store)
    clock.advance(seconds=0.001)

    assert (before, values(store)) == (["short-lived"], [])


def test_an_expired_item_does_not_take_a_place(
    store: RecentsStore, make_item: MakeItem, clock: Clock
) -> None:
    store.add(ANA, [make_item("old"), make_item("older")])
    clock.advance(seconds=61)

    store.add(ANA, [make_item("new")])

    assert values(store) == ["new"]


def test_each_owner_sees_only_their_own(store: RecentsStore, make_item: MakeItem) -> None:
    store.add(ANA, [make_item("of ana")])
    store.add(BIA, [make_item("of bia")])

    assert values(store) == ["of ana"]
    assert [item.value for item in store.list(BIA)] == ["of bia"]


def test_one_item_is_removed_alone(store: RecentsStore, make_item: MakeItem) -> None:
    kept, gone = make_item("kept"), make_item("gone")
    store.add(ANA, [kept, gone])

    found = store.remove(ANA, gone.item_id)

    assert found
    assert store.list(ANA) == [kept]


def test_nobody_removes_what_is_not_theirs(store: RecentsStore, make_item: MakeItem) -> None:
    item = make_item("of ana")
    store.add(ANA, [item])

    assert not store.remove(BIA, item.item_id)
    assert not store.remove(ANA, new_item_id())
    assert values(store) == ["of ana"]


def test_an_item_gets_a_name_and_stays_in_its_place(
    store: RecentsStore, make_item: MakeItem
) -> None:
    older, newer = make_item("older"), make_item("newer")
    store.add(ANA, [older, newer])

    found = store.change(ANA, replace(older, name="router, ground floor"))

    assert found
    assert store.list(ANA) == [newer, replace(older, name="router, ground floor")]


def test_a_name_is_removed_again(store: RecentsStore, make_item: MakeItem) -> None:
    item = make_item("secret")
    store.add(ANA, [item])
    store.change(ANA, replace(item, name="router"))

    store.change(ANA, item)

    assert store.list(ANA) == [item]


def test_nobody_names_what_is_not_theirs(store: RecentsStore, make_item: MakeItem) -> None:
    item = make_item("of ana")
    store.add(ANA, [item])

    assert not store.change(BIA, replace(item, name="mine"))
    assert store.list(ANA) == [item]


def test_clearing_leaves_the_others_alone(store: RecentsStore, make_item: MakeItem) -> None:
    store.add(ANA, [make_item("of ana")])
    store.add(BIA, [make_item("of bia")])

    assert store.clear(ANA) is True
    assert store.clear(ANA) is False  # nothing left is no error

    assert values(store) == []
    assert [item.value for item in store.list(BIA)] == ["of bia"]


def test_the_lists_with_items_are_found(store: RecentsStore, make_item: MakeItem) -> None:
    store.add(ANA, [make_item("of ana")])
    store.add(BIA, [make_item("of bia")])
    store.clear(BIA)

    assert [owner.list_names for owner in store.owners()] == [ANA.list_names]


def test_a_new_key_encrypts_and_the_old_one_still_decrypts(
    make_store: MakeStore, make_item: MakeItem
) -> None:
    make_store(KeyRing([b"o" * 32])).add(ANA, [make_item("old key")])
    rotated = make_store(KeyRing([b"n" * 32, b"o" * 32]))

    rotated.add(ANA, [make_item("new key")])

    assert values(rotated) == ["new key", "old key"]


def test_an_item_that_no_key_decrypts_is_left_out(
    make_store: MakeStore, make_item: MakeItem
) -> None:
    make_store(KeyRing([b"o" * 32])).add(ANA, [make_item("lost with its key")])
    after = make_store(KeyRing([b"n" * 32]))

    after.add(ANA, [make_item("readable")])

    assert values(after) == ["readable"]


def test_reencrypting_changes_the_key_and_nothing_else(
    make_store: MakeStore, make_item: MakeItem, ring: KeyRing
) -> None:
    item = make_item("kept")
    make_store().add(ANA, [item])
    new = KeyRing([b"n" * 32])
    both = KeyRing([*new._keys, *ring._keys])

    changed = make_store(ring=both).reencrypt(ANA)
    again = make_store(ring=both).reencrypt(ANA)

    assert (changed, again) == (1, 0)
    assert make_store(ring=new).list(ANA) == [item]
    assert make_store(ring=ring).list(ANA) == []
