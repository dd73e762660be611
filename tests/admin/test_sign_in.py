"""Signing in: second factors, and the limit of attempts."""

import re
import time
from http import HTTPStatus

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from passwords.accounts import second_factor
from passwords.models import Action, AuditEntry

PASSWORD = "correct-horse-battery-staple"
LOGIN = "admin:login"
FACTOR = "admin:second_factor"


@pytest.fixture
def ana() -> User:
    """Somebody with a password."""
    return User.objects.create_superuser("ana", password=PASSWORD)


@pytest.fixture
def paper(ana: User) -> list[str]:
    """The recovery codes of a user whose second factor is set up."""
    device = second_factor.begin(ana)
    confirmed = second_factor.confirm(ana, _code(device))
    assert confirmed
    return confirmed[1]


def _code(device: TOTPDevice, *, steps: int = 0) -> str:
    """Return what the app shows now, or so many half minutes from now."""
    return f"{totp(device.bin_key, t0=int(-30 * steps)):06}"


def _sign_in(client: Client, **values: str) -> int:
    given = {"username": "ana", "password": PASSWORD, **values}
    return client.post(reverse(LOGIN), given).status_code


def _opens(client: Client) -> bool:
    return client.get(reverse("admin:index")).status_code == HTTPStatus.OK


@pytest.mark.usefixtures("ana")
def test_a_password_alone_signs_in_a_user_without_a_second_factor(client: Client) -> None:
    assert _sign_in(client) == HTTPStatus.FOUND
    assert _opens(client)


@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize("code", ["", "000000", "not-on-paper"])
def test_a_password_alone_opens_nothing_for_a_user_with_a_second_factor(
    client: Client, code: str
) -> None:
    assert _sign_in(client, code=code) == HTTPStatus.OK
    assert not _opens(client)


@pytest.mark.usefixtures("paper")
def test_the_code_of_the_app_signs_in(client: Client) -> None:
    device = TOTPDevice.objects.get()

    # The current code was used to set it up.
    assert _sign_in(client, code=_code(device, steps=1)) == HTTPStatus.FOUND
    assert _opens(client)


def test_a_code_on_paper_signs_in_once(client: Client, paper: list[str]) -> None:
    assert _sign_in(client, code=paper[0]) == HTTPStatus.FOUND
    client.post(reverse("admin:logout"))

    assert _sign_in(client, code=paper[0]) == HTTPStatus.OK
    assert StaticToken.objects.count() == second_factor.RECOVERY_CODES - 1


def test_a_session_from_before_the_second_factor_opens_nothing(client: Client, ana: User) -> None:
    _sign_in(client)
    device = second_factor.begin(ana)
    second_factor.confirm(ana, _code(device))

    assert not _opens(client)


@pytest.mark.usefixtures("paper")
def test_wrong_codes_count_as_failed_tries(client: Client) -> None:
    for _ in range(5):
        _sign_in(client, code="000000")

    assert _sign_in(client) == HTTPStatus.TOO_MANY_REQUESTS
    assert AuditEntry.objects.filter(action=Action.LOCKED_OUT).exists()


def test_the_page_sets_a_second_factor_up_and_removes_it(boss: Client) -> None:
    begun = boss.post(reverse(FACTOR)).content.decode()
    device = TOTPDevice.objects.get()
    wrong = boss.post(reverse(FACTOR), {"code": "12345"}).content.decode()
    # A wrong try makes the device wait for a second.
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    done = boss.post(reverse(FACTOR), {"code": _code(device)}).content.decode()

    assert 'class="qr"' in begun
    assert "That is not the code that the app shows now." in wrong
    codes = re.findall(r"<code>([a-z0-9]+)</code>", done)
    assert len(codes) == second_factor.RECOVERY_CODES
    assert _opens(boss)
    assert codes[0] not in boss.get(reverse(FACTOR)).content.decode()

    boss.post(reverse(FACTOR), {"code": "never"})
    assert TOTPDevice.objects.exists()
    boss.post(reverse(FACTOR), {"code": codes[1]})
    # The wrong one before makes the paper wait, too.
    deadline = time.monotonic() + 10
    while TOTPDevice.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
        boss.post(reverse(FACTOR), {"code": codes[2]})
    assert not TOTPDevice.objects.exists()
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions >= {Action.SECOND_FACTOR_ADDED, Action.SECOND_FACTOR_REMOVED}


def test_a_get_request_draws_no_key(boss: Client) -> None:
    boss.get(reverse(FACTOR))

    assert not TOTPDevice.objects.exists()


@pytest.mark.usefixtures("paper")
def test_a_superuser_removes_what_somebody_lost(boss: Client, ana: User) -> None:
    chosen = {"action": "remove_second_factor", "_selected_action": [ana.pk]}
    boss.post(reverse("admin:auth_user_changelist"), chosen)

    assert not second_factor.is_set_up(ana)
    entry = AuditEntry.objects.get(action=Action.SECOND_FACTOR_REMOVED)
    assert (entry.user_name, entry.target) == ("superuser", "user ana")


@pytest.mark.usefixtures("ana")
def test_five_failures_lock_the_account_and_the_address_out(client: Client) -> None:
    statuses = [_sign_in(client, password="wrong") for _ in range(5)]
    right = client.post(reverse(LOGIN), {"username": "ana", "password": PASSWORD})
    elsewhere = client.post(
        reverse(LOGIN), {"username": "ana", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7"
    )

    assert statuses[:4] == [HTTPStatus.OK] * 4
    assert right.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Too many failed tries" in right.content.decode()
    assert elsewhere.status_code == HTTPStatus.FOUND


@pytest.mark.usefixtures("ana")
def test_all_addresses_of_an_ipv6_network_are_locked_out_together(client: Client) -> None:
    form = {"username": "ana", "password": "wrong"}
    for number in range(5):
        client.post(reverse(LOGIN), form, REMOTE_ADDR=f"2001:db8:1:2::{number}")

    same, other = (
        client.post(reverse(LOGIN), {**form, "password": PASSWORD}, REMOTE_ADDR=address)
        for address in ("2001:db8:1:2:ffff::9", "2001:db8:1:3::9")
    )

    assert (same.status_code, other.status_code) == (
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.FOUND,
    )


@pytest.mark.usefixtures("ana")
def test_a_successful_sign_in_resets_the_failures(client: Client) -> None:
    for _ in range(3):
        for _ in range(4):
            _sign_in(client, password="wrong")
        assert _sign_in(client) == HTTPStatus.FOUND
        client.post(reverse("admin:logout"))

    assert not AccessAttempt.objects.exists()
    assert not AccessLog.objects.exists()


def test_nothing_that_was_typed_is_kept(client: Client) -> None:
    _sign_in(client, username="my-password-typed-here", password="wrong-password", code="654321")

    kept = str(list(AccessAttempt.objects.values()) + list(AuditEntry.objects.values()))
    assert AccessAttempt.objects.exists()
    for typed in ("my-password-typed-here", "wrong-password", "654321"):
        assert typed not in kept


def test_the_page_has_a_heading(client: Client) -> None:
    assert "<h1>Sign in</h1>" in client.get(reverse(LOGIN)).content.decode()
