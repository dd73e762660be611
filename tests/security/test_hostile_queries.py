"""No query string makes a page of the admin fail, and no name of a policy the API."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

LISTS = ("policy", "generation", "auditentry")
HOSTILE = (
    *("%00", "a%00b", "%ED%A0%80", "%EF%B7%90", "9" * 5_000, "-1", "1e999", "NaN", "'", "%25"),
    "%F0%9F%92%A9",
)
PARAMETERS = (
    *("q", "p", "o", "all", "_facets", "_to_field", "_popup", "kind", "kind__exact", "policy"),
    *("channel", "channel__exact", "user", "created_at__year", "created_at__gte", "id__in", "e"),
    *("active__exact", "user__id__exact", "x", "%00"),
)


@pytest.fixture
def root(client: Client) -> Client:
    """A superuser who is signed in, and sees a failure as a 500."""
    client.raise_request_exception = False
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.mark.parametrize("listed", LISTS)
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_a_list_answers_any_query(root: Client, listed: str, parameter: str) -> None:
    url = reverse(f"admin:passwords_{listed}_changelist")

    statuses = {value[:9]: root.get(f"{url}?{parameter}={value}").status_code for value in HOSTILE}

    assert {value: status for value, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize("listed", LISTS)
@pytest.mark.parametrize("key", ["%00", "a%00", "9" * 5_000, "-1", "%ED%A0%80", "_5F"])
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_an_address_with_any_key_is_no_failure(
    root: Client, listed: str, key: str, page: str
) -> None:
    url = reverse(f"admin:passwords_{listed}_changelist")

    assert root.get(f"{url}{key}/{page}/").status_code < 500


@pytest.mark.parametrize("name", ["\0", "wifi\0", "\ud800", "x" * 60_000, "%", "'"])
def test_a_policy_with_any_name_is_not_found(client: Client, name: str) -> None:
    response = client.post("/api/v1/secrets", {"policy": name}, "application/json")

    assert (response.status_code, list(response.json()["errors"])) == (422, ["policy"])
