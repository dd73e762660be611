"""The two endpoints of the app that this one replaces, to the letter of its wire format."""

import string
from collections.abc import Callable

import pytest
from django.http import SimpleCookie
from django.test import Client, override_settings

from passwords.models import Generation
from tests.api.clients import COOKIE, OLD_RECENTS, OLD_SECRETS, draw, errors, post

pytestmark = pytest.mark.any_database

NewClient = Callable[[], Client]


def generate(client: Client, body: object) -> str:
    answer = post(client, OLD_SECRETS, body)
    assert answer.status_code == 200, answer.content
    content = answer.json()
    assert list(content) == ["senha"]
    assert isinstance(content["senha"], str)
    return str(content["senha"])


def test_the_default_is_eight_letters(client: Client) -> None:
    password = generate(client, {})

    assert len(password) == 8
    assert set(password) <= set(string.ascii_letters)


@pytest.mark.parametrize(
    ("wishes", "alphabet"),
    [
        ({}, string.ascii_letters),
        ({"incluir_numeros": False, "incluir_caracteres_especiais": False}, string.ascii_letters),
        ({"incluir_numeros": True}, string.ascii_letters + string.digits),
        ({"incluir_caracteres_especiais": True}, string.ascii_letters + string.punctuation),
        (
            {"incluir_numeros": True, "incluir_caracteres_especiais": True},
            string.ascii_letters + string.digits + string.punctuation,
        ),
    ],
)
def test_the_flags_say_which_characters_there_may_be(
    memory_client: Client, wishes: dict[str, bool], alphabet: str
) -> None:
    # So many characters that one of the alphabet is missing once in 10**21 runs.
    drawn = "".join(generate(memory_client, {"tamanho": 256, **wishes}) for _ in range(20))

    assert set(drawn) == set(alphabet)


@pytest.mark.parametrize("length", [4, 8, 15, 256, 20.0, "4", "16", " 32 ", "+08"])
def test_the_length_is_a_number_or_the_text_of_one(
    memory_client: Client, length: float | str
) -> None:
    assert len(generate(memory_client, {"tamanho": length})) == int(float(length))


@pytest.mark.parametrize("flag", [True, "on", "true", "True", "1"])
def test_a_flag_may_come_as_text(memory_client: Client, flag: bool | str) -> None:  # noqa: FBT001  # a parameter of the test
    password = generate(
        memory_client,
        {"tamanho": 256, "incluir_numeros": flag, "incluir_caracteres_especiais": "off"},
    )

    assert set(password) & set(string.digits)
    assert not set(password) & set(string.punctuation)


def test_no_class_of_characters_is_forced_into_the_password(memory_client: Client) -> None:
    # With at least one digit in each, 4 characters would never be letters alone.
    drawn = [generate(memory_client, {"tamanho": 4, "incluir_numeros": True}) for _ in range(150)]

    assert any(password.isalpha() for password in drawn)


def test_other_names_mean_nothing(memory_client: Client) -> None:
    assert len(generate(memory_client, {"length": 99, "apelido": "x", "lista": [None]})) == 8


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"tamanho": 3}, "tamanho"),
        ({"tamanho": "257"}, "tamanho"),
        ({"tamanho": "oito"}, "tamanho"),
        ({"tamanho": 8.5}, "tamanho"),
        ({"tamanho": True}, "tamanho"),
        ({"incluir_numeros": "sim"}, "incluir_numeros"),
        ({"incluir_numeros": 1}, "incluir_numeros"),
        ({"incluir_caracteres_especiais": "!?"}, "incluir_caracteres_especiais"),
        ({"incluir_caracteres_especiais": None}, "incluir_caracteres_especiais"),
    ],
)
def test_a_wrong_field_is_named_as_the_client_named_it(
    memory_client: Client, wishes: dict[str, object], field: str
) -> None:
    assert list(errors(post(memory_client, OLD_SECRETS, wishes), 422)) == [field]


def test_the_list_is_empty_at_first(client: Client) -> None:
    answer = client.get(OLD_RECENTS)

    assert (answer.status_code, answer.json()) == (200, [])
    assert COOKIE not in answer.cookies


def test_the_list_has_the_newest_first_numbered_from_one(client: Client) -> None:
    first, second, third = (generate(client, {}) for _ in range(3))

    assert client.get(OLD_RECENTS).json() == [
        {"id": 1, "senha": third},
        {"id": 2, "senha": second},
        {"id": 3, "senha": first},
    ]


def test_the_list_has_at_most_ten(client: Client) -> None:
    drawn = [generate(client, {}) for _ in range(12)]

    listed = client.get(OLD_RECENTS).json()

    assert [item["senha"] for item in listed] == drawn[:1:-1]
    assert [item["id"] for item in listed] == list(range(1, 11))


@override_settings(RECENTS_LIMIT=100)
def test_the_list_has_at_most_ten_also_where_more_are_kept(client: Client) -> None:
    drawn = [secret["value"] for secret in draw(client, count=30)]

    assert [item["senha"] for item in client.get(OLD_RECENTS).json()] == drawn[:10]


def test_the_list_shows_every_kind_of_secret(client: Client) -> None:
    ((pin,), (token,)) = (draw(client, kind="pin"), draw(client, kind="token"))

    listed = client.get(OLD_RECENTS).json()

    assert [item["senha"] for item in listed] == [token["value"], pin["value"]]


def test_another_client_sees_nothing_of_it(new_client: NewClient) -> None:
    generate(new_client(), {})

    assert new_client().get(OLD_RECENTS).json() == []


@override_settings(RECENTS_SCOPE="shared")
def test_where_recents_are_shared_every_client_sees_them(new_client: NewClient) -> None:
    password = generate(new_client(), {})

    assert new_client().get(OLD_RECENTS).json() == [{"id": 1, "senha": password}]


def test_a_client_that_keeps_no_cookie_sees_nothing(client: Client) -> None:
    generate(client, {})
    client.cookies = SimpleCookie()

    assert client.get(OLD_RECENTS).json() == []


def test_the_cookie_is_for_this_app_alone_and_lives_as_long_as_the_recents(
    memory_client: Client,
) -> None:
    cookie = post(memory_client, OLD_SECRETS, {}).cookies[COOKIE]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 86_400
    assert cookie["path"] == "/"
    assert not cookie["secure"]


@override_settings(HTTPS=True, COOKIE_PATH="/senhas/", RECENTS_TTL=60)
def test_the_cookie_follows_the_settings(memory_client: Client) -> None:
    cookie = post(memory_client, OLD_SECRETS, {}).cookies[COOKIE]

    assert cookie["secure"]
    assert (cookie["path"], cookie["max-age"]) == ("/senhas/", 60)


def test_the_same_client_keeps_its_identity(memory_client: Client) -> None:
    first, second = (post(memory_client, OLD_SECRETS, {}).cookies[COOKIE] for _ in range(2))

    assert first.value == second.value


@pytest.mark.parametrize(("method", "path"), [("post", OLD_SECRETS), ("get", OLD_RECENTS)])
def test_a_slash_at_the_end_is_another_address(
    memory_client: Client, method: str, path: str
) -> None:
    answer = getattr(memory_client, method)(f"{path}/")

    assert answer.status_code == 404


@pytest.mark.django_db
def test_a_request_is_recorded_once_without_the_password(memory_client: Client) -> None:
    password = generate(memory_client, {"tamanho": 12, "incluir_numeros": True})

    (row,) = Generation.objects.all()
    assert (row.channel, row.kind, row.count, row.size) == ("api", "characters", 1, 12)
    assert password not in repr(vars(row))
