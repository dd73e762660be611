"""The page shows a draft at once, and records it once: when somebody uses it."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from passwords import domain, drafts, owners
from passwords.models import Generation, Policy
from passwords.recents import open_store
from passwords.signals import secrets_drawn
from tests.web.conftest import Visit
from tests.web.reading import Reading, read


@pytest.fixture
def counted() -> Iterator[list[dict[str, Any]]]:
    """What the metrics count."""
    seen: list[dict[str, Any]] = []

    def count(kind: str, channel: str, count: int, **_signal: object) -> None:
        seen.append({"kind": kind, "channel": channel, "count": count})

    secrets_drawn.connect(count, weak=False)
    yield seen
    secrets_drawn.disconnect(count)


def token_of(answer: Reading) -> str:
    return answer.page.one("form", id="held").one(name="draft").attributes["value"]


@pytest.mark.parametrize("kind", domain.RECIPES)
def test_the_page_shows_a_secret_of_the_chosen_kind_at_once(get: Visit, kind: str) -> None:
    first, second = get(f"/?kind={kind}"), get(f"/?kind={kind}")

    assert first.status == 200
    assert first.secret
    assert first.secret != second.secret
    assert drafts.from_token(token_of(first)).recipe.kind == kind


def test_a_draft_is_recorded_nowhere(
    client: Client, get: Visit, counted: list[dict[str, Any]]
) -> None:
    answer = get("/?kind=token")

    assert answer.secret
    assert answer.recents == []
    assert not Generation.objects.exists()
    assert counted == []
    assert owners.COOKIE_NAME not in client.cookies
    assert answer.headers["Cache-Control"] == "no-store"


def test_head_draws_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        pytest.fail("a secret was drawn")

    monkeypatch.setattr(domain, "draw_many", fail)

    assert client.head("/").status_code == 200


@pytest.mark.parametrize(
    ("query", "kind", "parameters"),
    [
        ("", "characters", {}),
        ("kind=passphrase&words=7", "passphrase", {"words": 7, "wordlist": "pt-br"}),
        ("kind=passphrase&bits=100", "passphrase", {"bits": 100, "wordlist": "pt-br"}),
        ("kind=characters&length=9&symbols=%23%24", "characters", {"length": 9, "symbols": "#$"}),
        ("kind=characters&length=9&digits=false", "characters", {"length": 9, "digits": False}),
        ("kind=pin&measure=bits&length=5&bits=30", "pin", {"bits": 30}),
        ("kind=token&encoding=hex&bytes=20", "token", {"encoding": "hex", "bytes": 20}),
        ("kind=passphrase&separator=_", "passphrase", {"separator": "_", "wordlist": "pt-br"}),
    ],
)
def test_the_address_holds_the_recipe_of_the_secret_and_of_the_form(
    get: Visit, query: str, kind: str, parameters: dict[str, Any]
) -> None:
    answer = get(f"/?{query}")

    draft = drafts.from_token(token_of(answer))
    assert draft.recipe == domain.build(kind, parameters)
    form = answer.page.one("form", id="recipe-form")
    assert form.one("input", name="kind").attributes["value"] == kind
    for name, value in parameters.items():
        if name not in {"symbols", "digits"}:
            assert str(value) in _shown(answer, name)
    again = get(f"/?{answer.page.one(id='result').attributes['data-query']}")
    assert drafts.from_token(token_of(again)).recipe == draft.recipe


def _shown(answer: Reading, name: str) -> list[str]:
    field = answer.field(name)
    chosen = field.all("option", selected="") or [field]
    return [element.attributes["value"] for element in chosen]


def test_a_flag_in_the_address_is_shown_as_it_was_read(get: Visit) -> None:
    answer = get("/?digits=false&symbols=%23%24&length=9")

    assert "checked" not in answer.field("digits").attributes
    assert "checked" in answer.field("symbols").attributes
    assert answer.field("symbol_set").attributes["value"] == "#$"


@pytest.mark.parametrize("slug", ["pin", "memorable-passphrase"])
def test_a_preset_in_the_address_is_chosen_and_stays_for_another_secret(
    get: Visit, post: Visit, slug: str
) -> None:
    answer = get(f"/?policy={slug}")

    assert answer.page.one("button", value=slug).has("aria-pressed", "true")
    again = answer.page.one("form", id="again")
    assert answer.page.one(id="generate").has("form", "again")
    another = post(
        **{item.attributes["name"]: item.attributes["value"] for item in again.all("input")}
    )
    assert another.secret not in {"", answer.secret}
    assert another.page.one("button", value=slug).has("aria-pressed", "true")
    assert Generation.objects.get().policy_slug == slug


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=pin&length=99", "length"),
        ("kind=horoscope", "kind"),
        ("kind=pin&words=7", "words"),
        ("kind=pin&length=x", "length"),
        ("policy=no-such", "policy"),
        ("policy=pin&length=4", "length"),
        ("length=8&bits=90", "bits"),
    ],
)
def test_a_wrong_address_shows_its_errors_and_no_secret(get: Visit, query: str, field: str) -> None:
    answer = get(f"/?{query}", headers={"accept-language": "en"})

    assert answer.status == 422
    assert answer.secret == ""
    assert answer.page.one(id="held").all("input") == []
    problem = answer.page.one(role="alert")
    assert problem.text.strip()
    for link in problem.all("a"):
        assert link.has("href", f"#f-{field}")


def test_a_wrong_recipe_shows_no_earlier_secret(post: Visit) -> None:
    earlier = post(kind="pin")

    answer = post(kind="pin", length="99")

    assert answer.secret == ""
    assert answer.recents == [earlier.secret]


def test_keeping_records_the_secret_that_was_shown(
    client: Client, get: Visit, post: Visit, counted: list[dict[str, Any]]
) -> None:
    shown = get("/?policy=memorable-passphrase")

    kept = post("/keep", draft=token_of(shown))

    assert kept.status == 200
    assert (kept.secret, kept.recents) == (shown.secret, [shown.secret])
    assert kept.page.all(id="keep-secret") == []
    assert kept.field("words").attributes["value"] == "6"
    assert kept.page.one("button", value="memorable-passphrase").has("aria-pressed", "true")
    row = Generation.objects.get()
    policy = Policy.objects.get(slug="memorable-passphrase")
    assert (row.channel, row.kind, row.count, row.size) == ("web", "passphrase", 1, 6)
    assert (row.policy, row.policy_slug, row.policy_version) == (policy, policy.slug, 1)
    assert row.entropy_bits == policy.recipe().entropy_bits
    assert counted == [{"kind": "passphrase", "channel": "web", "count": 1}]
    assert owners.COOKIE_NAME in client.cookies
    assert get().recents == [shown.secret]


def test_keeping_twice_keeps_once(get: Visit, post: Visit, counted: list[dict[str, Any]]) -> None:
    token = token_of(get("/?kind=pin"))

    first, second = (post("/keep", draft=token) for _ in range(2))

    assert second.secret == first.secret
    assert second.recents == [first.secret]
    assert second.page.one(id="result").all(role="status") == []
    assert Generation.objects.count() == 1
    assert len(counted) == 1


def test_what_was_deleted_is_not_kept_again(get: Visit, post: Visit) -> None:
    token = token_of(get("/?kind=pin"))
    kept = post("/keep", draft=token)
    post("/recents/clear")

    again = post("/keep", draft=token)

    assert again.status == 200
    assert (again.secret, again.recents) == (kept.secret, [])
    assert again.page.one(id="result").one(role="status").text
    assert again.page.all(id="keep-secret") == []
    assert Generation.objects.count() == 1


def test_nobody_else_can_keep_a_kept_draft_again(get: Visit, post: Visit) -> None:
    token = token_of(get("/?kind=pin"))
    post("/keep", draft=token)

    other = read(Client().post("/keep", {"draft": token}))

    assert other.recents == []
    assert Generation.objects.count() == 1


def test_the_qr_code_of_a_draft_keeps_it(get: Visit, post: Visit) -> None:
    shown = get("/?kind=pin")

    answer = post("/recents/qr", draft=token_of(shown))

    assert answer.page.one("svg", class_="qr").all("path")
    assert get().recents == [shown.secret]
    assert Generation.objects.count() == 1


@pytest.mark.parametrize(
    "path", ["/keep", "/recents/qr", "/recents/read-aloud", "/recents/hand-over"]
)
def test_a_draft_that_is_too_old_is_gone(
    get: Visit, post: Visit, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    token = token_of(get())
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(drafts, "timezone", SimpleNamespace(now=lambda: later))

    answer = post(path, draft=token)

    assert answer.status == 410
    assert answer.page.one(id="problem").text
    assert not Generation.objects.exists()


def test_a_kept_draft_that_is_sent_again_too_late_stays_kept_and_is_not_called_missing(
    get: Visit, post: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = get()
    post("/keep", draft=token_of(shown))
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(drafts, "timezone", SimpleNamespace(now=lambda: later))

    problem = post("/keep", draft=token_of(shown)).page.one(id="problem").text

    assert get().recents == [shown.secret]
    assert "não pode mais entrar" in problem


@pytest.mark.parametrize("token", ["", "forged", "é\0", "A" * 60_000])
@pytest.mark.parametrize(
    "path", ["/keep", "/recents/qr", "/recents/read-aloud", "/recents/hand-over"]
)
def test_what_is_no_draft_is_refused(post: Visit, path: str, token: str) -> None:
    assert post(path, draft=token).status == 410


def test_keeping_needs_a_post_from_our_own_page(client: Client, get: Visit) -> None:
    token = token_of(get())

    foreign = client.post("/keep", {"draft": token}, headers={"sec-fetch-site": "cross-site"})

    assert foreign.status_code == 403
    assert client.get("/keep").status_code == 405
    assert not Generation.objects.exists()


@pytest.mark.usefixtures("store_away")
def test_without_recents_a_kept_draft_is_recorded_with_a_notice(get: Visit, post: Visit) -> None:
    shown = get("/?kind=pin")

    kept = post("/keep", draft=token_of(shown))

    assert kept.secret == shown.secret
    assert kept.page.one(id="result").one(role="status").text
    assert Generation.objects.count() == 1


def test_a_policy_that_was_deleted_since_does_not_matter(get: Visit, post: Visit) -> None:
    shown = get("/?policy=pin")
    Policy.objects.all().delete()

    kept = post("/keep", draft=token_of(shown))

    assert kept.secret == shown.secret
    assert Generation.objects.get().policy_slug == "pin"


def test_recents_of_one_process_are_kept_once_after_a_restart(get: Visit, post: Visit) -> None:
    token = token_of(get())
    post("/keep", draft=token)
    open_store.cache_clear()  # as a restart

    assert post("/keep", draft=token).recents == []
    assert Generation.objects.count() == 1


def test_an_anonymous_visitor_may_sign_in(get: Visit) -> None:
    link = get().page.one("a", class_="account")

    assert link.attributes["href"].startswith("/admin/login/")


def test_a_signed_in_visitor_is_led_to_the_admin(admin_client: Client, settings: Settings) -> None:
    page = read(admin_client.get("/")).page

    assert settings.SESSION_COOKIE_NAME in admin_client.cookies
    assert page.one("a", class_="account").attributes["href"] == "/admin/"
    assert read(Client().get("/")).page.one("a", class_="account").attributes["href"] != "/admin/"
