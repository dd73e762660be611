"""The table of formats: one description for every channel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from passwords.domain import Recipe
from passwords.domain.errors import _
from passwords.domain.randomness import RandomBytes
from passwords.formats import env, files, kubernetes
from passwords.formats.document import Document
from passwords.formats.fields import Field

Write = Callable[[str, Mapping[str, Any], RandomBytes], Document]
Check = Callable[[Recipe, Mapping[str, Any]], None]


def _takes_all(_recipe: Recipe, _options: Mapping[str, Any]) -> None:
    """Let a format take the secrets of every recipe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format.

    Attributes:
        name: the name in the API and on the command line.
        label: the label on the screen, in English; channels translate it.
        fields: what is given beside the secret.
        write: write a secret with the values of the fields.
        check: refuse recipes whose secrets cannot be written.
        is_one_way: whether the secret cannot be read from the document.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    write: Write
    check: Check = _takes_all
    is_one_way: bool = False


# RFC 1123, section 2.1, as Kubernetes reads it: a subdomain is labels with dots between them.
_RFC_1123_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"

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
        Field(
            name="user", label=_("User"), sample="ana",
            help="User to write beside the password; the type is then kubernetes.io/basic-auth.",
        ),
        Field(
            name="immutable", label=_("Immutable"), type="flag", default=False,
            help="Let Kubernetes refuse changes of the Secret.",
        ),
    ),
    write=kubernetes.write,
    check=kubernetes.check,
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

FORMATS: Final[dict[str, Format]] = {
    found.name: found for found in (_ENV, _KUBERNETES, _DOCKER_SECRET, _TFVARS)
}
"""Every format, by name."""
