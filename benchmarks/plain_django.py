"""Django with the seven middlewares of `startproject`, and views that do nothing: a yardstick.

It has the addresses of the app, and answers each with a constant: what it costs is Django's own.
"""

import secrets

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

settings.configure(
    SECRET_KEY=secrets.token_urlsafe(48),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)


@csrf_exempt
def page(_request: HttpRequest) -> HttpResponse:
    """Answer with a short page."""
    return HttpResponse("<!doctype html><title>Giropops</title>")


@csrf_exempt
def data(_request: HttpRequest, **_route: str) -> JsonResponse:
    """Answer with a little JSON."""
    return JsonResponse({"senha": "constant"})


urlpatterns = [
    path("", page),
    path("healthz", page),
    path("api/gerar-senha", data),
    path("api/senhas", data),
]

application = get_wsgi_application()
