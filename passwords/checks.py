"""System checks for insecure or unusable configurations."""

import ipaddress
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from passwords.domain import wordlists
from passwords.history.queries import count_older_than
from passwords.own_wordlists import WordlistError
from passwords.recents import KEY_BYTES, uses_redis

TAG: Final = "giropops"

# Only one in a billion keys of 32 random bytes has fewer than 20 different bytes. Keys of 50 random
# characters have more.
_MIN_DISTINCT: Final = 16
# Days of delay without a warning.
_GRACE_DAYS: Final = 7

# Sign-in, the admin and the forms need these, in this order. The checks of Django and axes are
# silenced, because they look only at MIDDLEWARE.
_REQUIRED_MIDDLEWARE: Final = {
    "MIDDLEWARE": (
        "giropops.middleware.trusted_proxies.TrustedProxiesMiddleware",
        "giropops.middleware.rate_limit.RateLimitMiddleware",
        "giropops.middleware.cross_origin.CrossOriginMiddleware",
        "giropops.middleware.api_tokens.ApiTokenMiddleware",
        "giropops.middleware.signed_in.SignedInMiddleware",
    ),
    "SIGNED_IN_MIDDLEWARE": (
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "giropops.middleware.remote_user.RemoteUserMiddleware",
        "giropops.middleware.rate_limit.UserRateLimitMiddleware",
        "django_otp.middleware.OTPMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "axes.middleware.AxesMiddleware",
    ),
}


@checks.register(TAG)
def middleware_is_complete(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """Without one of them, sign-in fails, or other sites can send forms."""
    for setting, required in _REQUIRED_MIDDLEWARE.items():
        if tuple(path for path in getattr(settings, setting) if path in required) != required:
            message = f"{setting} must hold, in this order: {', '.join(required)}"
            yield checks.Error(message, id="giropops.E004")


@checks.register(TAG)
def recents_are_shared_by_all_workers(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """Recents in memory belong to one process: several workers would show different lists."""
    if not uses_redis() and settings.WEB_CONCURRENCY != 1:
        yield checks.Error(
            "WEB_CONCURRENCY takes 1 while recents are kept in memory: set REDIS_URL or REDIS_HOST"
            " to serve with several workers",
            id="giropops.E001",
        )


@checks.register(TAG, deploy=True)
def recents_are_private(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """A shared list shows all secrets to all visitors."""
    if settings.RECENTS_SCOPE != "owner":
        yield checks.Warning(
            "RECENTS_SCOPE=shared shows everybody's recent secrets to everybody",
            hint="Leave it out, unless this is a classroom that wants to see just that.",
            id="giropops.W001",
        )


@checks.register(TAG)
def recents_keys_are_random(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """A typed key can be guessed."""
    if any(len(set(key)) < _MIN_DISTINCT for key in settings.RECENTS_KEYS):
        yield checks.Error(
            f"RECENTS_KEYS holds a key that is not {KEY_BYTES} random bytes:"
            " draw one with `recents new-key`",
            id="giropops.E002",
        )


@checks.register(TAG)
def secret_key_is_random(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """With a guessed key, attackers can sign cookies of any user."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if any(len(set(key)) < _MIN_DISTINCT or "insecure" in key for key in keys):
        yield checks.Error(
            "SECRET_KEY, or one of SECRET_KEY_FALLBACKS, is not random: draw one with"
            " `recents new-key`",
            id="giropops.E003",
        )


@checks.register(TAG)
def own_wordlists_are_valid(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """A bad file would fail the requests that use it. Workers share what is read here."""
    for name in [name for name, entry in wordlists.WORDLISTS.items() if entry.read]:
        try:
            wordlists.load(name)
        except WordlistError as error:
            yield checks.Error(str(error), id="giropops.E005")


@checks.register(TAG, deploy=True)
def keys_are_set(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """Generated keys are known to one server only, and are lost with its data folder."""
    if settings.MADE_KEYS:
        yield checks.Warning(
            f"{' and '.join(settings.MADE_KEYS)} not set: the server makes its own",
            hint="Set both, as all replicas must share them: `recents new-key` draws a key.",
            id="giropops.W005",
        )


@checks.register(TAG, deploy=True)
def secrets_travel_encrypted(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """Over plain HTTP, secrets can be read on the network."""
    if not (settings.HTTPS or _is_loopback(settings.HOST)):
        yield checks.Warning(
            "HTTPS is off, and the app listens to other hosts: secrets travel in plain text",
            hint="Put TLS in front and set HTTPS=true, unless this is a classroom.",
            id="giropops.W002",
        )


@checks.register(TAG, deploy=True)
def the_public_api_requires_tokens(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """Anybody who finds an open API can draw secrets and make links at the server's cost."""
    is_public = not (settings.ONLY_LOCAL_HOSTS or all(map(_is_loopback, settings.ALLOWED_HOSTS)))
    if is_public and not settings.API_REQUIRES_TOKEN:
        yield checks.Warning(
            "The API is open to everybody who reaches a host of ALLOWED_HOSTS",
            hint="Set API_REQUIRES_TOKEN=true and give clients tokens: `tokens create`.",
            id="giropops.W006",
        )


@checks.register(TAG, deploy=True)
def proxies_are_few(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """Whoever has a trusted address, and reaches the port, can be any user."""
    public = [
        net for net in settings.TRUSTED_PROXY_ADDRESSES if net.is_global and net.num_addresses > 1
    ]
    if settings.REMOTE_USER_HEADER and public:
        yield checks.Warning(
            f"TRUSTED_PROXY_ADDRESSES has a public network ({public[0]}): each of its hosts can be"
            " any user",
            hint="Name the address of the proxy alone.",
            id="giropops.W007",
        )


@checks.register(TAG, deploy=True)
def redis_asks_for_a_password(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """Without a password, everybody who can connect to Redis can read and delete its data."""
    if not uses_redis():
        return
    cache = settings.CACHES["recents"]
    location = urlsplit(cache["LOCATION"])
    is_local = location.scheme == "unix" or _is_loopback(location.hostname or "")
    if not (is_local or cache["OPTIONS"]["PASSWORD"]):
        yield checks.Warning(
            "Redis is on another host, and asks for no password",
            hint="Set REDIS_PASSWORD, and requirepass or an ACL in Redis.",
            id="giropops.W003",
        )


@checks.register(TAG, deploy=True)
def history_is_pruned(**_kwargs: Any) -> Iterator[checks.CheckMessage]:
    """Old rows are deleted only if pruning runs."""
    days = settings.HISTORY_RETENTION_DAYS
    try:
        rows = count_older_than(days=days + _GRACE_DAYS)
    except DatabaseError:
        return  # other checks report it
    if rows:
        yield checks.Warning(
            f"{rows} rows of the history are older than HISTORY_RETENTION_DAYS={days}",
            hint="Run `history prune` every day.",
            id="giropops.W004",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
