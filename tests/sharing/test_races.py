"""Exactly as many openings as views, whatever happens at the same time, on both databases."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from passwords import sharing
from passwords.models import Channel, Share
from passwords.recents import Owner
from passwords.sharing import GoneError, TooManyLinksError, WrongProofError, creating
from tests.sharing.conftest import ANA, MakeLink

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def run_at_once(work: Callable[[int], str], *, threads: int = THREADS) -> Counter[str]:
    """Run *work* in several threads, each with a connection of its own; count the results."""
    results: list[str] = []
    barrier = threading.Barrier(threads)

    def run(number: int) -> None:
        try:
            barrier.wait(timeout=30)
            results.append(_retried(work, number))
        finally:
            connection.close()

    workers = [threading.Thread(target=run, args=[number]) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert len(results) == threads
    return Counter(results)


def _retried(work: Callable[[int], str], number: int) -> str:
    """Do *work* again if it waited too long for a lock (`lock_timeout`), as a client would."""
    for _attempt in range(50):
        try:
            return work(number)
        except OperationalError:
            continue
    raise AssertionError


@pytest.mark.parametrize("views", [1, 3])
def test_there_are_exactly_as_many_openings_as_views(make_link: MakeLink, views: int) -> None:
    for _round in range(15):
        key, _receipt = make_link(views=views)
        proof = key.unlock(None).proof

        def open_once(_number: int, share_id: bytes = key.share_id, proof: bytes = proof) -> str:
            try:
                sharing.open_sealed(share_id=share_id, proof=proof)
            except GoneError:
                return "gone"
            return "opened"

        assert run_at_once(open_once) == {"opened": views, "gone": THREADS - views}


def test_of_many_wrong_proofs_at_once_ten_are_answered(make_link: MakeLink) -> None:
    key, _receipt = make_link()

    def guess(_number: int) -> str:
        try:
            sharing.open_sealed(share_id=key.share_id, proof=bytes(32))
        except WrongProofError as error:
            return str(error.attempts_left)
        except GoneError:
            return "gone"
        return "opened"

    found = run_at_once(guess, threads=14)

    assert found == {**{str(left): 1 for left in range(10)}, "gone": 4}
    assert Share.objects.get().state == "locked"


def test_a_link_is_either_opened_or_revoked(make_link: MakeLink) -> None:
    for _round in range(10):
        key, receipt = make_link()
        proof = key.unlock(None).proof

        def act(
            number: int,
            share_id: bytes = key.share_id,
            proof: bytes = proof,
            receipt: str = receipt.receipt,
        ) -> str:
            if number == 0:
                sharing.revoke(owner=ANA, receipt=receipt, channel=Channel.API)
                return "revoked"
            try:
                sharing.open_sealed(share_id=share_id, proof=proof)
            except GoneError:
                return "gone"
            return "opened"

        found = run_at_once(act, threads=2)

        state = Share.objects.get(receipt=receipt.receipt).state
        assert state == ("opened" if found["opened"] else "revoked")


def test_an_owner_cannot_exceed_the_limit_with_requests_at_once(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(creating, "MAX_LINKS", 5)
    make_link()

    def make(_number: int) -> str:
        try:
            make_link(owner=Owner.anonymous("a" * 32))
        except TooManyLinksError:
            return "refused"
        return "made"

    assert run_at_once(make) == {"made": 4, "refused": 4}


def test_of_two_links_with_one_key_one_is_made(make_link: MakeLink) -> None:
    key = sharing.LinkKey.draw()

    def make(_number: int) -> str:
        try:
            make_link(key=key)
        except sharing.IdTakenError:
            return "taken"
        return "made"

    assert run_at_once(make) == {"made": 1, "taken": THREADS - 1}
