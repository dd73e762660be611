"""The history in the admin: listed, narrowed and exported without looking at all of it."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passwords.admin import long_lists
from passwords.models import Generation

BACK = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
LIST = "admin:passwords_generation_changelist"
EXPORT = "admin:passwords_generation_export"
Add = Callable[..., Generation]


@pytest.fixture
def add() -> Add:
    """Add a row to the history."""

    def add_one(created_at: str = "2026-03-01T12:00:00", **values: Any) -> Generation:
        given = {"channel": "web", "kind": "pin", "count": 1, "size": 6, "entropy_bits": 19.931}
        moment = datetime.fromisoformat(created_at).replace(tzinfo=UTC)
        return Generation.objects.create(created_at=moment, **given | values)

    return add_one


def _listed(client: Client, **query: Any) -> list[Generation]:
    response = client.get(reverse(LIST), query)
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def _steps(client: Client, **query: Any) -> list[str]:
    page = client.get(reverse(LIST), query).content.decode()
    (nav,) = re.findall(r'<nav class="toplinks".*?</nav>', page, flags=re.DOTALL)
    return re.findall(r">([^<]+)</a>", nav)


@pytest.mark.parametrize(
    "query",
    [
        {"channel__exact": "api"},
        {"kind__exact": "token"},
        {"policy": "wifi"},
        {"who": "ana"},
        {"q": "an"},
        {"q": "a"},
        {"q": "ANA"},
        {"created_at__year": "2025"},
        {"created_at__year": "2026", "created_at__month": "2", "created_at__day": "3"},
    ],
)
def test_a_filter_or_a_search_leaves_what_it_names(
    operador: Client, add: Add, query: dict[str, str]
) -> None:
    User.objects.create(username="ana")
    User.objects.create(username="anabel")
    wanted = add(
        "2025-06-01" if query.get("created_at__year") == "2025" else "2026-02-03",
        channel="api", kind="token", policy_slug="wifi", user_name="ana",
    )  # fmt: skip
    add(user_name="bob", policy_slug="pin")

    assert _listed(operador, **query) == [wanted]


@pytest.mark.parametrize(("query", "names"), [({"who": "-"}, [""]), ({"policy": "-"}, ["", "bob"])])
def test_rows_without_user_or_policy_can_be_filtered(
    operador: Client, add: Add, query: dict[str, str], names: list[str]
) -> None:
    add(user_name="bob")
    add()
    add(policy_slug="pin", user_name="ana")

    assert sorted(row.user_name for row in _listed(operador, **query)) == names


def test_a_deleted_user_is_found_by_the_whole_name(operador: Client, add: Add) -> None:
    row = add(user_name="gone")

    assert _listed(operador, q="gone") == [row]


def test_the_way_to_a_day_goes_over_years_and_months(operador: Client, add: Add) -> None:
    add("2024-12-30")
    add("2026-02-03")

    assert _steps(operador) == ["2024", "2025", "2026"]
    assert _steps(operador, created_at__year=2026) == [f"{BACK} All days", "January", "February"]
    in_month = _steps(operador, created_at__year=2026, created_at__month=2)
    assert in_month == [f"{BACK} All days", f"{BACK} 2026", "1", "2", "3"]
    on_day = _steps(operador, created_at__year=2026, created_at__month=2, created_at__day=3)
    assert on_day == [f"{BACK} All days", f"{BACK} 2026", f"{BACK} February 2026"]


@pytest.mark.parametrize("query", [{"created_at__year": "x"}, {"p": "99"}, {"channel__exact": "x"}])
def test_a_senseless_query_is_no_crash(operador: Client, query: dict[str, str]) -> None:
    assert operador.get(reverse(LIST), query).status_code in {200, 302}
    assert operador.get(reverse(EXPORT), query).status_code in {200, 302}


def test_no_query_of_the_list_counts_to_the_end(
    operador: Client, add: Add, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    add(user_name="ana")

    with django_assert_max_num_queries(15) as queries:
        _listed(operador, channel__exact="web")

    assert isinstance(queries, CaptureQueriesContext)
    about_rows = [
        query["sql"] for query in queries.captured_queries if "passwords_generation" in query["sql"]
    ]
    assert about_rows
    assert all("LIMIT" in sql for sql in about_rows if "COUNT" in sql)
    assert not any("DISTINCT" in sql for sql in about_rows)


def test_a_list_that_is_cut_off_is_reported(
    operador: Client, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_lists, "ROWS_LISTED", 2)
    for _ in range(3):
        add()

    response = operador.get(reverse(LIST))

    assert response.context["cl"].result_count == 2
    assert "Only the newest 2 rows are listed." in response.content.decode()


def test_the_export_streams_what_the_list_shows_oldest_first(operador: Client, add: Add) -> None:
    add("2026-03-02", user_name="=SUM(1)")
    add("2026-03-01", user_name="ana")
    add(channel="api")

    response = operador.get(reverse(EXPORT), {"channel__exact": "web"})

    assert response.streaming
    text = response.getvalue().decode()
    assert [row["user"] for row in csv.DictReader(text.splitlines())] == ["ana", "'=SUM(1)"]


def test_entropy_is_rounded_down(operador: Client, add: Add) -> None:
    add(entropy_bits=92.996)

    assert "92.99" in operador.get(reverse(LIST)).content.decode()


def test_a_row_and_the_list_show_numbers_in_the_language_of_the_page(
    operador: Client, add: Add
) -> None:
    row = add(entropy_bits=19.931568569324174, count=12000)
    portuguese = {"Accept-Language": "pt-br"}

    listed = operador.get(reverse(LIST), headers=portuguese).content.decode()
    shown = operador.get(
        reverse("admin:passwords_generation_change", args=[row.pk]), headers=portuguese
    ).content.decode()

    for page in (listed, shown):
        assert ">19,93<" in page
        assert ">12.000<" in page
    assert "19.93" not in listed + shown
    assert "01/03/2026 12:00" in listed
    assert "1 de março de 2026 às 12:00" in shown


def test_a_chosen_filter_is_named_while_the_filters_are_folded(operador: Client, add: Add) -> None:
    add()

    page = operador.get(reverse(LIST), {"kind__exact": "pin"}).content.decode()

    assert "<summary>Kind: <strong>PIN</strong></summary>" in page
    assert "<summary>Channel</summary>" in page
    assert "Clear all filters" in page


def test_many_rows_of_several_names_are_looked_for_through_time(
    operador: Client, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_lists, "_MANY_ROWS", 2)
    for name in ("ana", "anabel", "bob"):
        User.objects.create(username=name)
        add(user_name=name)

    assert {row.user_name for row in _listed(operador, q="ana")} == {"ana", "anabel"}
