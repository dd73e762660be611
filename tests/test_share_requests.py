"""Options of links that come from a page's form or a command."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from passwords import share_requests
from passwords.sharing import ShareOptions, ShareTerms
from passwords.validation import InvalidRequestError


def test_a_form_sends_numbers_as_text() -> None:
    options = share_requests.read_form({"expires_in": "3600", "views": "2", "passphrase": "digits"})

    assert options == ShareOptions(
        terms=ShareTerms(expires_in=3600, views=2), passphrase_kind="digits"
    )


def test_an_empty_choice_in_a_form_means_no_passphrase() -> None:
    assert share_requests.read_form({"passphrase": ""}).passphrase_kind is None
    assert share_requests.read_form({}).passphrase_kind == "words"


@pytest.mark.parametrize(
    ("post", "field"),
    [
        ({"expires_in": "1e9"}, "expires_in"),
        ({"expires_in": ""}, "expires_in"),
        ({"views": "-1"}, "views"),
        ({"views": "٣"}, "views"),
        ({"passphrase": "mine"}, "passphrase"),
    ],
)
def test_a_wrong_field_of_a_form_is_named(post: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        share_requests.read_form(post)

    assert set(caught.value.errors) == {field}


@pytest.mark.parametrize("text", ["a", "two\nlines", "🔑" * 10_000, "\0"])
def test_any_text_can_be_shared(text: str) -> None:
    assert share_requests.read_text(text) == text


@pytest.mark.parametrize("text", ["", "x" * 10_001, "\ud800"])
def test_a_text_that_cannot_be_sealed_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        share_requests.read_text(text)

    assert set(caught.value.errors) == {"text"}


def test_the_longest_lifetime_follows_the_setting(settings: Settings) -> None:
    settings.SHARES_MAX_DAYS = 1

    assert share_requests.read_options({"expires_in": 86_400}).terms.expires_in == 86_400
    with pytest.raises(InvalidRequestError):
        share_requests.read_options({"expires_in": 86_401})


def test_the_address_of_links_is_that_of_the_request_or_of_the_settings(
    settings: Settings,
) -> None:
    request = RequestFactory().get("/", headers={"host": "senhas.local:5000"})

    assert share_requests.site_origin(request) == "http://senhas.local:5000"
    settings.SITE_URL = "https://senhas.example.com"
    assert share_requests.site_origin(request) == "https://senhas.example.com"
