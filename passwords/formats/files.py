"""Docker secrets and variables of Terraform."""

import re
from collections.abc import Mapping
from typing import Any, Final

from passwords.domain.errors import _
from passwords.domain.randomness import RandomBytes
from passwords.formats.document import Document

# HCL native syntax specification, "Template Expressions": templates begin with ${ and %{.
_HCL_SPECIAL: Final = r'(["\\])|(\n)|([$%])(?=\{)'

CREATE_SECRET: Final = _(
    "Without a newline at its end, give it to `docker secret create %(name)s -`."
)
# OpenSSH refuses a private key without a newline at its end.
CREATE_SECRET_OF_FILE: Final = _(
    "With the newline at its end, give it to `docker secret create %(name)s -`."
)


def write_docker_secret(
    secret: str, options: Mapping[str, Any], _random_bytes: RandomBytes
) -> Document:
    """Return the content of a Docker secret: the secret itself."""
    note = CREATE_SECRET_OF_FILE if secret.endswith("\n") else CREATE_SECRET
    return Document(text=secret, note=note, note_params={"name": options["name"]})


def write_tfvars(secret: str, options: Mapping[str, Any], _random_bytes: RandomBytes) -> Document:
    """Return the line ``name = "value"`` of a ``.tfvars`` file."""
    escaped = re.sub(_HCL_SPECIAL, _escape, secret)
    return Document(text=f'{options["name"]} = "{escaped}"')


def _escape(match: re.Match[str]) -> str:
    quoted, newline, opening = match.groups()
    if quoted:
        return f"\\{quoted}"
    return r"\n" if newline else opening * 2
