"""The API's short way answers as the long way does."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db
BODY = {"tamanho": 16}


def test_an_api_call_has_no_use_for_what_pages_need(client: Client) -> None:
    response = client.post("/api/gerar-senha", BODY, content_type="application/json")

    assert response.status_code == 200
    assert "Vary" not in response.headers
    assert list(response.cookies) == ["giropops_owner"]


def test_a_signed_in_user_takes_the_long_way_to_their_own_recents(client: Client) -> None:
    client.force_login(User.objects.create(username="ana"))

    made = client.post("/api/gerar-senha", BODY, content_type="application/json").json()

    other = Client()
    other.force_login(User.objects.get())
    assert [item["senha"] for item in other.get("/api/senhas").json()] == [made["senha"]]


@pytest.mark.parametrize(
    ("language", "known"), [("en", "There is nothing at this address."), ("xx", None)]
)
def test_the_language_is_the_callers(client: Client, language: str, known: str | None) -> None:
    response = client.get("/api/nowhere", headers={"accept-language": language})

    assert response.status_code == 404
    (message,) = response.json()["errors"]["request"]
    assert known in {None, message}


def test_a_language_does_not_stay_for_the_next_caller(client: Client) -> None:
    before = client.get("/api/nowhere").content
    client.get("/api/nowhere", headers={"accept-language": "en"})

    assert client.get("/api/nowhere").content == before
