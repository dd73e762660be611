"""The owner of a request."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import timezone

from passwords import owners
from passwords.recents import Owner


def a_request(cookie: str | None = None, **headers: str) -> HttpRequest:
    request = RequestFactory().get("/", headers=headers)
    request.user = AnonymousUser()
    if cookie is not None:
        request.COOKIES[owners.COOKIE_NAME] = cookie
    return request


def a_cookie(owner: Owner) -> HttpResponse:
    response = HttpResponse()
    owners.set_owner_cookie(response, owner)
    return response


@pytest.fixture
def _https() -> Iterator[None]:
    with override_settings(HTTPS=True, COOKIE_PATH="/giropops/"):
        yield


def test_a_new_visitor_gets_a_random_owner() -> None:
    assert owners.find_owner(a_request()) is None
    first, second = (owners.find_or_make_owner(a_request()) for _ in range(2))
    assert first != second
    assert len(first.key) == len("anonymous:") + 32


def test_the_cookie_leads_back_to_its_owner() -> None:
    owner = owners.find_or_make_owner(a_request())

    cookie = a_cookie(owner).cookies[owners.COOKIE_NAME]

    assert owners.find_owner(a_request(cookie.value)) == owner
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 86_400)
    assert (cookie["path"], cookie["secure"]) == ("/", "")


@pytest.mark.usefixtures("_https")
def test_over_https_the_cookie_is_secure_and_stays_below_the_prefix() -> None:
    cookie = a_cookie(owners.find_or_make_owner(a_request())).cookies[owners.COOKIE_NAME]

    assert (cookie["path"], cookie["secure"]) == ("/giropops/", True)


@pytest.mark.parametrize("change", ["", "x", "no signature", "a" * 32, "a" * 32 + ":forged"])
def test_a_forged_cookie_has_no_owner(change: str) -> None:
    assert owners.find_owner(a_request(change)) is None


def test_a_changed_cookie_has_no_owner() -> None:
    value = a_cookie(owners.find_or_make_owner(a_request())).cookies[owners.COOKIE_NAME].value
    changed = ("0" if value[0] != "0" else "1") + value[1:]

    assert owners.find_owner(a_request(changed)) is None


@pytest.mark.django_db
def test_a_signed_in_user_is_the_owner_and_needs_no_cookie() -> None:
    request = a_request()
    request.user = User.objects.create(username="ana")
    request.COOKIES["giropops_session"] = "there is one"

    owner = owners.find_owner(request)

    assert owner == Owner.user(request.user.pk, "ana")
    assert not a_cookie(owner).cookies


def test_the_cookie_of_a_sender_lives_until_the_end_of_the_receipt() -> None:
    owner = owners.find_or_make_owner(a_request())
    response = HttpResponse()
    keep_until = timezone.now() + timedelta(days=40)

    owners.set_owner_cookie(response, owner, keep_until=keep_until)

    cookie = response.cookies[owners.COOKIE_NAME]
    again = owners.find_owner(a_request(cookie.value))
    assert again == owner
    assert 39.9 < a_cookie(again).cookies[owners.COOKIE_NAME]["max-age"] / 86_400 <= 40
    assert 39.9 < cookie["max-age"] / 86_400 <= 40


def test_the_time_in_the_cookie_of_a_sender_is_signed() -> None:
    response = HttpResponse()
    keep_until = timezone.now() + timedelta(days=40)
    owners.set_owner_cookie(response, Owner.anonymous("a" * 32), keep_until=keep_until)
    value = response.cookies[owners.COOKIE_NAME].value

    later = value.replace(value[33:43], "9999999999")

    assert owners.find_owner(a_request(later)) is None


def test_a_receipt_that_has_ended_no_longer_extends_the_cookie() -> None:
    cookie = a_cookie(Owner.anonymous("a" * 32, keep_until=1_000_000_000))

    assert cookie.cookies[owners.COOKIE_NAME]["max-age"] == 86_400
