"""A Kubernetes Secret in YAML, with its values in base64 (RFC 4648, section 4)."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from passwords.domain import Recipe
from passwords.domain.errors import NotBesideError
from passwords.domain.randomness import RandomBytes
from passwords.formats.document import Document

# YAML 1.1, which kubectl reads, has numbers such as 1e5 and words such as `no` for false.
_PLAIN: Final = r"[A-Za-z][A-Za-z0-9._/+=-]*"
_WORDS: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# The keys of the type kubernetes.io/basic-auth.
_USER_KEY, _PASSWORD_KEY = "username", "password"


def check(_recipe: Recipe, options: Mapping[str, Any]) -> None:
    """Refuse two values under one key.

    Raises:
        NotBesideError: the key of the secret is that of the user.
    """
    if options["user"] and options["key"] == _USER_KEY:
        raise NotBesideError("user", rule=f"key={_USER_KEY}")


def write(secret: str, options: Mapping[str, Any], _random_bytes: RandomBytes) -> Document:
    """Return the manifest; with a user its type is kubernetes.io/basic-auth if the key fits."""
    return Document(text="\n".join(_lines(secret, options)))


def _lines(secret: str, options: Mapping[str, Any]) -> Iterator[str]:
    user, key = options["user"], options["key"]
    yield "apiVersion: v1"
    yield "kind: Secret"
    yield "metadata:"
    yield f"  name: {_scalar(options['name'])}"
    if options["namespace"]:
        yield f"  namespace: {_scalar(options['namespace'])}"
    basic = user and key == _PASSWORD_KEY
    yield f"type: {'kubernetes.io/basic-auth' if basic else 'Opaque'}"
    if options["immutable"]:
        yield "immutable: true"
    yield "data:"
    if user:
        yield f"  {_USER_KEY}: {_scalar(_encoded(user))}"
    yield f"  {_scalar(key)}: {_scalar(_encoded(secret))}"


def _encoded(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def _scalar(text: str) -> str:
    """Return *text* as a string in YAML, in double quotes where it could be something else."""
    is_plain = re.fullmatch(_PLAIN, text) and text.lower() not in _WORDS
    return text if is_plain else json.dumps(text)
