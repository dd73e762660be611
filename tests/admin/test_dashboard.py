"""The dashboard: figures of sealed and unsealed rows, as charts and as tables."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from passwords import history
from passwords.admin import site
from passwords.history import daily_totals, statistics
from passwords.models import Generation, Policy
from passwords.presentation import charts
from passwords.recents import RecentsUnavailableError, open_store


def _row(*, days_ago: int = 0, **values: Any) -> None:
    given = {"channel": "web", "kind": "pin", "count": 1, "size": 6, "entropy_bits": 19.93}
    moment = timezone.now() - timedelta(days=days_ago)
    Generation.objects.create(created_at=moment, **given | values)


def _page(client: Client) -> str:
    return client.get(reverse("admin:index")).content.decode()


def test_rows_in_the_daily_totals_and_others_are_counted_once_each() -> None:
    _row()
    _row(days_ago=1, channel="api")
    _row(days_ago=40)
    daily_totals.update()
    _row(channel="api", policy_slug="pin")

    figures = statistics.figures()

    today, yesterday = timezone.localdate(), timezone.localdate() - timedelta(days=1)
    assert figures.requests == 3
    assert figures.days[today] == {"web": 1, "api": 1}
    assert figures.days[yesterday] == {"api": 1}
    assert len(figures.days) == statistics.DAYS
    assert figures.policies == [("pin", 1)]


def test_the_weak_are_those_below_the_default_policy_of_their_kind() -> None:
    minimum = Policy.objects.get(kind="pin", default=True).recipe().entropy_bits
    for bits in (minimum, minimum + 10, minimum - 2):
        _row(entropy_bits=bits)

    pins = next(weak for weak in statistics.figures().weak if weak.kind == "pin")

    assert (pins.weaker, pins.requests, round(pins.percent)) == (1, 3, 33)


def test_a_default_policy_without_a_recipe_measures_nothing() -> None:
    Policy.objects.filter(kind="pin").update(parameters={"length": 1})

    assert "pin" not in {weak.kind for weak in statistics.figures().weak}


@pytest.mark.parametrize(
    ("bits", "bucket"), [(0, 0), (15.9, 0), (16, 16), (127.9, 112), (128, 128), (9000, 128)]
)
def test_entropy_falls_into_steps(bits: float, bucket: int) -> None:
    _row(entropy_bits=bits)

    assert [step for step, number in statistics.figures().entropy.items() if number] == [bucket]


def test_bars_end_at_the_top_and_stand_on_each_other() -> None:
    _row()
    _row(channel="api")
    _row(channel="api")

    chart = charts.days_chart(statistics.figures())

    web, api = chart.bars[-1].segments
    assert (web.y, web.height) == ("66.667", "33.333")
    assert (api.y, api.height) == ("0.000", "66.667")
    assert chart.rows[-1][1:] == ["1", "2", "0", "0", "3"]
    assert "3 requests in total; at most 3 in one bar" in chart.summary


def test_every_drawing_has_a_title_and_no_style_of_its_own(operador: Client) -> None:
    _row(policy_slug="pin")

    page = _page(operador)

    drawings = re.findall(r'<svg role="img".*?</svg>', page, flags=re.DOTALL)
    assert len(drawings) == 2 + 4 + 1
    assert all("<title" in drawing for drawing in drawings)
    assert page.count("As a table") == 2
    assert " style=" not in page


def test_an_empty_history_has_a_dashboard(operador: Client) -> None:
    assert "Nothing yet" in _page(operador)


def test_the_dashboard_needs_permission_to_view_the_history(gestor: Client) -> None:
    assert "dashboard-charts" not in _page(gestor)


def test_an_unreachable_store_is_reported(
    operador: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RecentsUnavailableError

    monkeypatch.setattr(open_store(), "owners", fail)
    monkeypatch.setattr(site, "uses_redis", lambda: True)

    assert "unavailable" in _page(operador)


def test_a_waiting_row_is_reported(operador: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(history.writer), "waiting", property(lambda _self: 3))

    assert "3 rows not written yet" in _page(operador)


def test_sealing_that_is_off_is_shown(operador: Client, settings: Any) -> None:
    _row()
    with_chain = _page(operador)

    settings.AUDIT_CHAIN = False

    assert "sealing is off" not in with_chain
    assert "sealing is off" in _page(operador)
