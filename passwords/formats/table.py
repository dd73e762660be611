"""The table of formats: one description for every channel."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from passwords.domain import Recipe
from passwords.domain.errors import _
from passwords.domain.randomness import RandomBytes
from passwords.formats import env, files, kubernetes, otpauth, sha_crypt, verifiers, wifi
from passwords.formats.document import Document
from passwords.formats.fields import Field

Write = Callable[[str, Mapping[str, Any], RandomBytes], Document]
Check = Callable[[Recipe, Mapping[str, Any]], None]


def _takes_all(_recipe: Recipe, _options: Mapping[str, Any]) -> None:
    """Let a format take the secrets of every recipe."""


def _suits_all(_encoding: str) -> bool:
    """Offer a format for every secret."""
    return True


class Format(NamedTuple):
    """One format.

    Attributes:
        name: the name in the API and on the command line.
        label: the label on the screen, in English; channels translate it.
        fields: what is given beside the secret.
        write: write a secret with the values of the fields.
        check: refuse recipes whose secrets cannot be written.
        suits: whether to offer the format for a drawn secret; it gets the encoding of a token, and
            an empty text for other kinds.
        is_one_way: whether the secret cannot be read from the document.
        separator: what stands between two documents in one file.
        end: what stands at the end of that file.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    write: Write
    check: Check = _takes_all
    suits: Callable[[str], bool] = _suits_all
    is_one_way: bool = False
    separator: str = "\n"
    end: str = "\n"


# RFC 1123, section 2.1, as Kubernetes reads it: a subdomain is labels with dots between them.
_RFC_1123_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"

# A tenth of a second for the longest secret.
_MAX_ROUNDS: Final = 50_000

_USER: Final = Field(name="user", label=_("User"), help="User.", sample="ana")

_ENV: Final = Format(
    name="env",
    label=_("Line of an .env file"),
    fields=(
        Field(
            name="name", label=_("Name of the variable"), help="Name of the variable.",
            is_required=True, pattern="^[A-Za-z_][A-Za-z0-9_]*$", sample="DB_PASSWORD",
        ),
    ),
    write=env.write,
)  # fmt: skip
_KUBERNETES: Final = Format(
    name="kubernetes",
    label=_("Kubernetes Secret"),
    fields=(
        Field(
            name="name", label=_("Name of the Secret"), help="Name of the Secret.",
            is_required=True, sample="db",
            pattern=rf"^{_RFC_1123_LABEL}(\.{_RFC_1123_LABEL})*$",
        ),
        Field(
            name="key", label=_("Key in the Secret"), help="Key of the secret in the Secret.",
            default="password", pattern=r"^\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$", sample="password",
        ),
        Field(
            name="namespace", label=_("Namespace"), help="Namespace of the Secret.",
            pattern=f"^{_RFC_1123_LABEL}$", max_length=63, sample="default",
        ),
        _USER._replace(
            help="User to write beside the password; the type is then kubernetes.io/basic-auth.",
        ),
        Field(
            name="immutable", label=_("Immutable"), type="flag", default=False,
            help="Let Kubernetes refuse changes of the Secret.",
        ),
    ),
    write=kubernetes.write,
    check=kubernetes.check,
    separator="\n---\n",
)  # fmt: skip
_DOCKER_SECRET: Final = Format(
    name="docker-secret",
    label=_("Docker secret"),
    fields=(
        Field(
            name="name", label=_("Name of the secret"), default="password", sample="db_password",
            help="Name of the secret, for the command that creates it.", max_length=64,
            pattern="^[a-zA-Z0-9]([-_.a-zA-Z0-9]*[a-zA-Z0-9])?$",
        ),
    ),
    write=files.write_docker_secret,
    end="",
)  # fmt: skip
_TFVARS: Final = Format(
    name="tfvars",
    label=_("Terraform variable (tfvars)"),
    fields=(
        Field(
            name="name", label=_("Name of the variable"), help="Name of the variable.",
            is_required=True, pattern="^[A-Za-z_][A-Za-z0-9_-]*$", sample="db_password",
        ),
    ),
    write=files.write_tfvars,
)  # fmt: skip

_HTPASSWD: Final = Format(
    name="htpasswd",
    label=_("htpasswd line (bcrypt)"),
    fields=(
        _USER._replace(is_required=True, pattern="^[A-Za-z0-9_.@+-]+$"),
        Field(
            name="cost", label=_("Cost"), type="integer", default=10, minimum=5, maximum=12,
            help="Rounds of bcrypt, as a power of 2.",
        ),
        Field(
            name="compose", label=_("For a Compose file"), type="flag", default=False,
            help="Double each $, as Compose files need.",
        ),
    ),
    write=verifiers.write_htpasswd,
    check=verifiers.check_htpasswd,
    suits=verifiers.has_bcrypt,
    is_one_way=True,
)  # fmt: skip
_SHADOW: Final = Format(
    name="shadow",
    label=_("Linux password hash (shadow)"),
    fields=(
        _USER._replace(
            pattern=r"^[a-z_][a-z0-9_-]*\$?$", max_length=32,
            help="User; the text is then a line for chpasswd -e.",
        ),
        Field(
            name="rounds", label=_("Rounds"), type="integer", default=sha_crypt.DEFAULT_ROUNDS,
            minimum=sha_crypt.MIN_ROUNDS, maximum=_MAX_ROUNDS, help="Rounds of SHA-512.",
        ),
    ),
    write=verifiers.write_shadow,
    check=verifiers.check_sha_crypt,
    is_one_way=True,
)  # fmt: skip
_POSTGRES: Final = Format(
    name="postgres-scram",
    label=_("PostgreSQL password (SCRAM)"),
    fields=(
        _USER._replace(
            max_length=63, pattern="^[ -~]+$",
            help="Role; the text is then the statement that sets its password.",
        ),
    ),
    write=verifiers.write_postgres,
    is_one_way=True,
)  # fmt: skip
_MYSQL: Final = Format(
    name="mysql",
    label=_("MySQL 8 password (caching_sha2)"),
    fields=(
        _USER._replace(
            pattern="^[A-Za-z0-9_.-]+$", max_length=32,
            help="User; the text is then the statement that sets the password.",
        ),
    ),
    write=verifiers.write_mysql,
    check=verifiers.check_sha_crypt,
    is_one_way=True,
)  # fmt: skip
_ARGON2ID: Final = Format(
    name="argon2id",
    label=_("Argon2id hash (PHC)"),
    fields=(),
    write=verifiers.write_argon2id,
    is_one_way=True,
)
_WIFI: Final = Format(
    name="wifi",
    label=_("Wi-Fi QR code"),
    fields=(
        Field(
            name="network", label=_("Name of the network"), help="Name of the network (SSID).",
            is_required=True, max_length=wifi.MAX_NAME_BYTES, max_bytes=wifi.MAX_NAME_BYTES,
            sample="Casa",
        ),
        Field(
            name="security", label=_("Security"), type="choice", default="WPA",
            choices=(("WPA", _("WPA2 and WPA3")), ("SAE", _("WPA3 alone (not for iPhones)"))),
            help="SAE is WPA3 alone, which iPhones do not read.",
        ),
        Field(
            name="hidden", label=_("Hidden network"), type="flag", default=False,
            help="The network does not show its name.",
        ),
    ),
    write=wifi.write,
    check=wifi.check,
)  # fmt: skip
_OTPAUTH: Final = Format(
    name="otpauth",
    label=_("Authenticator app (otpauth)"),
    fields=(
        Field(
            name="issuer", label=_("Service"), help="Service whose codes these are.",
            is_required=True, pattern="^[^:]+$", max_length=64, sample="Giropops",
        ),
        Field(
            name="account", label=_("Account"), help="Account at the service.",
            is_required=True, pattern="^[^:]+$", max_length=128, sample="ana@example.com",
        ),
    ),
    write=otpauth.write,
    check=otpauth.check,
    suits=otpauth.suits,
)  # fmt: skip

FORMATS: Final[dict[str, Format]] = {
    found.name: found
    for found in (
        *(_ENV, _KUBERNETES, _DOCKER_SECRET, _TFVARS),
        *(_HTPASSWD, _SHADOW, _POSTGRES, _MYSQL, _ARGON2ID),
        *(_WIFI, _OTPAUTH),
    )
}
"""Every format, by name."""
