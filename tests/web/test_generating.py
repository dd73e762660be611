"""The page generates: each kind, each preset, once a request, and never by a GET."""

import pytest
from django.test import Client

from passwords.models import Generation, Policy
from passwords.recents import new_item_id
from passwords.validation import LEGACY_DEFAULT_LENGTH
from tests.web.conftest import Visit
from tests.web.reading import read


@pytest.mark.parametrize("kind", ["characters", "passphrase", "pin", "token"])
def test_each_kind_has_a_form_that_generates_as_it_stands(
    get: Visit, post: Visit, kind: str
) -> None:
    form = get(f"/?kind={kind}").page.one("form", id="recipe-form")
    values = {
        element.attributes["name"]: element.attributes.get("value", "on")
        for element in form.all("input")
        if "name" in element.attributes
        and (
            element.attributes["type"] not in {"checkbox", "radio"}
            or "checked" in element.attributes
        )
    }

    answer = post(**values)

    assert answer.status == 200
    assert answer.secret
    assert Generation.objects.get().kind == kind


def test_every_preset_generates_and_fills_the_form_with_its_recipe(post: Visit) -> None:
    for policy in Policy.objects.all():
        answer = post(policy=policy.slug)

        assert answer.status == 200
        assert answer.secret
        kind = answer.page.one("form", id="recipe-form").one("input", name="kind")
        assert kind.attributes["value"] == policy.kind


def test_an_inactive_policy_is_neither_offered_nor_obeyed(get: Visit, post: Visit) -> None:
    Policy.objects.filter(slug="pin").update(active=False)

    assert get().page.all("button", value="pin") == []
    assert post(policy="pin").status == 422


def test_the_same_request_shows_the_same_secret_and_is_recorded_once(post: Visit) -> None:
    request_id = new_item_id()

    first = post(kind="characters", request_id=request_id)
    again = post(kind="characters", request_id=request_id)

    assert again.secret == first.secret
    assert again.recents == [first.secret]
    assert Generation.objects.count() == 1


def test_the_form_on_a_result_is_for_another_secret(post: Visit) -> None:
    first = post(kind="pin", request_id=new_item_id())
    form = first.page.one("form", id="recipe-form")

    second = post(kind="pin", request_id=form.one(name="request_id").attributes["value"])

    assert second.recents == [second.secret, first.secret]


def test_a_malformed_request_id_is_ignored(post: Visit) -> None:
    answer = post(kind="pin", request_id="../../etc/passwd")

    assert answer.status == 200
    assert "passwd" not in answer.text


def test_anothers_request_id_shows_nothing_of_theirs(post: Visit) -> None:
    request_id = new_item_id()
    theirs = post(kind="token", request_id=request_id)
    stranger = Client()

    response = stranger.post("/", {"kind": "token", "request_id": request_id})

    assert theirs.secret not in response.content.decode()


def test_the_fields_of_the_old_app_still_work(post: Visit) -> None:
    answer = post(tamanho="12", incluir_numeros="on")

    assert len(answer.secret) == 12
    assert answer.secret.isalnum()
    assert answer.field("length").attributes["value"] == "12"
    assert "checked" not in answer.field("symbols").attributes


def test_an_error_in_a_field_of_the_old_app_is_shown_on_ours(post: Visit) -> None:
    answer = post(tamanho="1")

    assert answer.status == 422
    assert answer.field("length").attributes["aria-invalid"] == "true"
    assert answer.field("length").attributes["value"] == "1"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", "kind=&length=20"),
        ("application/x-www-form-urlencoded", "length=20"),
        ("application/json", '{"length": 0}'),
        ("text/plain", "kind=pin"),
    ],
)
def test_what_is_no_form_of_the_page_makes_nothing(
    client: Client, content_type: str, body: str
) -> None:
    response = client.post("/", body, content_type=content_type)

    assert response.status_code == 422
    assert not Generation.objects.exists()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", ""),
        ("application/x-www-form-urlencoded", ""),
        ("multipart/form-data; boundary=x", "--x--\r\n"),
    ],
)
def test_an_empty_form_draws_as_the_old_app_did(
    client: Client, content_type: str, body: str
) -> None:
    answer = read(client.post("/", body, content_type=content_type))

    assert answer.status == 200
    assert len(answer.secret) == LEGACY_DEFAULT_LENGTH
    assert answer.secret.isalpha()
    assert answer.field("length").attributes["value"] == str(LEGACY_DEFAULT_LENGTH)


def test_a_form_needs_no_token() -> None:
    careful = Client(enforce_csrf_checks=True)

    response = careful.post("/", {"tamanho": "12"})

    assert response.status_code == 200
    assert Generation.objects.count() == 1


def test_the_form_of_a_page_from_an_earlier_release_still_works(post: Visit) -> None:
    assert post(kind="pin", csrfmiddlewaretoken="x" * 64).status == 200


@pytest.mark.parametrize(
    "length", ["0", "-5", "3", "257", "10000000", "10" * 8, "abc", "NaN", "1.5"]
)
def test_a_wrong_length_is_reported_at_its_field_and_draws_nothing(
    post: Visit, length: str
) -> None:
    answer = post(kind="characters", length=length, digits="off")

    assert answer.status == 422
    field = answer.field("length")
    assert field.attributes["aria-invalid"] == "true"
    assert field.attributes["value"] == length
    assert answer.page.one(id=field.attributes["aria-describedby"]).text
    assert answer.page.one(role="alert").one("a", href="#f-length").text
    assert "checked" not in answer.field("digits").attributes
    assert answer.recents == []
    assert not Generation.objects.exists()


def test_a_minimum_of_a_class_that_is_left_out_counts_for_nothing(post: Visit) -> None:
    answer = post(kind="characters", length="10", digits="off", min_digits="3")

    assert answer.status == 200
    assert not any(sign.isdigit() for sign in answer.secret)


def test_the_bytes_beside_a_form_of_one_size_count_for_nothing(post: Visit) -> None:
    answer = post(kind="token", encoding="uuid4", measure="size", bytes="32")

    assert len(answer.secret) == 36


def test_strength_can_be_given_instead_of_length(post: Visit) -> None:
    answer = post(kind="characters", measure="bits", length="4", bits="128")

    assert len(answer.secret) == 20


@pytest.mark.usefixtures("store_away")
def test_with_the_store_away_the_secret_is_shown_all_the_same(post: Visit) -> None:
    answer = post(kind="pin")

    assert answer.status == 200
    assert len(answer.secret) == 6
    assert answer.page.one(id="result").all(role="status")
