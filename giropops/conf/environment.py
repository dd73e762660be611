"""Read typed values from environment variables; a bad value is one line, not a traceback.

If ``NAME`` is not set, the value is read from the file that ``NAME_FILE`` names: Docker and
Kubernetes mount secrets as files. No message quotes a value, since it may be a secret.
"""

import base64
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from giropops.conf import folders

T = TypeVar("T")

# The key size of XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, section 2.3).
KEY_BYTES: Final = 32

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})
_DOTENV_LINE: Final = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*", re.ASCII)
_HOST: Final = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")
# What Kubernetes sets as NAME_PORT for each Service.
_SERVICE_PORT: Final = re.compile(r"(tcp|udp|sctp)://", re.ASCII)
_LAST_PORT: Final = 65_535
_KEY_CHARACTERS: Final = 32
_RATE: Final = re.compile(r"(\d{1,6})/(second|minute|hour)", re.ASCII)
_PERIODS: Final = {"second": 1, "minute": 60, "hour": 3600}
# The similarity (difflib's ratio) of two names that differ in one or two letters.
_NEARLY: Final = 0.9


class EnvironmentVariableError(ImproperlyConfigured):
    """A variable is missing or has a bad value."""

    def __init__(self, name: str, takes: str, *, missing: bool = False) -> None:
        super().__init__(
            f"{name} is not set: it takes {takes}" if missing else f"{name} takes {takes}"
        )
        self.name = name


class Environment:
    """Reads variables from the first layer with ``NAME`` or ``NAME_FILE``; collects the names."""

    def __init__(self, *layers: Mapping[str, str]) -> None:
        self._layers = layers
        self.names: set[str] = set()

    def has(self, name: str) -> bool:
        """Return whether *name* has a value."""
        return bool(self._find(name))

    def misspelt(self) -> tuple[str, str] | None:
        """Return an unknown name that is similar to a known one, and the known one.

        What Kubernetes sets for a Service (``REDIS_2_PORT=tcp://…``) is not a misspelt name.
        """
        plain = {_plain(known): known for known in self.names}
        files = {f"{known}_FILE" for known in self.names}
        given = {
            name
            for layer in self._layers
            for name, value in layer.items()
            if not _SERVICE_PORT.match(value)
        }
        for name in sorted(given - self.names - files):
            near = get_close_matches(name, self.names, n=1, cutoff=_NEARLY)
            if meant := plain.get(_plain(name)) or (near and near[0]):
                return name, meant
        return None

    def text(self, name: str, *, default: str | None = None, takes: str = "text") -> str:
        """Return the value without surrounding white space; an empty value counts as not set.

        Raises:
            EnvironmentVariableError: it is not set and has no default, or its file cannot be read.
        """
        value = self._find(name)
        if value:
            return value
        if default is None:
            raise EnvironmentVariableError(name, takes, missing=True)
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean."""
        takes = "true or false"
        value = self.text(name, default=str(default), takes=takes).lower()
        if value not in _TRUE | _FALSE:
            raise EnvironmentVariableError(name, takes)
        return value in _TRUE

    def integer(self, name: str, *, default: int, minimum: int, maximum: int) -> int:
        """Return a whole number in ``minimum``..``maximum``."""
        takes = f"a whole number from {minimum} to {maximum}"
        value = self.parsed(name, int, default=str(default), takes=takes)
        if not minimum <= value <= maximum:
            raise EnvironmentVariableError(name, takes)
        return value

    def choice(self, name: str, choices: Sequence[str], *, default: str) -> str:
        """Return one of *choices*."""
        takes = "one of: " + ", ".join(choices)
        value = self.text(name, default=default, takes=takes)
        if value not in choices:
            raise EnvironmentVariableError(name, takes)
        return value

    def items(self, name: str, *, default: str = "") -> list[str]:
        """Return the parts of a comma-separated list."""
        return split_list(self.text(name, default=default, takes="a list with commas between"))

    def parsed(
        self, name: str, parse: Callable[[str], T], *, default: str | None = None, takes: str
    ) -> T:
        """Return the value that *parse* returns; a ``ValueError`` means a bad value."""
        value = self.text(name, default=default, takes=takes)
        try:
            return parse(value)
        except ValueError:
            raise EnvironmentVariableError(name, takes) from None

    def _find(self, name: str) -> str | None:
        self.names.add(name)
        for layer in self._layers:
            if (value := layer.get(name)) is not None:
                return value.strip()
            if path := layer.get(f"{name}_FILE"):
                return _read_value(name, Path(path))
        return None


def _read_value(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise EnvironmentVariableError(f"{name}_FILE", "the path of a readable text file") from None


def _plain(name: str) -> str:
    return name.replace("_", "").upper()


def split_list(value: str) -> list[str]:
    """Return the non-empty parts of a comma-separated list."""
    return [item for part in value.split(",") if (item := part.strip())]


def secret_key(value: str) -> str:
    """Parse a text of at least 32 characters."""
    if len(value) < _KEY_CHARACTERS:
        raise ValueError(len(value))
    return value


def store_names(value: str) -> frozenset[str]:
    """Parse a list of "database" and "redis", or the word "nothing"."""
    found = frozenset() if value == "nothing" else frozenset(split_list(value))
    if not found <= {"database", "redis"}:
        raise ValueError(len(found))
    return found


def port(value: str) -> int:
    """Parse a port; for a Service, Kubernetes sets ``REDIS_PORT=tcp://10.0.0.1:6379``."""
    found = urlsplit(value).port if value.startswith("tcp://") else int(value)
    if found is None or not 1 <= found <= _LAST_PORT:
        raise ValueError(value)
    return found


def another_port(first: int) -> Callable[[str], int]:
    """Return a parser of a second port to listen on; 0 means no port.

    So does the value that Kubernetes sets for a Service of that name (``METRICS_PORT=tcp://…``).
    """

    def parse(value: str) -> int:
        second = 0 if value == "0" or value.startswith("tcp://") else port(value)
        if second == first:
            raise ValueError(value)
        return second

    return parse


def hosts(value: str) -> list[str]:
    """Parse the patterns of Django's ALLOWED_HOSTS; an IPv6 address may lack its brackets."""
    found = [_bracketed(host) for host in split_list(value)]
    if not all(_HOST.fullmatch(host) for host in found):
        raise ValueError(len(found))
    return found


def _bracketed(host: str) -> str:
    try:
        return f"[{IPv6Address(host.strip('[]'))}]"
    except ValueError:
        return host


def origins(value: str) -> list[str]:
    """Parse origins, each with its scheme (RFC 6454)."""
    found = split_list(value)
    if not all(re.fullmatch(r"https?://[^/\s]+", origin) for origin in found):
        raise ValueError(len(found))
    return found


def networks(value: str) -> list[IPv4Network | IPv6Network]:
    """Parse addresses and networks (RFC 4632), but not the network of all addresses.

    IPv4 in the form of IPv6 (RFC 4291, 2.5.5.2) is refused: peers are compared in the form of IPv4.
    """
    found = [ip_network(text) for text in split_list(value)]
    if any(network.prefixlen == 0 or _is_mapped(network) for network in found):
        raise ValueError(len(found))
    return found


def _is_mapped(network: IPv4Network | IPv6Network) -> bool:
    return isinstance(network, IPv6Network) and network.network_address.ipv4_mapped is not None


def header_name(value: str) -> str:
    """Parse the name of a header, or an empty text; gunicorn drops names with an underscore."""
    if value and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", value, re.ASCII):
        raise ValueError(value)
    return value


def local_path(value: str) -> str:
    """Parse a path of this host, also with a query, or an empty text."""
    if value and not re.fullmatch(r"/(?![/\\])[!-~]*", value):
        raise ValueError(value)
    return value


def site_url(value: str) -> str:
    """Parse an origin, or an empty text for none."""
    found = origins(value.rstrip("/"))
    if len(found) > 1:
        raise ValueError(len(found))
    return "".join(found)


def url_prefix(value: str) -> str:
    """Parse a path prefix: empty, or with a slash at the start and none at the end."""
    prefix = value.rstrip("/")
    if prefix and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", prefix):
        raise ValueError(prefix)
    return prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most *count* requests in each window of *seconds*."""

    count: int
    seconds: int


def rate(value: str) -> Rate | None:
    """Parse a rate such as ``60/minute``; ``off`` means no limit."""
    if value == "off":
        return None
    found = _RATE.fullmatch(value)
    if not found or not int(found[1]):
        raise ValueError(value)
    return Rate(count=int(found[1]), seconds=_PERIODS[found[2]])


def key_ring(value: str) -> list[bytes]:
    """Parse 32-byte keys in base64url (RFC 4648, section 5), with or without padding."""
    keys = [
        base64.b64decode(key + "=" * (-len(key) % 4), b"-_", validate=True)
        for key in split_list(value)
    ]
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError(len(keys))
    return keys


def read_dotenv(path: Path) -> dict[str, str]:
    """Return the ``NAME=value`` lines of *path*; ``export`` before a name is ignored.

    Raises:
        OSError, ImproperlyConfigured: the file cannot be read, or has another kind of line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{path} is not UTF-8: save it as UTF-8") from None
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts = _DOTENV_LINE.fullmatch(line)
        if parts is None:
            raise ImproperlyConfigured(f"{path}, line {number}: write it as NAME=value")
        found[parts[1]] = parts[2].strip("'\"")
    return found


def load(dotenv: Path = folders.DOTENV) -> Environment:
    """Return the process's environment, then the lines of *dotenv*, if that file exists.

    ``DOTENV`` names another file, which must exist; ``DOTENV=`` (empty) means no file.
    """
    chosen = os.environ.get("DOTENV")
    if chosen == "" or (not chosen and not dotenv.is_file()):
        return Environment(os.environ)
    try:
        return Environment(os.environ, read_dotenv(Path(chosen) if chosen else dotenv))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise ImproperlyConfigured(
            f"DOTENV: {chosen or dotenv} cannot be read ({reason})"
        ) from None
