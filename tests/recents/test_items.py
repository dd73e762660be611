"""Owners: what names their lists in the store."""

from pytest_django import Settings

from passwords.recents import Owner

IDENTIFIER = "0123456789abcdef" * 2


def test_the_name_of_a_user_s_list_needs_the_secret_key(settings: Settings) -> None:
    before = Owner.user(1, "ana")
    settings.SECRET_KEY = "another"

    assert Owner.user(1, "ana").list_names != before.list_names


def test_an_anonymous_list_keeps_its_name_when_the_secret_key_changes(settings: Settings) -> None:
    before = Owner.anonymous(IDENTIFIER)
    settings.SECRET_KEY = "another"

    assert Owner.anonymous(IDENTIFIER) == before


def test_names_show_neither_owner_nor_sort_of_owner() -> None:
    names = [*Owner.user(1, "ana").list_names, *Owner.anonymous(IDENTIFIER).list_names]

    assert {len(name) for name in names} == {32}
    assert all(set(name) <= set("0123456789abcdef") for name in names)
    assert IDENTIFIER not in names


def test_users_and_anonymous_owners_never_share_a_list() -> None:
    owners = [Owner.user(number, "") for number in range(100)]
    owners += [Owner.anonymous(f"{number:032}") for number in range(100)]

    assert len({owner.list_names for owner in owners}) == len(owners)


def test_an_earlier_list_is_found_while_the_earlier_key_is_configured(settings: Settings) -> None:
    (before,) = Owner.user(1, "ana").list_names
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    new, *earlier = Owner.user(1, "ana").list_names

    assert new != before
    assert earlier == [before]
