"""The dashboard: figures of sealed and unsealed rows, as charts and as tables."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from passwords import audit, history
from passwords.admin import site
from passwords.domain.guessing import Strength
from passwords.history import daily_totals, statistics
from passwords.models import Action, Channel, Generation, Policy
from passwords.presentation.charts import Charts
from passwords.recents import RecentsUnavailableError, open_store

HISTORY = "/admin/passwords/generation/"


def _row(*, days_ago: int = 0, **values: Any) -> None:
    given = {"channel": "web", "kind": "pin", "count": 1, "size": 6, "entropy_bits": 19.93}
    moment = timezone.now() - timedelta(days=days_ago)
    Generation.objects.create(created_at=moment, **given | values)


def _charts() -> Charts:
    return Charts(statistics.figures(), HISTORY)


def _listed(client: Client, url: str) -> int:
    """Return how many requests the list at *url* has."""
    response = client.get(url)
    assert response.status_code == 200
    count: int = response.context["cl"].result_count
    return count


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


def test_bars_stand_on_each_other_below_a_round_number() -> None:
    _row()
    _row(channel="api")
    _row(channel="api")

    chart = _charts().channels()

    web, api = chart.bars[-1].segments
    assert (web.y, web.height) == ("66.67", "33.33")
    assert (api.y, api.height) == ("0.00", "66.67")
    assert chart.rows[-1].cells == ["1", "2", "0", "0", "3"]
    assert "3 requests in total; at most 3 in one bar" in chart.summary


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (4, ["0", "1", "2", "3", "4"]),
        (7, ["0", "2", "4", "6", "8"]),
        (100, ["0", "50", "100"]),
        (1234, ["0", "500", "1,000", "1,500"]),
    ],
)
def test_ticks_are_round_numbers_up_to_the_highest_bar(highest: int, ticks: list[str]) -> None:
    figures = statistics.figures()
    days = {**figures.days, timezone.localdate(): Counter(web=highest)}

    chart = Charts(replace(figures, days=days), HISTORY).channels()

    assert [tick.text for tick in chart.ticks] == ticks
    assert (chart.ticks[0].at, chart.ticks[-1].at) == ("100.00", "0.00")


def test_every_seventh_day_back_from_today_is_marked() -> None:
    marks = _charts().channels().marks

    days = [timezone.localdate() - timedelta(days=7 * weeks) for weeks in (4, 3, 2, 1, 0)]
    assert [mark.text for mark in marks] == [f"{day:%b} {day.day}" for day in days]


def test_each_bar_and_row_leads_to_the_requests_that_it_counts(operador: Client) -> None:
    _row(policy_slug="pin")
    _row(days_ago=1, kind="token", entropy_bits=300)
    _row(days_ago=1, kind="token", entropy_bits=128)
    _row(days_ago=40, policy_slug="pin")

    charts = _charts()
    found = {
        name: [_listed(operador, link) for link in links]
        for name, links in {
            "days": [bar.url for bar in charts.channels().bars[-2:]],
            "weak days": [row.url for row in charts.weak_days().rows[-2:]],
            "entropy": [charts.entropy().bars[1].url, charts.entropy().bars[-1].url],
            "kinds": [row.url for row in charts.kind_shares()],
            "policies": [row.url for row in charts.policy_shares()],
        }.items()
    }

    assert found == {
        "days": [2, 1],
        "weak days": [2, 1],
        "entropy": [1, 2],
        "kinds": [2, 1],
        "policies": [1],
    }


def test_an_unknown_range_of_entropy_filters_nothing(operador: Client) -> None:
    _row()

    assert _listed(operador, f"{HISTORY}?bits=17") == 1


def test_policies_have_their_names_and_deleted_ones_their_slugs() -> None:
    for slug in ("pin", "gone"):
        _row(policy_slug=slug)

    assert {row.label for row in _charts().policy_shares()} == {"6-digit PIN", "gone"}


def test_strengths_are_counted_by_day_without_pins() -> None:
    _row(kind="pin", entropy_bits=13)
    _row(kind="token", entropy_bits=256)
    _row(days_ago=1, kind="characters", entropy_bits=20)

    strengths = statistics.figures().strengths

    today, yesterday = timezone.localdate(), timezone.localdate() - timedelta(days=1)
    assert strengths[today] == {Strength.EVERYTHING: 1}
    assert strengths[yesterday] == {Strength.NONE: 1}


def test_the_weak_share_of_a_day_counts_kinds_with_a_default_policy() -> None:
    Policy.objects.filter(kind="token").update(default=False)
    _row(kind="token", entropy_bits=20)
    for bits in (10, 300, 300):
        _row(kind="characters", entropy_bits=bits)

    chart = _charts().weak_days()

    assert chart.rows[-1].cells == ["33.3%", "1", "3"]
    assert chart.rows[0].cells == ["0.0%", "0", "0"]
    assert "At most 33.3% of a day's requests" in chart.summary


def test_every_drawing_is_a_table_too_and_has_no_style_of_its_own(operador: Client) -> None:
    _row(policy_slug="pin")

    page = _page(operador)

    drawings = re.findall(r'<div class="plot" aria-hidden="true">.*?</div>', page, flags=re.DOTALL)
    assert len(drawings) == page.count("As a table") == 4
    for drawing in drawings:
        links = re.findall(r'<a href="([^"]+)" tabindex="-1">', drawing)
        assert links
        assert all(f'<th scope="row"><a href="{link}">' in page for link in links)
    assert " style=" not in page
    assert "<style" not in page


def test_an_empty_history_says_what_will_be_there(operador: Client) -> None:
    page = _page(operador)

    assert "No request in 30 days" in page
    assert "the requests of each day, by channel" in page
    assert 'href="/"' in page
    assert 'class="plot"' not in page


def test_the_last_verification_of_the_chain_is_shown(operador: Client) -> None:
    before = _page(operador)
    audit.record(Action.CHAIN_VERIFIED, channel=Channel.COMMAND)
    intact = _page(operador)
    audit.record(Action.CHAIN_VERIFIED, details={"finding": "row altered: history 1 (seal 1)"})
    altered = _page(operador)

    assert "none yet" in before
    assert "nothing was changed" in intact
    assert f'<time datetime="{timezone.now():%Y-%m-%d}' in intact
    assert "data was changed" in altered
    assert "row altered: history 1 (seal 1)" in altered


def test_numbers_are_in_the_language_of_the_page(
    operador: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = statistics.figures()
    days = {**figures.days, timezone.localdate(): Counter(web=12345)}
    monkeypatch.setattr(statistics, "figures", lambda: replace(figures, days=days))

    page = operador.get(reverse("admin:index"), headers={"Accept-Language": "pt-br"})

    assert "<dd>12.345</dd>" in page.content.decode()
    assert "12.345 requisições ao todo" in page.content.decode()


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
