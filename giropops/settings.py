"""The settings, all from environment variables, with types and without default secrets.

README.md lists the variables; a test compares the two.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

from giropops import __version__
from giropops.conf import environment, folders, keys, stores
from giropops.monitoring import logs

BASE_DIR: Final = Path(__file__).resolve().parent.parent
_env = environment.load()
ENVIRONMENT_NAMES = _env.names
_made = keys.read()

# --- Keys, hosts and limits -----------------------------------------------------------------------
DEBUG = _env.flag("DEBUG")
SECRET_KEY = _env.parsed(
    "SECRET_KEY",
    environment.secret_key,
    default=_made.values["SECRET_KEY"],
    takes="at least 32 random characters",
)
# The keys that are not set and were generated, and why they could not be stored, if so.
MADE_KEYS = tuple(name for name in keys.NAMES if not _env.has(name))
MADE_KEYS_PROBLEM = _made.problem if MADE_KEYS else ""
# Sessions and seals that were signed with these earlier keys stay valid.
SECRET_KEY_FALLBACKS = _env.items("SECRET_KEY_FALLBACKS", default="")
ALLOWED_HOSTS = _env.parsed(
    "ALLOWED_HOSTS",
    environment.hosts,
    default="*",
    takes="host names with commas between, no scheme and no port",
)
# HostsMiddleware then refuses names of the public DNS, for which Django has no pattern.
ONLY_LOCAL_HOSTS = not _env.has("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _env.parsed(
    "CSRF_TRUSTED_ORIGINS",
    environment.origins,
    default="",
    takes="origins with their scheme and commas between, such as https://senhas.example.com",
)
URL_PREFIX = _env.parsed(
    "URL_PREFIX", environment.url_prefix, default="", takes="a path such as /giropops-senhas"
)
SITE_URL = _env.parsed(
    "SITE_URL",
    environment.site_url,
    default="",
    takes="an origin with its scheme, such as https://senhas.example.com",
)
HTTPS = _env.flag("HTTPS")
TRUSTED_PROXIES = _env.integer("TRUSTED_PROXIES", default=0, minimum=0, maximum=10)
_TRUSTED_TAKES = (
    "addresses and networks with commas between, such as 10.1.0.0/16, but not all addresses, and no"
    " IPv4 in the form of IPv6"
)
TRUSTED_PROXY_ADDRESSES = _env.parsed(
    "TRUSTED_PROXY_ADDRESSES", environment.networks, default="", takes=_TRUSTED_TAKES
)
API_REQUIRES_TOKEN = _env.flag("API_REQUIRES_TOKEN")
RATE_LIMIT = _env.parsed(
    "RATE_LIMIT", environment.rate, default="off", takes="off, or such as 60/minute"
)

# --- Storage --------------------------------------------------------------------------------------
DATABASES = {
    "default": stores.database(_env, default=f"sqlite:///{folders.DATA / 'giropops.sqlite3'}")
}
_redis_location = stores.redis_location(_env)
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    **({"recents": stores.redis_cache(_redis_location)} if _redis_location else {}),
}
RECENTS_KEYS = _env.parsed(
    "RECENTS_KEYS",
    environment.key_ring,
    default=_made.values["RECENTS_KEYS"],
    takes="one or more keys of 32 random bytes each, in base64url with commas between",
)
RECENTS_LIMIT = _env.integer("RECENTS_LIMIT", default=10, minimum=1, maximum=100)
RECENTS_TTL = _env.integer("RECENTS_TTL", default=86_400, minimum=1, maximum=31 * 86_400)
RECENTS_SCOPE = _env.choice("RECENTS_SCOPE", ("owner", "shared"), default="owner")
HISTORY_STORE_IP = _env.flag("HISTORY_STORE_IP")
HISTORY_RETENTION_DAYS = _env.integer(
    "HISTORY_RETENTION_DAYS", default=365, minimum=1, maximum=36_500
)
SHARES = _env.choice("SHARES", ("everyone", "signed-in", "off"), default="everyone")
SHARES_MAX_DAYS = _env.integer("SHARES_MAX_DAYS", default=30, minimum=1, maximum=365)
SHARES_RECEIPT_DAYS = _env.integer("SHARES_RECEIPT_DAYS", default=30, minimum=1, maximum=365)
AUDIT_CHAIN = _env.flag("AUDIT_CHAIN", default=True)
WORDLISTS_DIR = _env.text("WORDLISTS_DIR", default="", takes="the path of a folder")

# --- Serving (server/gunicorn_conf.py) ------------------------------------------------------------
HOST = _env.text("HOST", default="127.0.0.1", takes="an address to listen on")
PORT = _env.integer("PORT", default=5000, minimum=1, maximum=65_535)
# Recents in memory are visible in one process only, so several workers need Redis.
WEB_CONCURRENCY = _env.integer(
    "WEB_CONCURRENCY", default=2 if _redis_location else 1, minimum=1, maximum=64
)

# The first admin account, created at the start if there is none.
ADMIN_USER = _env.text("ADMIN_USER", default="", takes="a user name")
ADMIN_PASSWORD = _env.text("ADMIN_PASSWORD", default="", takes="a password")

# --- Sign-in --------------------------------------------------------------------------------------
REMOTE_USER_HEADER, REMOTE_GROUPS_HEADER = (
    _env.parsed(
        name, environment.header_name, default="", takes="a header, such as X-Forwarded-User"
    )
    for name in ("REMOTE_USER_HEADER", "REMOTE_GROUPS_HEADER")
)
REMOTE_STAFF_GROUPS = _env.items("REMOTE_STAFF_GROUPS", default="gestores,operadores")
REMOTE_SIGN_OUT_PATH = _env.parsed(
    "REMOTE_SIGN_OUT_PATH",
    environment.local_path,
    default="",
    takes="a path of the proxy, such as /oauth2/sign_out",
)
PASSWORD_SIGN_IN = _env.flag("PASSWORD_SIGN_IN", default=True)
if REMOTE_USER_HEADER and not TRUSTED_PROXY_ADDRESSES:
    # Otherwise whoever reaches the port could be any user.
    raise environment.EnvironmentVariableError(
        "TRUSTED_PROXY_ADDRESSES", f"{_TRUSTED_TAKES}, for REMOTE_USER_HEADER", missing=True
    )
if not REMOTE_USER_HEADER and (REMOTE_GROUPS_HEADER or not PASSWORD_SIGN_IN):
    other = "REMOTE_GROUPS_HEADER" if REMOTE_GROUPS_HEADER else "PASSWORD_SIGN_IN=false"
    raise environment.EnvironmentVariableError(
        "REMOTE_USER_HEADER", f"a header, such as X-Forwarded-User, for {other}", missing=True
    )

# --- Monitoring (monitoring/) ---------------------------------------------------------------------
READINESS_REQUIRES = _env.parsed(
    "READINESS_REQUIRES",
    environment.store_names,
    default="nothing",
    takes="database, redis, both with a comma between, or nothing",
)
METRICS_TOKEN = _env.text("METRICS_TOKEN", default="", takes="a token")
METRICS_PORT = _env.parsed(
    "METRICS_PORT",
    environment.another_port(PORT),
    default="0",
    takes=f"a port from 0 to 65535, but not {PORT}, that of PORT",
)
PROMETHEUS_MULTIPROC_DIR = _env.text(
    "PROMETHEUS_MULTIPROC_DIR", default="", takes="the path of a folder"
)

# --- Django ---------------------------------------------------------------------------------------
ROOT_URLCONF = "giropops.urls"
WSGI_APPLICATION = "giropops.wsgi.application"
INSTALLED_APPS = [
    # Before auth: it replaces createsuperuser. Before the admin: it replaces some translations.
    "passwords.apps.PasswordsConfig",
    "passwords.apps.GiropopsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "simple_history",
]
# For every request. LanguageMiddleware and CommonMiddleware come before all middleware that may
# answer instead of a view: such answers need the language and a Content-Length too.
MIDDLEWARE = [
    "giropops.middleware.trusted_proxies.TrustedProxiesMiddleware",
    "giropops.middleware.security_headers.HeadersMiddleware",
    "giropops.monitoring.endpoints.OperationsMiddleware",
    "giropops.monitoring.requests.RequestsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "giropops.middleware.hosts.HostsMiddleware",
    "giropops.middleware.https_redirect.HttpsRedirectMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "giropops.middleware.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "giropops.middleware.body_limit.BodyLimitMiddleware",
    "giropops.middleware.rate_limit.RateLimitMiddleware",
    "giropops.middleware.cross_origin.CrossOriginMiddleware",
    "giropops.middleware.api_tokens.ApiTokenMiddleware",
    "giropops.middleware.signed_in.SignedInMiddleware",
]
# Only for the admin, and for requests with a session cookie or a user whom a proxy names:
# SignedInMiddleware applies it.
SIGNED_IN_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "giropops.middleware.remote_user.RemoteUserMiddleware",
    "giropops.middleware.rate_limit.UserRateLimitMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [folders.TEMPLATES],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
AUTHENTICATION_BACKENDS = [
    # Before axes, which counts failed sign-ins: a proxy's user has none.
    *(["passwords.accounts.remote_users.ProxyBackend"] if REMOTE_USER_HEADER else []),
    "axes.backends.AxesStandaloneBackend",
    *(["django.contrib.auth.backends.ModelBackend"] if PASSWORD_SIGN_IN else []),
]
LOGOUT_REDIRECT_URL = REMOTE_SIGN_OUT_PATH or None
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        # NIST SP 800-63B-4, 3.1.1.2: 15 characters where the password is the only factor.
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", "Português"), ("en", "English"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = "giropops_language"
LANGUAGE_COOKIE_AGE = 365 * 86_400
TIME_ZONE = "UTC"

# `manage.py generate` does not load the apps, in which Django otherwise finds translations.
LOCALE_PATHS = [BASE_DIR / "passwords" / "locale"]


STATIC_URL = f"{URL_PREFIX}/static/"
# An installed app collects them at the first start of each version.
STATIC_ROOT = folders.DATA / (f"static-{__version__}" if folders.IS_INSTALLED else "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "giropops.static_files.StaticFilesStorage"},
}


# --- Security -------------------------------------------------------------------------------------
COOKIE_PATH = f"{URL_PREFIX}/"
FORCE_SCRIPT_NAME = URL_PREFIX or None
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = COOKIE_PATH
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "giropops_session"
CSRF_COOKIE_NAME = "giropops_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "passwords.problems.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# Browsers send no address of this app to other sites. Not "no-referrer": with it they send forms
# with "Origin: null" (Fetch standard, "append a request Origin header"), which both
# CrossOriginMiddleware and Django's CSRF check refuse.
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = [
    # The app does not know whether other subdomains use HTTPS.
    *("security.W005", "security.W021"),
    # HttpsRedirectMiddleware redirects to HTTPS, HeadersMiddleware sends X-Frame-Options.
    *("security.W008", "security.W002"),
    # They look for middleware only in MIDDLEWARE; giropops.E004 also in SIGNED_IN_MIDDLEWARE.
    *("admin.E408", "admin.E409", "admin.E410", "security.W003", "axes.W002"),
]
# Five wrong passwords for an account from one address: both are locked out for 15 minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "passwords.client_address.counted_address"
AXES_USERNAME_CALLABLE = "passwords.accounts.sign_in.name_of_tried"
AXES_LOCKOUT_CALLABLE = "passwords.accounts.sign_in.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code", "csrfmiddlewaretoken", "ip_address"]
# The audit records sign-ins and shows them in the admin.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Giropops Senhas"
# The largest request body, in bytes, on every channel.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
# Error reports without local variables and form values: both may be secrets.
DEFAULT_EXCEPTION_REPORTER_FILTER = "giropops.monitoring.error_reports.SilentReporterFilter"
DEFAULT_EXCEPTION_REPORTER = "giropops.monitoring.error_reports.SilentReporter"

LOGGING = logs.describe(
    fmt=_env.choice("LOG_FORMAT", ("auto", "json", "text"), default="auto"),
    requests=_env.flag("LOG_REQUESTS", default=True),
)

if _misspelt := _env.misspelt():
    raise ImproperlyConfigured("{} is not a setting: did you mean {}?".format(*_misspelt))
