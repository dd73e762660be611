"""The use cases: generate secrets, keep drafts, list and remove recent ones, prune the history."""

import logging
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Literal

from django.conf import settings
from django.utils import timezone

from passwords import audit, history, sharing
from passwords.domain import Recipe
from passwords.drafts import Draft
from passwords.formats import Document, WrittenAs, drawing
from passwords.history import daily_totals
from passwords.models import Action, Channel, Journal, Policy
from passwords.recents import (
    Owner,
    RecentItem,
    RecentsUnavailableError,
    list_owner,
    new_item_id,
    open_store,
)
from passwords.sharing import SharedText, ShareOptions
from passwords.signals import secrets_drawn

logger = logging.getLogger(__name__)

_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """The result of a request for secrets.

    Attributes:
        secrets: newest last; ``repr`` does not show the values.
        recents_kept: how many of the newest ones were added to the recents; 0 if the store failed.
        recents: with `item_id` or a draft, the owner's recents after it; ``None`` if the store
            failed.
        documents: the secrets in the wanted format, in their order; empty without one.
    """

    secrets: tuple[RecentItem, ...]
    recents_kept: int
    recents: Sequence[RecentItem] | None = None
    documents: tuple[Document, ...] = ()


RecentsOutcome = Literal["kept", "not kept", "unavailable", "withheld"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedShare:
    """A secret and the link to it; ``repr`` shows neither.

    Attributes:
        recents: whether the secret was added to the sender's recents; ``not kept``: on
            request; ``withheld``: without ``reveal`` only the link has it.
        documents: the secret in the wanted format; empty without one.
    """

    secret: RecentItem
    recents: RecentsOutcome
    shared: SharedText
    documents: tuple[Document, ...] = ()


def generate(
    *,
    recipe: Recipe,
    owner: Owner | None,
    channel: Channel,
    count: int = 1,
    policy: Policy | None = None,
    item_id: str | None = None,
    client_address: str | None = None,
    keep: bool = True,
    written_as: WrittenAs | None = None,
) -> Generated:
    """Draw *count* secrets, add them to the owner's recents and record the request.

    If Redis or the database fails, the secrets are returned all the same; the result or the log
    shows what was not stored.

    Args:
        recipe: the recipe of the secrets.
        owner: the owner, or ``None`` if unknown: then nothing is added to recents.
        channel: the channel of the request.
        count: how many secrets; the caller has validated it.
        policy: the policy that the recipe comes from.
        item_id: the id of the only secret, 32 hexadecimal digits; random by default. If the
            owner's recents have a secret with this id, the request was sent twice: that secret is
            returned, and nothing is recorded.
        client_address: recorded only with ``HISTORY_STORE_IP``.
        keep: whether to add the secrets to the recents.
        written_as: the format to write the secrets in; not with *item_id*.

    Raises:
        RecipeError: the format does not take a secret; nothing is stored or recorded.
        BusyError: this process is hashing for somebody else; nothing is stored or recorded.
    """
    values = drawing.draw_many(recipe, count)
    documents = _write(values, written_as)
    secrets = _items(recipe, values, item_id, written_as)
    recents_kept, listed = 0, None
    if owner and keep:
        with suppress(RecentsUnavailableError):
            if item_id:
                listed = open_store().add_once(list_owner(owner), secrets[0])
            else:
                open_store().add(list_owner(owner), secrets)
            recents_kept = min(count, settings.RECENTS_LIMIT)
    if earlier := _find_earlier(listed, secrets[0]):
        return Generated(secrets=(earlier,), recents_kept=1, recents=listed)
    _record(recipe, owner, channel, count=count, policy=policy, client_address=client_address)
    return Generated(
        secrets=secrets, recents_kept=recents_kept, recents=listed, documents=documents
    )


def generate_shared(
    *,
    recipe: Recipe,
    owner: Owner | None,
    options: ShareOptions,
    origin: str,
    channel: Channel,
    policy: Policy | None = None,
    client_address: str | None = None,
    keep: bool = True,
    written_as: WrittenAs | None = None,
) -> GeneratedShare:
    """Draw one secret and make a link to it, whose key is stored nowhere.

    Args:
        recipe: the recipe of the secret.
        owner: the sender, or ``None`` for the command, whose secrets are in no recents.
        options: without ``reveal``, the secret is not added to the recents.
        origin: scheme, host and port of the link.
        channel: the channel of the request.
        policy: the policy that the recipe comes from.
        client_address: recorded only with ``HISTORY_STORE_IP``.
        keep: whether to add the secret to the recents.
        written_as: the format to write the secret in.

    Raises:
        RecipeError: the format does not take the secret; nothing is stored or recorded.
        BusyError: this process is hashing for somebody else; nothing is stored or recorded.
        ShareError: no link was made; nothing is recorded.
        OperationalError: the database is down.
    """
    values = drawing.draw_many(recipe, 1)
    documents = _write(values, written_as)
    (secret,) = _items(recipe, values, None, written_as)
    shared = sharing.share_text(
        text=secret.value,
        terms=options.terms,
        passphrase_kind=options.passphrase_kind,
        owner=owner,
        channel=channel,
        origin=origin,
        client_address=client_address,
    )
    recents: RecentsOutcome = "not kept" if options.reveal else "withheld"
    if options.reveal and owner and keep:
        try:
            open_store().add(list_owner(owner), [secret])
            recents = "kept"
        except RecentsUnavailableError:
            recents = "unavailable"
    _record(recipe, owner, channel, count=1, policy=policy, client_address=client_address)
    return GeneratedShare(secret=secret, recents=recents, shared=shared, documents=documents)


def keep(
    *, draft: Draft, owner: Owner | None, channel: Channel, client_address: str | None = None
) -> Generated:
    """Record *draft*: in the history and in the owner's recents. A draft is kept once.

    The history is written first: its row is unique for the draft, also after the secret was
    forgotten, after a restart of Redis, and for two requests at once. Only the request that added
    the row adds the secret to the recents. While the database is down, the recents decide.

    Args:
        draft: what the page showed.
        owner: the owner, or ``None`` if unknown: then nothing is added to recents.
        channel: the channel of the request.
        client_address: recorded only with ``HISTORY_STORE_IP``.
    """
    (secret,) = secrets = _items(draft.recipe, [draft.value], draft.draft_id.hex)
    try:
        history.record(
            recipe=draft.recipe,
            owner=owner,
            channel=channel,
            count=1,
            policy=draft.policy,
            client_address=client_address,
            keep=True,
            draft_id=draft.draft_id,
        )
    except history.DraftRecordedError:
        return Generated(secrets=secrets, recents_kept=0, recents=_list(owner))
    listed = None
    if owner:
        with suppress(RecentsUnavailableError):
            listed = open_store().add_once(list_owner(owner), secret)
    if not _find_earlier(listed, secret):
        secrets_drawn.send(sender=Generated, kind=draft.recipe.kind, channel=channel.value, count=1)
    return Generated(secrets=secrets, recents_kept=int(listed is not None), recents=listed)


def recents(owner: Owner) -> Sequence[RecentItem]:
    """Return the owner's recent secrets, newest first.

    Raises:
        RecentsUnavailableError: the store failed.
    """
    return open_store().list(list_owner(owner))


def forget(*, owner: Owner, item_id: str) -> bool:
    """Remove one secret from the owner's recents; return whether it was there.

    Raises:
        RecentsUnavailableError: the store failed.
    """
    return open_store().remove(list_owner(owner), item_id)


def rename(*, owner: Owner, names: Mapping[str, str]) -> None:
    """Give the owner's recent secrets other names.

    Args:
        owner: the owner.
        names: the names by the ids of the items; unknown ids are ignored.

    Raises:
        RecentsUnavailableError: the store failed.
    """
    for item in recents(owner):
        name = names.get(item.item_id, item.name)
        if name != item.name:
            open_store().change(list_owner(owner), replace(item, name=name))


def set_format(*, owner: Owner, item_id: str, format_name: str) -> None:
    """Store in which format a recent secret was last written; an unknown id is ignored.

    Raises:
        RecentsUnavailableError: the store failed.
    """
    for item in recents(owner):
        if item.item_id == item_id and item.format != format_name:
            open_store().change(list_owner(owner), replace(item, format=format_name))


def forget_all(*, owner: Owner, channel: Channel) -> None:
    """Remove all secrets from the owner's recents; record it in the audit if there were any.

    Raises:
        RecentsUnavailableError: the store failed.
    """
    if not open_store().clear(list_owner(owner)):
        return
    audit.record(
        Action.RECENTS_CLEARED,
        user_id=owner.user_id,
        user_name=owner.user_name,
        channel=channel,
        details={"owner": history.owner_hash(owner)} if owner.user_id is None else None,
    )


def prune_history(*, days: int, deadline: float = math.inf) -> dict[Journal, int]:
    """Delete rows of the history and the audit that are older than *days* days; return how many.

    The deletion is recorded in the audit. It stops at *deadline* (of `time.monotonic`).
    """
    cutoff = timezone.now() - timedelta(days=days)
    pruned = audit.prune(cutoff, deadline=deadline)
    daily_totals.drop_before(cutoff.date())
    if any(pruned.values()):
        audit.record(
            Action.HISTORY_PRUNED,
            channel=Channel.COMMAND,
            details={"days": days, **{journal.value: rows for journal, rows in pruned.items()}},
        )
    return pruned


def _record(
    recipe: Recipe,
    owner: Owner | None,
    channel: Channel,
    *,
    count: int,
    policy: Policy | None,
    client_address: str | None,
) -> None:
    secrets_drawn.send(sender=Generated, kind=recipe.kind, channel=channel.value, count=count)
    history.record(
        recipe=recipe,
        owner=owner,
        channel=channel,
        count=count,
        policy=policy,
        client_address=client_address,
        keep=True,
    )


def _find_earlier(listed: Sequence[RecentItem] | None, secret: RecentItem) -> RecentItem | None:
    """Return the item with the id of *secret* that was in the list before it, if any."""
    same = (item for item in listed or () if item.item_id == secret.item_id)
    return next((item for item in same if item != secret), None)


def _list(owner: Owner | None) -> Sequence[RecentItem] | None:
    """Return the owner's recents; ``None`` if the owner is unknown or the store failed."""
    try:
        return recents(owner) if owner else None
    except RecentsUnavailableError:
        return None


def _write(values: Sequence[str], written_as: WrittenAs | None) -> tuple[Document, ...]:
    return written_as.write_all(values) if written_as else ()


def _items(
    recipe: Recipe,
    values: Sequence[str],
    item_id: str | None,
    written_as: WrittenAs | None = None,
) -> tuple[RecentItem, ...]:
    now = timezone.now()
    lifetime = timedelta(seconds=settings.RECENTS_TTL)
    entropy_bits = recipe.entropy_bits
    encoding = drawing.encoding_of(recipe)
    return tuple(
        RecentItem(
            item_id=item_id or new_item_id(),
            value=value,
            kind=recipe.kind,
            encoding=encoding,
            format=written_as.format.name if written_as else "",
            entropy_bits=entropy_bits,
            # One microsecond apart, so that their order is defined.
            created_at=now + index * _MICROSECOND,
            expires_at=now + index * _MICROSECOND + lifetime,
        )
        for index, value in enumerate(values)
    )
