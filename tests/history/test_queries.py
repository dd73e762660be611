"""The statistics of the history by channel and kind."""

import pytest

from passwords import domain, history
from passwords.history import queries
from passwords.models import Channel

pytestmark = pytest.mark.django_db

RECIPE = domain.build("characters", {"length": 20})


def test_statistics_count_requests_and_secrets_by_channel_and_kind() -> None:
    history.record(recipe=RECIPE, owner=None, channel=Channel.WEB, count=1)
    history.record(recipe=RECIPE, owner=None, channel=Channel.API, count=10)
    history.record(recipe=RECIPE, owner=None, channel=Channel.API, count=20)

    statistics = queries.statistics()

    assert (statistics.requests, statistics.secrets) == (3, 31)
    assert [(g.channel, g.kind, g.requests, g.secrets) for g in statistics.groups] == [
        ("api", "characters", 2, 30),
        ("web", "characters", 1, 1),
    ]
    assert statistics.groups[0].mean_entropy_bits == pytest.approx(RECIPE.entropy_bits)
    assert statistics.first_at
    assert statistics.last_at


def test_an_empty_history_has_statistics() -> None:
    statistics = queries.statistics()

    assert (statistics.requests, statistics.secrets, statistics.groups) == (0, 0, ())
    assert statistics.first_at is None
