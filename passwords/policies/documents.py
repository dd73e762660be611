"""Parse an untrusted JSON or YAML document, with limits on size, depth and number of values."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO, Final

import yaml
from django.utils.translation import gettext

# The limit of a request body: the admin and the command accept the same files.
MAX_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 8
MAX_VALUES: Final = 10_000
_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_MERGE_TAG: Final = "tag:yaml.org,2002:merge"


Path = Sequence[str | int]
"""The way to a value in a document: names of members, and indexes of lists."""


class PolicyFileError(ValueError):
    """The document cannot be imported; the message says where and why."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A document to import.

    Attributes:
        text: the document.
        name: of the policy, for formats that have none.
    """

    text: str
    name: str = ""

    @cached_property
    def values(self) -> object:
        """The values in a JSON or YAML document; PolicyFileError if it is neither."""
        return parse(self.text)


class _PlainLoader(yaml.SafeLoader):
    """Load YAML without aliases, anchors, tags, merge keys and repeated names.

    A short document with aliases or merge keys can expand to gigabytes of values. Exports have
    none of them. The limits are checked while the document is read.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._values = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Return the next value; PolicyFileError if it is not plain, or exceeds a limit."""
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it untyped
        self._depth += 1
        self._values += 1
        if self._depth > MAX_DEPTH or self._values > MAX_VALUES:
            raise at_line(event.start_mark.line, gettext("The document has too many values."))
        if isinstance(event, yaml.AliasEvent) or event.anchor or event.tag:
            raise _not_plain(event.start_mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        if isinstance(node, yaml.MappingNode):
            _require_names([key for key, _value in node.value])
        return node


def read(stream: BinaryIO) -> str:
    """Return the text in *stream*; PolicyFileError if it is too large, or not UTF-8."""
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        message = gettext("The file is too large: %(size)d KiB are allowed.")
        raise PolicyFileError(message % {"size": MAX_BYTES // 1024})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyFileError(gettext("The file is not UTF-8 text.")) from None


def parse(text: str) -> object:
    """Return the values in a JSON or YAML document; PolicyFileError if it is neither."""
    try:
        return json.loads(text, object_pairs_hook=_members, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        pass  # it may be YAML; if not, the YAML parser reports the line of the error
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506  # a SafeLoader
    except PolicyFileError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise _unreadable(error, text) from None


def line_at(text: str, path: Path) -> int | None:
    """Return the line, from 0, of the value at *path*, or of the last value on the way to it.

    For JSON that the YAML parser cannot read, it is ``None``.
    """
    node = _nodes(text)
    line: int | None = None
    for step in path:
        found = _child(node, step)
        if found is None:
            break
        line, node = found
    return line


def _child(node: Any, step: str | int) -> tuple[int, Any] | None:
    """Return the line of a value in *node*, and the value."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        child = node.value[step]
        return child.start_mark.line, child
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line, value
    return None


def _nodes(text: str) -> Any:
    """Return the document as nodes with their lines; ``None`` if the YAML parser cannot read it."""
    try:
        # JSON may be indented with tabs, YAML may not.
        return yaml.compose(text.replace("\t", " "), Loader=_PlainLoader)
    except (yaml.YAMLError, ValueError):
        return None


def at_line(line: int | None, message: str) -> PolicyFileError:
    """Return the error with *message* and, if known, the *line*, counted from 0."""
    if line is None:
        return PolicyFileError(message)
    sentence = gettext("Line %(line)d: %(message)s")
    return PolicyFileError(sentence % {"line": line + 1, "message": message})


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError
    return members


def _refuse_constant(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity are not JSON (RFC 8259, section 6)


def _require_names(keys: list[yaml.Node]) -> None:
    seen = set()
    for key in keys:
        if key.tag == _MERGE_TAG:
            raise _not_plain(key.start_mark)
        if key.tag != _TEXT_TAG or key.value in seen:
            message = gettext("Each name must be text and must appear only once.")
            raise at_line(key.start_mark.line, message)
        seen.add(key.value)


def _not_plain(mark: yaml.Mark) -> PolicyFileError:
    message = gettext("Aliases, anchors, tags and merge keys of YAML are not allowed.")
    return at_line(mark.line, message)


def _unreadable(error: Exception, text: str) -> PolicyFileError:
    """Return the error with the line that the YAML parser reports."""
    line = None
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        line = error.problem_mark.line
    elif isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position)
    return at_line(line, gettext("The document is neither JSON nor YAML."))
