"""Sessions and sign-in run for the admin and for signed-in visitors only."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client, override_settings
from django.urls import include, path

from passwords import urls

pytestmark = pytest.mark.django_db
BODY = {"tamanho": 16}
JSON = "application/json"
PASSWORD = "correct horse battery staple"

GetResponse = Callable[[HttpRequest], HttpResponseBase]
calls: list[str] = []


class Recorder:
    """Records each of its hooks that Django calls."""

    name = ""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        calls.append(f"{self.name} request")
        response = self.get_response(request)
        calls.append(f"{self.name} response {response.status_code}")
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        calls.append(f"{self.name} view")
        return HttpResponse(status=418) if request.GET.get("view") == self.name else None

    def process_exception(self, request: HttpRequest, _error: Exception) -> HttpResponse | None:
        calls.append(f"{self.name} exception")
        return HttpResponse(status=419) if request.GET.get("exception") == self.name else None

    def process_template_response(
        self, _request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        calls.append(f"{self.name} template")
        return response


class Outer(Recorder):
    """Stands outside."""

    name = "outer"


class First(Recorder):
    """Comes first inside."""

    name = "first"


class Second(Recorder):
    """Comes second inside."""

    name = "second"


class Failing:
    """Fails after the view."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self.get_response(request)
        raise Http404


def page(request: HttpRequest) -> HttpResponse:
    """Fail, or answer with a template that is rendered after the view."""
    calls.append("page")
    if "exception" in request.GET:
        raise ValueError
    return TemplateResponse(request, engines["django"].from_string("text"))


urlpatterns = [
    path("admin/page", page),
    path("page", page),
    path("", include("passwords.urls")),  # the error page leads home
]


def flat(*inner: type) -> dict[str, Any]:
    """Return settings that have all middleware in one list, as Django expects it."""
    return {"MIDDLEWARE": [path_of(Outer), *map(path_of, inner)]}


def nested(*inner: type) -> dict[str, Any]:
    """Return settings that have the same middleware in two lists."""
    return {
        "MIDDLEWARE": [path_of(Outer), "giropops.middleware.signed_in.SignedInMiddleware"],
        "SIGNED_IN_MIDDLEWARE": [*map(path_of, inner)],
    }


def path_of(middleware: type) -> str:
    return f"{middleware.__module__}.{middleware.__qualname__}"


def calls_of(address: str, stacks: dict[str, Any]) -> list[str]:
    """Return which hooks a request calls, and the status of its answer."""
    calls.clear()
    with override_settings(ROOT_URLCONF=__name__, **stacks):
        response = Client(raise_request_exception=False).get(address)
    return [*calls, str(response.status_code)]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/page",
        "/admin/page?view=first",
        "/admin/page?view=second",
        "/admin/page?view=outer",
        "/admin/page?exception=first",
        "/admin/page?exception=second",
        "/admin/page?exception=outer",
        "/admin/page?exception=nobody",
        "/admin/nothing-here",
    ],
)
@pytest.mark.parametrize("inner", [(First, Second), (First, Failing, Second)])
def test_the_inner_middleware_runs_as_in_one_list(address: str, inner: tuple[type, ...]) -> None:
    expected = calls_of(address, flat(*inner))

    assert calls_of(address, nested(*inner)) == expected
    assert "first request" in expected


def test_an_anonymous_request_of_a_public_page_runs_none_of_it() -> None:
    found = calls_of("/page", nested(First, Second))

    assert not [call for call in found if call.startswith(("first", "second"))]
    assert found[-1] == "200"


@pytest.mark.parametrize("address", ["/", "/api/senhas", "/nothing-here", "/api/nothing-here"])
def test_a_public_answer_reads_no_session_and_sets_no_cookie(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def fail(*_arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr(SessionMiddleware, "process_request", fail)

    response = client.get(address)

    assert response.status_code in {200, 404}
    assert not response.cookies


@pytest.mark.parametrize("address", ["/", "/api/senhas", "/nothing-here"])
def test_a_response_has_content_length_and_vary(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.headers["Content-Length"] == str(len(response.content))
    assert {"Cookie", "Accept-Language"} <= set(response.headers["Vary"].split(", "))


def test_a_signed_in_user_has_their_own_recents_everywhere(client: Client) -> None:
    user = User.objects.create(username="ana")
    client.force_login(user)
    made = client.post("/api/gerar-senha", BODY, content_type=JSON)
    other = Client()
    other.force_login(user)

    listed = other.get("/api/senhas").json()

    assert [item["senha"] for item in listed] == [made.json()["senha"]]
    assert "giropops_owner" not in made.cookies
    assert made.json()["senha"] in re.sub("<[^>]*>", "", other.get("/").content.decode()).replace(
        "&amp;", "&"
    )


@pytest.mark.parametrize("route", [pattern.name for pattern in urls.urlpatterns])
def test_no_public_view_needs_a_csrf_token(route: str) -> None:
    (view,) = [pattern.callback for pattern in urls.urlpatterns if pattern.name == route]

    assert getattr(view, "csrf_exempt", False)


@pytest.fixture
def careful(admin_user: User) -> Client:
    """Return a signed-in client whose requests pass through Django's CSRF check."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(admin_user)
    return client


def test_a_signed_in_visitor_needs_no_token_on_public_pages(careful: Client) -> None:
    response = careful.post("/", {"tamanho": "12"}, headers={"sec-fetch-site": "same-origin"})

    assert response.status_code == 200


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_the_admin_needs_a_token_even_from_its_own_pages(careful: Client, site: str) -> None:
    response = careful.post("/admin/second-factor/", headers={"sec-fetch-site": site})

    assert response.status_code == 403
    assert "did not send the cookie" in response.content.decode()


def test_an_admin_form_with_a_wrong_token_gets_a_page_that_explains_it(careful: Client) -> None:
    careful.get("/admin/second-factor/")

    response = careful.post("/admin/second-factor/", {"csrfmiddlewaretoken": "x" * 64})

    assert response.status_code == 403
    assert "no longer valid" in response.content.decode()


def test_the_admin_behind_an_unknown_proxy_names_the_setting(careful: Client) -> None:
    headers = {"origin": "https://localhost", "host": "localhost"}

    response = careful.post("/admin/second-factor/", headers=headers)

    assert response.status_code == 403
    assert "TRUSTED_PROXIES" in response.content.decode()


def test_signing_in_takes_the_token_of_the_form(admin_user: User) -> None:
    admin_user.set_password(PASSWORD)
    admin_user.save()
    form = {"username": admin_user.get_username(), "password": PASSWORD, "next": "/admin/"}
    client = Client(enforce_csrf_checks=True)

    without = client.post("/admin/login/", form)
    shown = client.get("/admin/login/").content.decode()
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
    accepted = client.post("/admin/login/", {**form, "csrfmiddlewaretoken": token})

    assert (without.status_code, accepted.status_code) == (403, 302)
    assert client.get("/admin/").status_code == 200


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


@pytest.mark.parametrize("body", [b"x" * 70_000])
def test_what_is_refused_before_the_view_is_in_the_callers_language(
    client: Client, body: bytes
) -> None:
    refused = client.post("/", body, JSON, headers={"accept-language": "en"})

    assert refused.status_code == 413
    assert "The request is too large" in refused.content.decode()
