"""The use cases."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import redis
from django.contrib.auth.models import User
from django.db import DatabaseError, OperationalError, connection, connections
from django.test import override_settings
from django.utils import timezone
from pytest_django import Settings

from passwords import domain, drafts, history, services
from passwords.history import HistoryWriter, queries, recording, writing
from passwords.models import Channel, Generation, Journal, Policy
from passwords.recents import Owner, RecentsUnavailableError, list_owner, new_item_id, open_store
from passwords.signals import secrets_drawn
from tests.api.clients import use_redis
from tests.servers import RedisServer

pytestmark = pytest.mark.django_db

ANA = Owner.anonymous("a" * 32)
RECIPE = domain.build("characters", {"length": 20})


@pytest.fixture(autouse=True)
def _fresh_store() -> Iterator[None]:
    open_store.cache_clear()
    yield
    open_store.cache_clear()


class AwayStore:
    """A store that always fails."""

    def add(self, *_arguments: object) -> None:
        raise RecentsUnavailableError

    add_once = add


def test_the_result_is_what_was_drawn_and_the_owner_can_see_it_again() -> None:
    generated = services.generate(recipe=RECIPE, owner=ANA, channel=Channel.WEB)

    (secret,) = generated.secrets
    assert len(secret.value) == 20
    assert secret.entropy_bits == RECIPE.entropy_bits
    assert secret.expires_at - secret.created_at == timedelta(days=1)
    assert generated.recents_kept == 1
    assert services.recents(ANA) == [secret]


def test_several_secrets_are_kept_in_their_order() -> None:
    generated = services.generate(recipe=RECIPE, owner=ANA, channel=Channel.API, count=3)

    assert services.recents(ANA) == list(reversed(generated.secrets))


def test_a_form_sent_several_times_at_once_makes_one_secret() -> None:
    item_id = new_item_id()

    first, second = (
        services.generate(recipe=RECIPE, owner=ANA, channel=Channel.WEB, item_id=item_id)
        for _ in range(2)
    )

    assert second == first
    assert (services.recents(ANA), first.recents) == (list(first.secrets), list(first.secrets))
    assert Generation.objects.count() == 1


def test_the_history_holds_the_request_and_never_the_secret() -> None:
    policy = Policy.objects.get(slug="pin")
    user = User.objects.create(username="ana")
    owner = Owner.user(user.pk, "ana")

    generated = services.generate(
        recipe=policy.recipe(), owner=owner, channel=Channel.API, count=5, policy=policy
    )

    row = Generation.objects.get()
    assert (row.user, row.user_name, row.owner_hash) == (user, "ana", "")
    assert (row.channel, row.kind, row.count, row.size) == ("api", "pin", 5, 6)
    assert (row.policy, row.policy_slug, row.policy_version) == (policy, "pin", 1)
    assert row.entropy_bits == policy.recipe().entropy_bits
    shown = str(Generation.objects.values().get()) + str(row)
    assert not any(secret.value in shown for secret in generated.secrets)


def test_an_anonymous_owner_is_recorded_by_a_keyed_hash() -> None:
    services.generate(recipe=RECIPE, owner=ANA, channel=Channel.WEB)
    services.generate(recipe=RECIPE, owner=ANA, channel=Channel.WEB)
    services.generate(recipe=RECIPE, owner=Owner.anonymous("b" * 32), channel=Channel.WEB)

    hashes = list(Generation.objects.order_by("pk").values_list("owner_hash", flat=True))
    assert len(set(hashes)) == 2
    assert all(len(value) == 32 and "a" * 32 not in value for value in hashes)
    with override_settings(SECRET_KEY="another key, which is not configured"):
        history.record(recipe=RECIPE, owner=ANA, channel=Channel.WEB, count=1)
    assert Generation.objects.latest("pk").owner_hash not in hashes


@pytest.mark.parametrize(("stored", "expected"), [(False, None), (True, "192.0.2.1")])
def test_an_address_is_recorded_only_where_that_is_wanted(
    *, stored: bool, expected: str | None
) -> None:
    with override_settings(HISTORY_STORE_IP=stored):
        services.generate(recipe=RECIPE, owner=ANA, channel=Channel.WEB, client_address="192.0.2.1")

    assert Generation.objects.get().client_address == expected


@pytest.mark.parametrize("item_id", [None, "a" * 32])
def test_recents_that_are_away_do_not_keep_a_secret_from_being_made(
    monkeypatch: pytest.MonkeyPatch, item_id: str | None
) -> None:
    monkeypatch.setattr(services, "open_store", AwayStore)

    generated = services.generate(recipe=RECIPE, owner=ANA, channel=Channel.WEB, item_id=item_id)

    assert len(generated.secrets) == 1
    assert (generated.recents_kept, generated.recents) == (0, None)
    assert Generation.objects.count() == 1


def test_a_database_that_is_away_does_not_either(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise DatabaseError("the server closed the connection")

    writer = HistoryWriter()
    monkeypatch.setattr(writing, "RETRY_SECONDS", 3600)
    monkeypatch.setattr(recording, "writer", writer)
    monkeypatch.setattr(connection, "cursor", fail)

    generated = services.generate(recipe=RECIPE, owner=ANA, channel=Channel.WEB)

    assert generated.recents_kept == 1
    assert writer.waiting == 1
    assert "a row waits for the database" in caplog.text
    assert generated.secrets[0].value not in caplog.text
    writer.stop(seconds=0)


@pytest.fixture
def draft() -> drafts.Draft:
    """A draft that nobody has kept."""
    return drafts.draw(recipe=RECIPE, parameters={"length": 20})


def keep_draft(draft: drafts.Draft) -> services.Generated:
    return services.keep(draft=draft, owner=ANA, channel=Channel.WEB)


@pytest.fixture
def counted() -> Iterator[list[int]]:
    """How many secrets each signal counts."""
    seen: list[int] = []

    def add(count: int, **_signal: object) -> None:
        seen.append(count)

    secrets_drawn.connect(add, weak=False)
    yield seen
    secrets_drawn.disconnect(add)


@pytest.fixture
def redis_store(
    redis_server: RedisServer,
    redis_client: redis.Redis,
    settings: Settings,
) -> redis.Redis:
    """An empty Redis that has the recents."""
    use_redis(settings, redis_server)
    return redis_client


def test_a_draft_is_kept_once(draft: drafts.Draft, counted: list[int]) -> None:
    first, second = (keep_draft(draft) for _ in range(2))

    assert (first.recents_kept, first.secrets[0].value) == (1, draft.value)
    assert (second.recents_kept, second.secrets[0].value) == (0, draft.value)
    assert first.recents == second.recents == services.recents(ANA) == [*first.secrets]
    assert Generation.objects.get().draft_id == draft.draft_id
    assert counted == [1]


def test_a_deleted_draft_is_not_kept_again(draft: drafts.Draft, counted: list[int]) -> None:
    keep_draft(draft)
    services.forget(owner=ANA, item_id=draft.draft_id.hex)

    again = keep_draft(draft)

    assert again.recents == []
    assert services.recents(ANA) == []
    assert counted == [1]


def test_a_draft_is_not_kept_again_after_redis_has_lost_it(
    redis_store: redis.Redis, draft: drafts.Draft, counted: list[int]
) -> None:
    keep_draft(draft)
    redis_store.flushall()

    keep_draft(draft)

    assert services.recents(ANA) == []
    assert Generation.objects.count() == 1
    assert counted == [1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("store", ["memory", "redis"])
def test_a_draft_that_many_threads_keep_at_once_is_kept_once(
    draft: drafts.Draft, counted: list[int], store: str, request: pytest.FixtureRequest
) -> None:
    if store == "redis":
        request.getfixturevalue("redis_store")
    start = threading.Barrier(8)

    def keep_at_once(_number: int) -> None:
        start.wait(timeout=30)
        try:
            keep_draft(draft)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(keep_at_once, range(8)))
    # On a busy machine SQLite may be locked for too long: such a row is written later.
    deadline = time.monotonic() + 30
    while writing.writer.waiting and time.monotonic() < deadline:
        time.sleep(0.05)

    assert [item.value for item in services.recents(ANA)] == [draft.value]
    assert Generation.objects.count() == 1
    assert counted == [1]


def test_without_the_database_the_recents_keep_a_draft_once(
    draft: drafts.Draft, monkeypatch: pytest.MonkeyPatch, counted: list[int]
) -> None:
    def fail(_rows: object) -> int:
        raise OperationalError

    writer = HistoryWriter()
    monkeypatch.setattr(writing, "RETRY_SECONDS", 3600)
    monkeypatch.setattr(recording, "writer", writer)
    with monkeypatch.context() as patch:
        patch.setattr(writing, "_insert", fail)
        first, second = (keep_draft(draft) for _ in range(2))

    writer.retry()

    assert first.recents == second.recents == services.recents(ANA)
    assert counted == [1]
    assert Generation.objects.get().draft_id == draft.draft_id
    writer.stop(seconds=0)


def test_without_recents_a_draft_is_recorded(
    draft: drafts.Draft, monkeypatch: pytest.MonkeyPatch, counted: list[int]
) -> None:
    monkeypatch.setattr(services, "open_store", AwayStore)

    kept = keep_draft(draft)

    assert (kept.recents_kept, kept.recents, counted) == (0, None, [1])
    assert Generation.objects.count() == 1


def test_one_secret_or_all_can_be_deleted() -> None:
    first, second, third = services.generate(
        recipe=RECIPE, owner=ANA, channel=Channel.WEB, count=3
    ).secrets

    assert services.forget(owner=ANA, item_id=second.item_id)
    assert not services.forget(owner=ANA, item_id=second.item_id)
    assert services.recents(ANA) == [third, first]
    services.forget_all(owner=ANA, channel=Channel.WEB)
    assert services.recents(ANA) == []


@override_settings(RECENTS_SCOPE="shared")
def test_a_shared_scope_is_one_list_for_everybody() -> None:
    services.generate(recipe=RECIPE, owner=ANA, channel=Channel.WEB)

    assert len(services.recents(Owner.anonymous("b" * 32))) == 1
    assert list_owner(ANA) == list_owner(Owner.user(1, "x"))


def test_pruning_takes_what_is_older_and_leaves_the_rest() -> None:
    for age in (0, 29, 31):
        history.record(recipe=RECIPE, owner=ANA, channel=Channel.WEB, count=1)
        row = Generation.objects.latest("pk")
        row.created_at = timezone.now() - timedelta(days=age)
        row.save()

    assert services.prune_history(days=30)[Journal.HISTORY] == 1
    assert Generation.objects.count() == 2


def test_the_history_outlives_user_and_policy() -> None:
    user = User.objects.create(username="ana")
    policy = Policy.objects.get(slug="wifi")
    history.record(
        recipe=policy.recipe(),
        owner=Owner.user(user.pk, "ana"),
        channel=Channel.WEB,
        count=1,
        policy=policy,
    )

    user_id = user.pk
    user.delete()
    policy.delete()

    row = next(queries.rows())
    assert (row.user_id, row.user_name) == (user_id, "ana")  # not even that: its seal would break
    assert (row.policy_slug, row.policy_version) == ("wifi", 1)


def test_the_result_keeps_its_values_out_of_repr() -> None:
    generated = services.generate(recipe=RECIPE, owner=ANA, channel=Channel.WEB)

    assert generated.secrets[0].value not in repr(generated)
